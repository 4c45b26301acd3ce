"""The accuracy gate: what a quick run must not show, so that no change can raise false accusations unseen.

One conclusive false link, one honest photo that is `refuted` or `suspect`, one photo that could not be
examined fails the run; so does a row below its floor in ``floors.toml``.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.markdown import table
from bench.running import Outcome
from bench.tables import ROWS, Overlaps, Rate, Row, f1_of, rate_of

__all__ = ["FLOORS", "ROWS", "SUBJECT", "Check", "checks", "markdown", "read_floors"]

FLOORS = Path(__file__).resolve().parent / "floors.toml"
SUBJECT = "bixie"
_NEVER = ("honest_conclusive", "accused")
"""Rows of `bench.tables.ROWS` in which one case is one too many."""


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
    """Read the floors: tables ``rates``, ``most`` and ``f1``, each by the key of a row."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def checks(outcomes: Sequence[Outcome], floors: dict[str, Any]) -> list[Check]:
    """Hold the outcomes of a whole quick run against the floors, false accusations first."""
    rows = {row.key: row for row in ROWS}
    listed = [_never(outcomes, rows[key]) for key in _NEVER]
    listed.append(_answered(outcomes))
    for key, floor in floors["most"].items():
        rate, cases = rate_of(outcomes, SUBJECT, rows[key])
        enough = rate.total >= floor["of"]
        allowed = f"at most {floor['count']} of {floor['of']} or more"
        broken = rate.count > floor["count"]
        listed.append(
            Check(rows[key].title, rate.text(), allowed, enough and not broken, cases if broken else ())
        )
    for key, floor in floors["rates"].items():
        rate, _ = rate_of(outcomes, SUBJECT, rows[key])
        passed = rate.total >= floor["of"] and rate.count * floor["of"] >= floor["count"] * rate.total
        listed.append(
            Check(rows[key].title, rate.text(), f"at least {floor['count']} of {floor['of']}", passed)
        )
    for key, floor in floors["f1"].items():
        title, overlaps = f1_of(outcomes, SUBJECT, key)
        passed = len(overlaps.values) >= floor["of"] and _mean(overlaps) >= floor["mean"]
        listed.append(
            Check(title, overlaps.text(), f"mean at least {floor['mean']}, n {floor['of']}", passed)
        )
    return listed


def _never(outcomes: Sequence[Outcome], row: Row) -> Check:
    rate, cases = rate_of(outcomes, SUBJECT, row)
    return Check(row.title, rate.text(), "none", rate.total > 0 and not rate.count, cases)


def _answered(outcomes: Sequence[Outcome]) -> Check:
    asked = [one for one in outcomes if SUBJECT in one.results]
    stopped = tuple(one.case for one in asked if one.results[SUBJECT].trouble)
    text = Rate(len(stopped), len(asked)).text()
    return Check("photos that could not be examined", text, "none", bool(asked) and not stopped, stopped)


def _mean(overlaps: Overlaps) -> float:
    return sum(overlaps.values) / len(overlaps.values)


def markdown(listed: Sequence[Check]) -> str:
    """Return the gate's table, and below it the cases that broke it."""
    lines = [[one.title, one.measured, one.allowed, "ok" if one.passed else "FAILED"] for one in listed]
    text = "### Accuracy gate\n\n" + table(["what", "measured", "allowed", ""], lines)
    broken = [f"- {one.title}: {case}" for one in listed if not one.passed for case in one.cases]
    return text + ("\n\n" + "\n".join(broken) if broken else "")
