"""Renders entries of the catalogue for `bixie law show`: one with text, dates and sources, or the list."""

from datetime import date
from typing import Any

from bixie.kit.messages import Language, Text, catalogue
from bixie.law.entries import Catalogue, Rule, Threshold
from bixie.law.errors import FactsError
from bixie.law.provinces import PROVINCES
from bixie.law.rendering import cite, remarks, sources_of, statute, threshold_document, threshold_text

__all__ = ["entries_document", "entry_document", "entry_lines", "threshold_name"]


def entries_document(law: Catalogue, on: date) -> dict[str, Any]:
    """Return every entry with its citation, and whether it is in force on `on`."""
    entries = [
        {"id": rule.id, "level": rule.level, "in_force": rule.in_force(on), **cite(rule).to_dict()}
        for rule in law.rules.values()
    ]
    entries += [
        {"id": line.id, "level": "threshold", "in_force": line.in_force(on), **threshold_name(line).to_dict()}
        for line in law.thresholds
    ]
    return {"schema": "bixie.law.entries/1", "on": on.isoformat(), "entries": entries}


def entry_document(law: Catalogue, name: str, on: date) -> dict[str, Any]:
    """Return one entry as a document: a rule or a set of thresholds.

    Raises
    ------
    FactsError
        ``rule.unknown``.
    """
    entry = _find(law, name)
    head = {
        "schema": "bixie.law.entry/1",
        "id": entry.id,
        "on": on.isoformat(),
        "in_force": entry.in_force(on),
    }
    common = {"confidence": entry.confidence, "sources": sources_of(entry.sources, law)}
    if isinstance(entry, Threshold):
        span = {"from": _iso(entry.start), "to": _iso(entry.end)}
        name_of = threshold_name(entry).to_dict()
        return {**head, "level": "threshold", "name": name_of, **span, **threshold_document(entry), **common}
    return {
        **head,
        "level": entry.level,
        "law": statute(entry),
        "text": entry.text.to_dict(),
        "note": entry.note and entry.note.to_dict(),
        "unsettled": entry.unsettled and entry.unsettled.to_dict(),
        "see": list(entry.see),
        "binding": entry.binding,
        "assessed": entry.assess is not None,
        **common,
    }


def entry_lines(law: Catalogue, name: str, on: date, language: Language) -> list[str]:
    """Return one entry as lines for a terminal.

    Raises
    ------
    FactsError
        ``rule.unknown``.
    """
    entry = _find(law, name)
    shown = threshold_name(entry) if isinstance(entry, Threshold) else cite(entry)
    force = "show.in_force" if entry.in_force(on) else "show.not_in_force"
    span = _say("show.span", start=_iso(entry.start) or "…", end=_iso(entry.end) or "…").in_(language)
    lines = [
        f"{entry.id}  {shown.in_(language)}",
        f"{span}  {_say(force, on=on.isoformat()).in_(language)}",
        "",
    ]
    if isinstance(entry, Threshold):
        lines += [text.in_(language) for text in (threshold_text(entry), entry.note) if text]
    else:
        lines += _rule_lines(entry, language)
    lines += ["", _say(f"confidence.{entry.confidence.lower()}").in_(language)]
    lines += [f"  - {source[language]} ({source['where']})" for source in sources_of(entry.sources, law)]
    return lines


def threshold_name(line: Threshold) -> Text:
    """Return the name of thresholds: offence, province, class."""
    place = Text(en="nationwide", zh="全国")
    if line.province is not None:
        zh, en = PROVINCES[line.province]
        place = Text(en=en, zh=zh)
    kind = "telecom" if line.telecom else line.offence
    key = f"threshold.{kind}" if line.group is None else f"threshold.{kind}_class"
    return _say(key, place=place, group=line.group)


def _rule_lines(rule: Rule, language: Language) -> list[str]:
    lines = [rule.text.in_(language)]
    if not rule.binding:
        lines.append(_say("show.not_binding").in_(language))
    lines += [text.in_(language) for text in remarks(rule)]
    if rule.see:
        lines.append(_say("show.see").in_(language) + ", ".join(rule.see))
    return lines


def _find(law: Catalogue, name: str) -> Rule | Threshold:
    wanted = name.upper()
    if wanted in law.rules:
        return law.rules[wanted]
    for line in law.thresholds:
        if line.id == wanted:
            return line
    raise FactsError("rule.unknown", id=name)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _say(key: str, **values: object) -> Text:
    return catalogue("bixie.law").text(key, **values)
