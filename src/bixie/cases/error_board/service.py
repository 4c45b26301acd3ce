"""Counts decisions, appeals and changes on appeal in one pass over the rows; nothing is kept beside them.

A decision is *overturned* if an appeal replaced it with one that has another outcome: for the side that the
new one gives more, whoever appealed. Decisions that nobody can appeal are left out of all rates: agreements,
and decisions on appeals. A case that a failed inspection brings back says nothing of its decision.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from bixie.access.sequence import Place, place_of
from bixie.access.tenancy import TenantSession
from bixie.cases.error_board import repository
from bixie.cases.event_parts import Outcome
from bixie.cases.events import Appealed, CaseEvent, Decided
from bixie.cases.models import CaseDecision
from bixie.cases.words import Basis, OutcomeKind, Side
from bixie.kit.calendar import CHINA
from bixie.policies.facts import EvidenceVerdict

__all__ = ["MAX_DECISIONS", "ErrorBoard", "Fate", "Section", "Tally", "error_board", "fates_of"]

MAX_DECISIONS = 100_000
"""The newest ones are counted."""
_AT_ONCE = 500
_NOBODY, _NOT_SAID = (" ",), ("? ?",)


class Fate(NamedTuple):
    """What became of a decision.

    Parameters
    ----------
    basis : Basis
    is_refusal : bool
    is_final : bool
        Nobody can appeal it.
    is_appealed, is_overturned : bool
    overturned_for : Side or None
        Which side the new outcome gives more; None also where that cannot be told, as between a refund and an
        exchange that both sides appealed for.
    examiners : tuple of str or None
        As the decision has them.
    """

    basis: Basis
    is_refusal: bool
    is_final: bool
    is_appealed: bool = False
    is_overturned: bool = False
    overturned_for: Side | None = None
    examiners: tuple[str, ...] | None = None


@dataclass(slots=True)
class Tally:
    """How many decisions of a group there are, and what became of them."""

    decided: int = 0
    appealed: int = 0
    overturned: int = 0
    overturned_for_buyer: int = 0
    overturned_for_merchant: int = 0

    def add(self, fate: Fate) -> None:
        """Count one decision."""
        self.decided += 1
        self.appealed += fate.is_appealed
        self.overturned += fate.is_overturned
        self.overturned_for_buyer += fate.overturned_for is Side.BUYER
        self.overturned_for_merchant += fate.overturned_for is Side.MERCHANT


def _tallies() -> "defaultdict[tuple[str, ...], Tally]":
    return defaultdict(Tally)


@dataclass(slots=True)
class Section:
    """Refusals, or approvals, together and by group.

    Parameters
    ----------
    all : Tally
    packs : mapping of (pack, version)
    rules : mapping of (pack, rule)
        A decision counts for each rule that counted for it, in whichever version of the pack.
    bases, evidence_verdicts : mapping of (word,)
    examiners : mapping of (examiner, version)
        A decision counts for each examiner that the verdicts of its files rest on. Two empty texts: for none;
        two question marks: the decision is of an earlier version and does not say.
    """

    all: Tally = field(default_factory=Tally)
    packs: Mapping[tuple[str, ...], Tally] = field(default_factory=_tallies)
    rules: Mapping[tuple[str, ...], Tally] = field(default_factory=_tallies)
    bases: Mapping[tuple[str, ...], Tally] = field(default_factory=_tallies)
    evidence_verdicts: Mapping[tuple[str, ...], Tally] = field(default_factory=_tallies)
    examiners: Mapping[tuple[str, ...], Tally] = field(default_factory=_tallies)

    def add(self, fate: Fate, record: "_Record") -> None:
        """Count one decision in all of its groups."""
        self.all.add(fate)
        pack = record.pack
        self.packs[pack.id, str(pack.version)].add(fate)
        self.bases[str(fate.basis),].add(fate)
        self.evidence_verdicts[record.facts.evidence_verdict,].add(fate)
        for examiner in _NOT_SAID if fate.examiners is None else fate.examiners or _NOBODY:
            name, _, version = examiner.partition(" ")
            self.examiners[name, version].add(fate)
        for rule in {one.id for one in record.evaluation.rules}:
            self.rules[pack.id, rule].add(fate)


@dataclass(slots=True)
class ErrorBoard:
    """The whole board.

    Parameters
    ----------
    refusals, approvals : Section
        Decisions that can be, or could have been, appealed.
    final : int
        Agreements and decisions on appeals: in no group.
    unreadable : int
        Rows that were changed in the database: in no group.
    is_complete : bool
        False where there are older decisions, which were not counted.
    """

    refusals: Section = field(default_factory=Section)
    approvals: Section = field(default_factory=Section)
    final: int = 0
    unreadable: int = 0
    is_complete: bool = True

    def add(self, row: CaseDecision, fate: Fate | None) -> None:
        """Count one decision; `fate` is None where no event speaks of it."""
        try:
            record = _Record.model_validate(row.record)
        except ValidationError:
            fate = None
        if fate is None:
            self.unreadable += 1
        elif fate.is_final:
            self.final += 1
        else:
            section = self.refusals if fate.is_refusal else self.approvals
            section.add(fate, record)


class _Pack(BaseModel):
    id: str
    version: int


class _Facts(BaseModel):
    evidence_verdict: EvidenceVerdict | Literal["unknown"] = "unknown"


class _Rule(BaseModel):
    id: str


class _Evaluation(BaseModel):
    rules: list[_Rule]


class _Record(BaseModel):
    """What the board reads of the record of a decision."""

    pack: _Pack
    facts: _Facts
    evaluation: _Evaluation


def error_board(
    session: TenantSession,
    since: date | None = None,
    until: date | None = None,
    *,
    limit: int = MAX_DECISIONS,
) -> ErrorBoard:
    """Count the decisions of a tenant.

    Parameters
    ----------
    session : TenantSession
    since, until : date, optional
        First and last day on which they were made, in UTC+8.
    limit : int
        Most decisions; the newest ones are counted.
    """
    board = ErrorBoard()
    period = {
        "since": None if since is None else _begin(since),
        "until": None if until is None else _begin(until + timedelta(days=1)),
    }
    after: Place | None = None
    left = limit
    # One more than may be counted shows whether there are others.
    while rows := repository.decisions(session, after, min(_AT_ONCE, left + 1), **period):
        fates = fates_of(repository.decisions_and_appeals(session, {row.case_id for row in rows}))
        for row in rows[:left]:
            board.add(row, fates.get(row.id))
        if len(rows) > left:
            board.is_complete = False
            break
        left -= len(rows)
        after = place_of(rows[-1])
    return board


def fates_of(events: Iterable[CaseEvent]) -> dict[str, Fate]:
    """Return what became of decisions, by id.

    Parameters
    ----------
    events : iterable of CaseEvent
        All decisions and appeals of some cases, in any order.
    """
    made: dict[str, Decided] = {}
    replaced: dict[str, Decided] = {}
    appealed: defaultdict[str, set[Side]] = defaultdict(set)
    for one in events:
        if isinstance(one, Decided):
            made[one.decision] = one
            if one.replaces is not None:
                replaced[one.replaces] = one
        elif isinstance(one, Appealed):
            appealed[one.decision].add(one.by)
    return {key: _fate(one, replaced.get(key), appealed[key]) for key, one in made.items()}


def _fate(made: Decided, replacing: Decided | None, appealed_by: Set[Side]) -> Fate:
    fate = Fate(
        basis=made.basis,
        is_refusal=made.outcome.kind is OutcomeKind.REFUSE,
        is_final=made.basis is Basis.AGREEMENT or made.replaces is not None,
        is_appealed=bool(appealed_by),
        examiners=made.examiners,
    )
    if replacing is None or replacing.outcome == made.outcome:
        return fate
    only = next(iter(appealed_by)) if len(appealed_by) == 1 else None
    return fate._replace(is_overturned=True, overturned_for=_gains(made.outcome, replacing.outcome) or only)


def _gains(before: Outcome, after: Outcome) -> Side | None:
    """Return which side an outcome gives more than another one did; None where they do not compare."""
    worse, better = _given(before, after), _given(after, before)
    if worse == better:
        return None
    if all(one <= other for one, other in zip(worse, better, strict=True)):
        return Side.BUYER
    if all(one >= other for one, other in zip(worse, better, strict=True)):
        return Side.MERCHANT
    return None


def _given(outcome: Outcome, other: Outcome) -> tuple[int, int, bool]:
    """Return what a buyer gets: anything at all, how much money, the goods kept beside it.

    Money and goods compare only between two refunds, with and without the return of the goods.
    """
    both_pay = outcome.amount_minor is not None and other.amount_minor is not None
    granted = outcome.kind is not OutcomeKind.REFUSE
    if not both_pay:
        return int(granted), 0, False
    return int(granted), outcome.amount_minor or 0, outcome.kind is OutcomeKind.REFUND


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, CHINA)
