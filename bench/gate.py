"""The accuracy gate: what a quick run must not show, so that no change can raise false accusations unseen.

One conclusive false link, one honest photo that is `refuted` or `suspect`, one photo that could not be
examined fails the run; so does a row below its floor in ``floors.toml``. Missing evidence fails it too: cases
that are gone, named twice or in a row that no table counts, and rows that have no floor.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.markdown import table
from bench.running import Outcome
from bench.tables import F1_ROWS, ROWS, Overlaps, Rate, Row, f1_of, rate_of
from bixie.examiners.results import Verdict

__all__ = ["F1_KEYS", "FLOORS", "NEVER", "ROWS", "SUBJECT", "Check", "checks", "markdown", "read_floors"]

FLOORS = Path(__file__).resolve().parent / "floors.toml"
SUBJECT = "bixie"
NEVER = ("honest_conclusive", "accused")
"""Rows of `bench.tables.ROWS` in which one case is one too many."""
F1_KEYS = tuple(row[0] for row in F1_ROWS)
_ROWS = {row.key: row for row in ROWS}
_COUNTED = {case_row for row in ROWS for case_row in row.rows}
"""Case rows that some row of the table counts."""
_VERDICTS = {str(verdict) for verdict in Verdict} - {Verdict.UNREADABLE}
"""Verdicts of a photo that was examined."""


@dataclass(frozen=True)
class Check:
    """One line of the gate's table.

    Parameters
    ----------
    title, measured, allowed : str
        Measured carries its counts, a rate its exact 95 % bounds.
    passed : bool
    cases : tuple of str
        The cases that broke it, where single cases do.
    """

    title: str
    measured: str
    allowed: str
    passed: bool
    cases: tuple[str, ...] = ()


def read_floors(path: Path = FLOORS) -> dict[str, Any]:
    """Read the floors.

    Returns
    -------
    dict
        Table ``cases`` by case row; ``most``, ``rates`` and ``f1`` by the key of a row; ``without_floor``
        with the tables ``rates`` and ``f1``, which give a reason for each row that has no floor.
    """
    return tomllib.loads(path.read_text(encoding="utf-8"))


def checks(outcomes: Sequence[Outcome], floors: dict[str, Any]) -> list[Check]:
    """Hold the outcomes of a whole quick run against the floors, false accusations first.

    Raises
    ------
    KeyError
        If a table of the floors is missing, or a floor names no row.
    """
    return [
        *(_never(outcomes, _ROWS[key], floors["cases"]) for key in NEVER),
        _answered(outcomes),
        *(_most(outcomes, _ROWS[key], floor) for key, floor in floors["most"].items()),
        *(_rate(outcomes, _ROWS[key], floor) for key, floor in floors["rates"].items()),
        *(_f1(outcomes, key, floor) for key, floor in floors["f1"].items()),
        *_complete(outcomes, floors),
    ]


def _never(outcomes: Sequence[Outcome], row: Row, planned: dict[str, int]) -> Check:
    rate, cases = rate_of(outcomes, SUBJECT, row)
    of = sum(planned[case_row] for case_row in row.rows)
    enough = rate.total >= max(of, 1)
    return Check(row.title, rate.text(), f"none of {of} or more", enough and not rate.count, cases)


def _answered(outcomes: Sequence[Outcome]) -> Check:
    stopped = tuple(one.case for one in outcomes if not _is_answered(one))
    text = Rate(len(stopped), len(outcomes)).text()
    return Check("photos that could not be examined", text, "none", bool(outcomes) and not stopped, stopped)


def _is_answered(outcome: Outcome) -> bool:
    result = outcome.results.get(SUBJECT)
    return result is not None and not result.trouble and result.verdict in _VERDICTS


def _most(outcomes: Sequence[Outcome], row: Row, floor: dict[str, Any]) -> Check:
    rate, cases = rate_of(outcomes, SUBJECT, row)
    enough = rate.total >= floor["of"]
    broken = rate.count > floor["count"]
    allowed = f"at most {floor['count']} of {floor['of']} or more"
    return Check(row.title, rate.text(), allowed, enough and not broken, cases if broken else ())


def _rate(outcomes: Sequence[Outcome], row: Row, floor: dict[str, Any]) -> Check:
    rate, _ = rate_of(outcomes, SUBJECT, row)
    passed = rate.total >= floor["of"] and rate.count * floor["of"] >= floor["count"] * rate.total
    return Check(row.title, rate.text(), f"at least {floor['count']} of {floor['of']}", passed)


def _f1(outcomes: Sequence[Outcome], key: str, floor: dict[str, Any]) -> Check:
    title, overlaps = f1_of(outcomes, SUBJECT, key)
    passed = len(overlaps.values) >= floor["of"] and _mean(overlaps) >= floor["mean"]
    return Check(title, overlaps.text(), f"mean at least {floor['mean']}, n {floor['of']}", passed)


def _complete(outcomes: Sequence[Outcome], floors: dict[str, Any]) -> Iterator[Check]:
    """Check that the run holds what the plan lists, once, and that no row goes unwatched."""
    planned = floors["cases"]
    counts = Counter(one.row for one in outcomes)
    short = tuple(f"{row}: {counts[row]} of {of}" for row, of in planned.items() if counts[row] < of)
    yield _none("case rows with fewer cases than the quick plan has", short)
    known = _COUNTED & set(planned)
    yield _none(
        "cases in a row that the gate does not know", [o.case for o in outcomes if o.row not in known]
    )
    names = Counter(one.case for one in outcomes)
    yield _none("cases that are there twice", [name for name, times in names.items() if times > 1])
    excused = floors["without_floor"]
    rates = {*NEVER, *floors["most"], *floors["rates"], *excused["rates"]}
    unwatched = [row.key for row in ROWS if row.key not in rates]
    unwatched += [f"F1 {key}" for key in F1_KEYS if key not in {*floors["f1"], *excused["f1"]}]
    yield _none("rows without a floor or a reason for having none", unwatched)


def _none(title: str, found: Sequence[str]) -> Check:
    return Check(title, str(len(found)), "none", not found, tuple(found))


def _mean(overlaps: Overlaps) -> float:
    return sum(overlaps.values) / len(overlaps.values)


def markdown(listed: Sequence[Check]) -> str:
    """Return the gate's table, and below it the cases that broke it."""
    lines = [[one.title, one.measured, one.allowed, "ok" if one.passed else "FAILED"] for one in listed]
    text = "### Accuracy gate\n\n" + table(["what", "measured", "allowed", ""], lines)
    broken = [f"- {one.title}: {case}" for one in listed if not one.passed for case in one.cases]
    return text + ("\n\n" + "\n".join(broken) if broken else "")
