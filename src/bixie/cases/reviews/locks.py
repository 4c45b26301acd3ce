"""Whoever holds a case decides it, and nobody else; a lease ends by itself.

All changes are made under the ledger's lock, so two reviewers never hold one case.
"""

from datetime import timedelta

from bixie.cases.events import CaseEvent, ReviewClaimed, ReviewReleased
from bixie.cases.files import file_of, serve
from bixie.cases.opening import OpenCase
from bixie.cases.reviews import repository
from bixie.cases.reviews.conflicts import check_may_review
from bixie.cases.reviews.errors import NotClaimedError
from bixie.cases.reviews.models import CaseReview
from bixie.cases.reviews.routing import Kind
from bixie.cases.state import CaseState
from bixie.cases.words import DutyKind, Side, Status
from bixie.kit.timestamps import format_timestamp

__all__ = [
    "LEASE",
    "claim",
    "ended",
    "held_by_caller",
    "is_heard",
    "kind_of",
    "release",
    "renew",
    "serve_once_heard",
]

LEASE = timedelta(minutes=30)
"""From the last thing that the holder did in the case."""
_HEARING = (DutyKind.HEARING, DutyKind.SUPPLEMENT)


def kind_of(state: CaseState) -> Kind:
    """Return what a case waits for.

    Raises
    ------
    NotClaimedError
        ``reviews.not_in_review``.
    """
    if state.status is Status.IN_REVIEW:
        return "review"
    if state.status is Status.APPEALED:
        return "appeal"
    raise NotClaimedError("reviews.not_in_review")


def claim(case: OpenCase) -> CaseReview:
    """Take a case up, or hold it for longer; what it rests on is put before both sides once they were heard.

    Raises
    ------
    NotClaimedError
        ``reviews.not_in_review`` or ``reviews.claimed_by_other``.
    BixieError
        Those of `check_may_review`.
    """
    kind, now, person = kind_of(case.state), case.context.now, case.session.principal.id
    _, sha256 = file_of(case.session, case.row, case.pack)
    check_may_review(case, sha256)
    held = repository.open_review(case.session, case.row.id)
    events: list[CaseEvent] = []
    rows = []
    if held is not None:
        if held.kind == kind and held.lease_until > now:
            if held.reviewer != person:
                raise NotClaimedError("reviews.claimed_by_other", until=format_timestamp(held.lease_until))
            held.lease_until = now + LEASE
            return held
        rows.append(ended(held, case, "expired" if held.kind == kind else "overtaken"))
    made = CaseReview(
        id=case.context.new_id("review"),
        tenant=case.row.tenant,
        case_id=case.row.id,
        kind=kind,
        reviewer=person,
        claimed_at=now,
        lease_until=now + LEASE,
    )
    case.session.add(made)
    events.append(ReviewClaimed(by=Side.PLATFORM, review=made.id, person=person, kind=kind))
    case.record(events, [made, *rows])
    serve_once_heard(case)
    return made


def release(case: OpenCase) -> None:
    """Give a case back.

    Raises
    ------
    NotClaimedError
        ``reviews.not_claimed``.
    """
    held = _held(case)
    ended(held, case, "released")
    case.record([ReviewReleased(by=Side.PLATFORM, review=held.id, why="released")], [held])


def held_by_caller(case: OpenCase, file_sha256: str) -> CaseReview:
    """Return the turn of the caller, who may decide.

    Raises
    ------
    NotClaimedError
        ``reviews.not_claimed``.
    BixieError
        Those of `check_may_review`.
    """
    check_may_review(case, file_sha256)
    return _held(case)


def renew(case: OpenCase) -> None:
    """Hold the case for longer, if the caller holds it."""
    held = repository.open_review(case.session, case.row.id)
    if held is not None and _is_held(held, case):
        held.lease_until = case.context.now + LEASE


def ended(review: CaseReview, case: OpenCase, how: str) -> CaseReview:
    """End a turn; the event that goes with it states the row."""
    review.ended_at, review.ended_how = case.context.now, how
    return review


def is_heard(case: OpenCase) -> bool:
    """Return whether no side has time left to speak."""
    return not any(one.kind in _HEARING and one.due_at > case.context.now for one in case.state.running)


def serve_once_heard(case: OpenCase) -> None:
    """Put the case file before both sides, unless one of them can still add to it."""
    if is_heard(case):
        serve(case)


def _held(case: OpenCase) -> CaseReview:
    held = repository.open_review(case.session, case.row.id)
    if held is None or not _is_held(held, case):
        raise NotClaimedError("reviews.not_claimed")
    return held


def _is_held(held: CaseReview, case: OpenCase) -> bool:
    return (
        case.state.status in (Status.IN_REVIEW, Status.APPEALED)
        and held.kind == kind_of(case.state)
        and held.reviewer == case.session.principal.id
        and held.lease_until > case.context.now
    )
