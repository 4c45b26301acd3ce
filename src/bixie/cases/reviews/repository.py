"""Queries for reviews."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, null, or_, select, tuple_
from sqlalchemy.orm import aliased

from bixie.access.sequence import Place, page_after
from bixie.access.tenancy import TenantSession
from bixie.cases.models import Case, Duty
from bixie.cases.reviews.models import CaseConflict, CaseReview, CaseReviewer
from bixie.cases.words import DutyKind, Status
from bixie.store.base import Moment

__all__ = [
    "InQueue",
    "Totals",
    "Wanted",
    "conflict_by_id",
    "conflicts",
    "conflicts_of",
    "heard_first",
    "open_review",
    "open_reviews_of",
    "queue",
    "review_by_id",
    "reviewer_by_id",
    "reviewers",
    "reviews_of",
    "totals",
]

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Where a case without a deadline stands: after all others."""
_LOOKED_AT = 50
"""Cases among which the one is looked for that has waited longest."""
_HEARING = (DutyKind.HEARING.value, DutyKind.SUPPLEMENT.value)
_Hearing = aliased(Duty)
_ENDED = func.max(func.coalesce(_Hearing.closed_at, _Hearing.due_at), type_=Moment())


Urgency = tuple[datetime, str]
"""Where a case stands in the queue: when it is due, and its id."""


class _Kind(NamedTuple):
    status: Status
    duty: DutyKind


_KINDS = {
    "review": _Kind(Status.IN_REVIEW, DutyKind.REVIEW),
    "appeal": _Kind(Status.APPEALED, DutyKind.REVIEW_APPEAL),
}


class InQueue(NamedTuple):
    """A case that waits for a reviewer.

    Parameters
    ----------
    case : Case
    due_at : datetime or None
        Of the duty to review it; None where that is missing.
    heard_at : datetime or None
        When the last time to be heard ends, or has ended.
    review : CaseReview or None
        The turn of whoever holds it, its lease over or not.
    """

    case: Case
    due_at: datetime | None
    heard_at: datetime | None
    review: CaseReview | None

    @property
    def place(self) -> Urgency:
        """Where it stands in the queue."""
        return self.due_at or _NEVER, self.case.id


