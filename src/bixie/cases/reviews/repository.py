"""Queries for reviews."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_
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
_KINDS = {"review": Status.IN_REVIEW, "appeal": Status.APPEALED}
_HEARING = (DutyKind.HEARING.value, DutyKind.SUPPLEMENT.value)
_Reviewing = aliased(Duty)
_Hearing = aliased(Duty)
_ENDED = func.max(func.coalesce(_Hearing.closed_at, _Hearing.due_at), type_=Moment())


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
    def place(self) -> tuple[datetime, str]:
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


def queue(
    session: TenantSession, wanted: Wanted, limit: int, after: tuple[datetime, str] | None = None
) -> list[InQueue]:
    """Return cases that wait for a reviewer, the most urgent first, those without a deadline last."""
    place = (func.coalesce(_Reviewing.due_at, literal(_NEVER, Moment())), Case.id)
    statement = _waiting(wanted, Case, _Reviewing.due_at, CaseReview)
    if after is not None:
        statement = statement.where(tuple_(*place) > tuple_(literal(after[0], Moment()), after[1]))
    rows = session.execute(statement.order_by(*place).limit(limit)).all()
    # Asked for these only: beside the others it would be worked out for the whole queue, to be sorted.
    heard = _heard_at_of(session, [one.id for one, _, _ in rows])
    return [InQueue(one, due_at, heard.get(one.id), review) for one, due_at, review in rows]


def totals(session: TenantSession, now: datetime, soon: datetime) -> Totals:
    """Return how much waits in the whole queue, in one pass over it.

    Parameters
    ----------
    session : TenantSession
    now, soon : datetime
        `Totals.overdue` and `Totals.soon` count deadlines before them.
    """
    flags = (_unclaimed(now), _Reviewing.due_at < now, _Reviewing.due_at < soon)
    sums = [func.coalesce(func.sum(case((flag, 1), else_=0)), 0) for flag in flags]
    return Totals(*session.execute(_waiting(Wanted(now), func.count(Case.id), *sums)).one())


def heard_first(session: TenantSession, wanted: Wanted) -> datetime | None:
    """Return since when the case that has waited longest has been ready: both sides were heard then."""
    heard_at = _heard_at()
    statement = _waiting(wanted, func.min(heard_at, type_=Moment())).where(heard_at <= wanted.now)
    found: datetime | None = session.scalar(statement)
    return found


def _heard_at_of(session: TenantSession, cases: Collection[str]) -> dict[str, datetime]:
    """Return by case when the last time to be heard ends, or has ended."""
    wanted = select(_Hearing.case_id, _ENDED).where(_Hearing.case_id.in_(cases), _Hearing.kind.in_(_HEARING))
    return dict(session.execute(wanted.group_by(_Hearing.case_id)).all())


def _heard_at() -> ColumnElement[datetime]:
    mine = and_(_Hearing.tenant == Case.tenant, _Hearing.case_id == Case.id, _Hearing.kind.in_(_HEARING))
    return select(_ENDED).where(mine).correlate(Case).scalar_subquery()


def _waiting(wanted: Wanted, *columns: Any) -> Select[Any]:
    kinds = {wanted.kind: _KINDS[wanted.kind]} if wanted.kind else _KINDS
    fits = or_(
        and_(Case.status == _KINDS["review"].value, _Reviewing.kind == DutyKind.REVIEW.value),
        and_(Case.status == _KINDS["appeal"].value, _Reviewing.kind == DutyKind.REVIEW_APPEAL.value),
    )
    owed = and_(
        _Reviewing.tenant == Case.tenant,
        _Reviewing.case_id == Case.id,
        _Reviewing.closed_at.is_(None),
        fits,
    )
    held = and_(
        CaseReview.tenant == Case.tenant,
        CaseReview.case_id == Case.id,
        CaseReview.ended_at.is_(None),
        or_(*[and_(CaseReview.kind == kind, Case.status == one.value) for kind, one in _KINDS.items()]),
    )
    statement = select(*columns).select_from(Case).outerjoin(_Reviewing, owed).outerjoin(CaseReview, held)
    return statement.where(Case.status.in_([one.value for one in kinds.values()]), *_narrowed(wanted))


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.case is not None:
        found.append(Case.id == wanted.case)
    if wanted.mine is not None:
        found.append(and_(CaseReview.reviewer == wanted.mine, CaseReview.lease_until > wanted.now))
    if wanted.unclaimed:
        found.append(_unclaimed(wanted.now))
    if wanted.overdue:
        found.append(_Reviewing.due_at < wanted.now)
    if wanted.heard:
        found.append(_heard_at() <= wanted.now)
    return found


def _unclaimed(now: datetime) -> ColumnElement[bool]:
    return or_(CaseReview.id.is_(None), CaseReview.lease_until <= now)


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
