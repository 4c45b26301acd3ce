"""What examinations found in the files of a case, in plain words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bixie.access.call import Call
from bixie.examinations.reading import read_part, with_id
from bixie.kit.errors import BixieError
from bixie.kit.messages import catalogue
from bixie.report.comparison_gap import comparison_gap

__all__ = ["Examined", "examined_files"]

_GRADES = ("conclusive", "statistical", "informative")
_DECIDED = frozenset({"refuted", "suspect", "supported"})


@dataclass(frozen=True, slots=True)
class _Known:
    """A known picture of a document."""

    error: object | None


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in one file.

    Parameters
    ----------
    report : str
    verdict : str
    headline : dict of str to str
        In plain words, in both languages.
    findings : list of dict
        The most telling one first: ``text``, ``limits``, ``grade``.
    unclear : list of dict
        Why an examiner could not tell, in both languages.
    regions : list
        Outlines of what was found, in the file's own pixels.
    width, height : int or None
    known : str or None
        Id of the picture on record that it was found to come from.
    """

    report: str
    verdict: str
    headline: Mapping[str, str]
    findings: list[Mapping[str, Any]] = field(default_factory=list)
    unclear: list[Mapping[str, str]] = field(default_factory=list)
    regions: list[Any] = field(default_factory=list)
    width: int | None = None
    height: int | None = None
    known: str | None = None


def examined_files(call: Call, reports: Iterable[str]) -> dict[str, Examined]:
    """Return what was found, by exhibit; an erased report says nothing. The ledger records the access.

    Parameters
    ----------
    call : Call
        That works inside the case.
    reports : iterable of str
        The newest of each file.
    """
    found: dict[str, Examined] = {}
    for report in dict.fromkeys(reports):
        try:
            made = with_id(call.store, call.principal, report)
            part = read_part(call.store, call.principal, call.blobs, made, clock=call.clock)
        except BixieError:
            continue
        document = json.loads(part.data)
        for one in document["exhibits"]:
            found[one["id"]] = _examined(report, one, document.get("known", []))
    return found


def _examined(report: str, one: Mapping[str, Any], known: list[Mapping[str, Any]]) -> Examined:
    findings = sorted(one["findings"], key=lambda each: _rank(each, one["verdict"]))
    outlined = next((each for each in findings if each.get("regions")), None)
    ids = {each["path"]: each.get("id") for each in known}
    return Examined(
        report=report,
        verdict=one["verdict"],
        headline=_headline(one, findings, known),
        findings=[
            {"text": each["explain"], "limits": each["limits"], "grade": each["grade"]} for each in findings
        ],
        unclear=[each["reason"] for each in one.get("not_applicable", ())],
        regions=outlined["regions"] if outlined else [],
        width=one.get("width"),
        height=one.get("height"),
        known=ids.get(outlined.get("known")) if outlined else None,
    )


def _headline(
    one: Mapping[str, Any], findings: list[Mapping[str, Any]], known: list[Mapping[str, Any]]
) -> Mapping[str, str]:
    """Return what the finding says that the verdict rests on; else what the verdict comes to.

    A file that was compared with nothing never reads like one in which nothing was found.
    """
    if one.get("error") is not None:
        return {"zh": one["error"]["zh"], "en": one["error"]["en"]}
    verdict = one["verdict"]
    if verdict in _DECIDED and findings:
        explain: Mapping[str, str] = findings[0]["explain"]
        return explain
    key = f"headline.{verdict}"
    gap = comparison_gap([_Known(each["error"]) for each in known])
    words = catalogue("bixie.report")
    return words.text(f"{key}.{gap}" if verdict == "inconclusive" and gap else key).to_dict()


def _rank(finding: Mapping[str, Any], verdict: str) -> tuple[int, float]:
    """Return where a finding stands: facts first, then by what they weigh in the direction of the verdict."""
    bits = finding.get("strength_bits") or 0.0
    if verdict == "supported":
        bits = -bits
    return _GRADES.index(finding["grade"]), -bits