class Totals(NamedTuple):
    """How many cases wait for a reviewer.

    Parameters
    ----------
    all, unclaimed, overdue, soon : int
        All; those that nobody holds; those whose deadline is over, and is over soon.
    """

    all: int
    unclaimed: int
    overdue: int
    soon: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases of the queue.

    Parameters
    ----------
    now : datetime
    kind : str or None
        ``review`` or ``appeal``.
    mine : str or None
        Id of the reviewer who holds them.
    unclaimed, overdue, heard : bool
        Only those.
    case : str or None
        Only this one.
    """

    now: datetime
    kind: str | None = None
    mine: str | None = None
    unclaimed: bool = False
    overdue: bool = False
    heard: bool = False
    case: str | None = None


def queue(session: TenantSession, wanted: Wanted, limit: int, after: Urgency | None = None) -> list[InQueue]:
    """Return cases that wait for a reviewer, the most urgent first, those without a deadline last."""
    rows: list[Any] = []
    for kind in _KINDS if wanted.kind is None else (wanted.kind,):
        dated = session.execute(_dated(kind, wanted, after).limit(limit)).all()
        rows += dated
        if len(dated) < limit and not wanted.overdue:
            rows += session.execute(_undated(kind, wanted, after).limit(limit)).all()
    # Asked for these only: beside the others it would be worked out for the whole queue, to be sorted.
    first = sorted(rows, key=lambda row: (row[1] or _NEVER, row[0].id))[:limit]
    heard = _heard_at_of(session, [one.id for one, _, _ in first])
    return [InQueue(one, due_at, heard.get(one.id), review) for one, due_at, review in first]


def totals(session: TenantSession, now: datetime, soon: datetime) -> Totals:
    """Return how much waits in the whole queue: counted by indexes, for it may be long.

    Parameters
    ----------
    session : TenantSession
    now, soon : datetime
        `Totals.overdue` and `Totals.soon` count deadlines before them.
    """
    found = Totals(0, 0, 0, 0)
    for kind, (status, duty) in _KINDS.items():
        all_ = session.scalar(select(func.count(Case.id)).where(Case.status == status.value)) or 0
        held = select(func.count(CaseReview.id)).join(Case, _held(kind))
        held = held.where(CaseReview.lease_until > now, Case.status == status.value)
        owed = select(func.count(Duty.id)).where(Duty.kind == duty.value, Duty.closed_at.is_(None))
        overdue, before = (session.scalar(owed.where(Duty.due_at < at)) or 0 for at in (now, soon))
        more = (all_, all_ - (session.scalar(held) or 0), overdue, before)
        found = Totals(*(one + another for one, another in zip(found, more, strict=True)))
    return found


def heard_first(session: TenantSession, now: datetime) -> datetime | None:
    """Return since when the case that has waited longest has been ready: both sides were heard then.

    It is looked for among the most urgent: when a review is due follows from when both were heard.
    """
    ends = [one.heard_at for one in queue(session, Wanted(now), _LOOKED_AT)]
    return min((one for one in ends if one is not None and one <= now), default=None)


def _heard_at_of(session: TenantSession, cases: Collection[str]) -> dict[str, datetime]:
    """Return by case when the last time to be heard ends, or has ended."""
    wanted = select(_Hearing.case_id, _ENDED).where(_Hearing.case_id.in_(cases), _Hearing.kind.in_(_HEARING))
    return dict(session.execute(wanted.group_by(_Hearing.case_id)).all())


def _heard_at() -> ColumnElement[datetime]:
    mine = and_(_Hearing.tenant == Case.tenant, _Hearing.case_id == Case.id, _Hearing.kind.in_(_HEARING))
    return select(_ENDED).where(mine).correlate(Case).scalar_subquery()


def _dated(kind: str, wanted: Wanted, after: Urgency | None) -> Select[Any]:
    """Return the query for cases with a deadline, read in the order of its index."""
    few = wanted.case is not None or wanted.mine is not None
    columns: tuple[Any, ...] = (Case, Duty.due_at, CaseReview)
    statement = select(*columns).select_from(Duty).join(Case, _owed_in_case(kind) if few else _owed(kind))
    if after is not None:
        statement = statement.where(
            tuple_(Duty.due_at, Duty.case_id) > tuple_(literal(after[0], Moment()), after[1])
        )
    if wanted.overdue:
        statement = statement.where(Duty.due_at < wanted.now)
    return _narrowed(kind, statement, wanted).order_by(Duty.due_at, Duty.case_id)


def _undated(kind: str, wanted: Wanted, after: Urgency | None) -> Select[Any]:
    """Return the query for cases whose deadline is missing: a fault blocks no reviewer."""
    columns: tuple[Any, ...] = (Case, null(), CaseReview)
    statement = select(*columns).where(~exists().where(_owed_in_case(kind)).correlate(Case))
    if after is not None:
        statement = statement.where(Case.id > (after[1] if after[0] >= _NEVER else ""))
    return _narrowed(kind, statement, wanted).order_by(Case.id)


def _owed(kind: str) -> ColumnElement[bool]:
    return and_(_of_case(), Duty.kind == _KINDS[kind].duty.value)


def _owed_in_case(kind: str) -> ColumnElement[bool]:
    """Return the same, to be looked up by the case: by its kind a database would go through all duties."""
    return and_(_of_case(), Duty.kind.concat("") == _KINDS[kind].duty.value)


def _of_case() -> ColumnElement[bool]:
    return and_(Duty.tenant == Case.tenant, Duty.case_id == Case.id, Duty.closed_at.is_(None))


def _held(kind: str) -> ColumnElement[bool]:
    turn = (CaseReview.kind == kind, CaseReview.ended_at.is_(None))
    return and_(CaseReview.tenant == Case.tenant, CaseReview.case_id == Case.id, *turn)


def _narrowed(kind: str, statement: Select[Any], wanted: Wanted) -> Select[Any]:
    statement = statement.outerjoin(CaseReview, _held(kind)).where(Case.status == _KINDS[kind].status.value)
    if wanted.case is not None:
        statement = statement.where(Case.id == wanted.case)
    if wanted.mine is not None:
        statement = statement.where(CaseReview.reviewer == wanted.mine, CaseReview.lease_until > wanted.now)
    if wanted.unclaimed:
        statement = statement.where(or_(CaseReview.id.is_(None), CaseReview.lease_until <= wanted.now))
    if wanted.heard:
        statement = statement.where(_heard_at() <= wanted.now)
    return statement


def open_review(session: TenantSession, case_id: str) -> CaseReview | None:
    """Return the turn at a case that has not ended, its lease over or not."""
    wanted = select(CaseReview).where(CaseReview.case_id == case_id, CaseReview.ended_at.is_(None))
    return session.scalar(wanted)


def open_reviews_of(session: TenantSession, reviewer: str, party: str) -> Sequence[CaseReview]:
    """Return the turns of a reviewer at cases of a party that have not ended."""
    about = select(Case.id).where(or_(Case.party == party, Case.buyer == party))
    wanted = select(CaseReview).where(
        CaseReview.reviewer == reviewer, CaseReview.ended_at.is_(None), CaseReview.case_id.in_(about)
    )
    return session.scalars(wanted).all()


def reviews_of(session: TenantSession, case_id: str) -> Sequence[CaseReview]:
    """Return all turns at a case, the oldest first."""
    wanted = select(CaseReview).where(CaseReview.case_id == case_id)
    return session.scalars(wanted.order_by(CaseReview.sequence, CaseReview.id)).all()


def review_by_id(session: TenantSession, review_id: str) -> CaseReview | None:
    """Return a turn, or None."""
    return session.scalar(select(CaseReview).where(CaseReview.id == review_id))


def conflicts_of(session: TenantSession, reviewer: str, parties: Collection[str]) -> Sequence[CaseConflict]:
    """Return the ties of a reviewer to some parties that hold now."""
    wanted = select(CaseConflict).where(
        CaseConflict.reviewer == reviewer, CaseConflict.party.in_(parties), CaseConflict.until.is_(None)
    )
    return session.scalars(wanted).all()


def conflict_by_id(session: TenantSession, conflict_id: str) -> CaseConflict | None:
    """Return a tie, or None."""
    return session.scalar(select(CaseConflict).where(CaseConflict.id == conflict_id))


def conflicts(
    session: TenantSession, after: Place | None, limit: int, reviewer: str | None = None
) -> Sequence[CaseConflict]:
    """Return ties in ledger order, those that ended as well."""
    wanted = select(CaseConflict)
    if reviewer is not None:
        wanted = wanted.where(CaseConflict.reviewer == reviewer)
    return session.scalars(page_after(wanted, CaseConflict, after, limit)).all()


def reviewer_by_id(session: TenantSession, reviewer: str) -> CaseReviewer | None:
    """Return what the queue gives a reviewer; None where nothing was set."""
    return session.scalar(select(CaseReviewer).where(CaseReviewer.id == reviewer))


def reviewers(session: TenantSession, after: Place | None, limit: int) -> Sequence[CaseReviewer]:
    """Return what was set for reviewers, in ledger order."""
    return session.scalars(page_after(select(CaseReviewer), CaseReviewer, after, limit)).all()
