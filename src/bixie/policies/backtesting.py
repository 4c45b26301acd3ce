"""Asks a pack about the facts of earlier decisions: what would have changed, by outcome and by rule."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from bixie.policies.evaluation import Evaluation, evaluate
from bixie.policies.pack import Pack
from bixie.policies.records import PackKey, Record

__all__ = ["CHANGES", "Backtest", "OutcomeRow", "RuleRow", "backtest"]

CHANGES = (
    "now_forbidden",
    "now_permitted",
    "now_needs_person",
    "now_without_person",
    "now_second_review",
    "no_second_review",
)
"""How a decision may differ under another pack. One decision may count under several."""


class OutcomeRow(NamedTuple):
    """How decisions of one kind would have fared.

    Parameters
    ----------
    outcome : str
        Kind of the outcome.
    decisions, unchanged : int
    changes : dict of str to int
        Counts for each of `CHANGES`.
    """

    outcome: str
    decisions: int
    unchanged: int
    changes: dict[str, int]


class RuleRow(NamedTuple):
    """How often a rule counted.

    Parameters
    ----------
    rule : str
    before, after : int
        Under the packs of the records, and under the pack that is tried.
    """

    rule: str
    before: int
    after: int


class Backtest(NamedTuple):
    """What would have changed.

    Parameters
    ----------
    pack : PackKey
    decisions, unchanged : int
        How many there are, and how many of which no result changes.
    outcomes : tuple of OutcomeRow
        By the name of the outcome.
    rules : tuple of RuleRow
        Rules that counted before or after, by id.
    """

    pack: PackKey
    decisions: int
    unchanged: int
    outcomes: tuple[OutcomeRow, ...]
    rules: tuple[RuleRow, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the table in JSON types."""
        return {
            "schema": "bixie.backtest/1",
            "pack": self.pack.model_dump(),
            "decisions": self.decisions,
            "unchanged": self.unchanged,
            "outcomes": [row._asdict() for row in self.outcomes],
            "rules": [row._asdict() for row in self.rules],
        }


def backtest(pack: Pack, records: Iterable[Record]) -> Backtest:
    """Return what would have changed had a pack been in force for earlier decisions.

    Parameters
    ----------
    pack : Pack
    records : iterable of Record
        Read one after the other; none is kept.
    """
    counts: Counter[str] = Counter()
    unchanged: Counter[str] = Counter()
    changes: dict[str, Counter[str]] = {}
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for record in records:
        now = evaluate(pack, record.facts)
        kind = str(record.outcome["kind"])
        changed = _changes(record.evaluation, now)
        counts[kind] += 1
        unchanged[kind] += not changed
        changes.setdefault(kind, Counter()).update(changed)
        before.update(str(rule["id"]) for rule in record.evaluation["rules"])
        after.update(rule.id for rule in now.rules)
    outcomes = tuple(
        OutcomeRow(kind, counts[kind], unchanged[kind], {name: changes[kind][name] for name in CHANGES})
        for kind in sorted(counts)
    )
    rules = tuple(RuleRow(rule, before[rule], after[rule]) for rule in sorted({*before, *after}))
    return Backtest(PackKey.of(pack), counts.total(), unchanged.total(), outcomes, rules)


def _changes(then: dict[str, Any], now: Evaluation) -> list[str]:
    pairs = (
        (then["permitted"], now.permitted, "now_permitted", "now_forbidden"),
        (then["person_required"], now.person_required, "now_needs_person", "now_without_person"),
        (
            then["second_review_required"],
            now.second_review_required,
            "now_second_review",
            "no_second_review",
        ),
    )
    return [rises if new else falls for old, new, rises, falls in pairs if old is not new]
