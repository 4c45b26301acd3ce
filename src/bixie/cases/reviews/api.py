"""``/api/v1/reviews``, ``/api/v1/cases/{id}/review``: the queue, who holds a case, ties and skills."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from bixie.access.call import Call
from bixie.access.errors import AccessError
from bixie.access.idempotency import as_bytes
from bixie.access.paging import Page, PageQuery, Window
from bixie.access.principal import Role
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.cases.access import case_call
from bixie.cases.files import file_of
from bixie.cases.opening import found, open_case, state_of
from bixie.cases.packs.lookup import pack_by
from bixie.cases.requests import CurrentCall
from bixie.cases.reviews import repository
from bixie.cases.reviews.conflicts import lift_conflict, set_conflict, set_skills
from bixie.cases.reviews.locks import claim, release
from bixie.cases.reviews.queue import claim_next, item_of
from bixie.cases.reviews.repository import Wanted
from bixie.cases.reviews.schemas import (
    ConflictIn,
    ConflictOut,
    CountsOut,
    NextOut,
    OpinionOut,
    QueueOut,
    ReviewerIn,
    ReviewerOut,
    ReviewItemOut,
    ReviewOut,
    held_out,
)
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import format_optional, format_timestamp, parse_timestamp

__all__ = ["QueueQuery", "page_of_queue", "router"]

router = APIRouter(prefix="/api/v1", tags=["reviews"])

_ADMINS = frozenset({Role.ADMIN})
_REVIEWERS = _ADMINS | {Role.REVIEWER}


class QueueQuery(PageQuery):
    """Which part of the queue."""

    kind: Literal["review", "appeal"] | None = None
    mine: bool = Field(False, description="only cases that you hold")
    unclaimed: bool = Field(False, description="only cases that nobody holds")
    overdue: bool = Field(False, description="only cases whose deadline is over")


class _ConflictsQuery(PageQuery):
    reviewer: str | None = Field(None, pattern="^[a-z0-9_]{1,64}$", description="only those of this reviewer")


@router.get("/reviews")
def list_reviews(call: CurrentCall, query: Annotated[QueueQuery, Query()]) -> QueueOut:
    """List the cases that wait for a reviewer, the most urgent first; broken ones are listed as such."""
    page, now = page_of_queue(call, query), call.clock()
    with call.reading() as session:
        totals = repository.totals(session, now, now)
        waiting_longest = repository.heard_first(session, now)
    counts = CountsOut(
        all=totals.all,
        unclaimed=totals.unclaimed,
        overdue=totals.overdue,
        waiting_longest_since=format_optional(waiting_longest),
    )
    return QueueOut(items=page.items, next=page.next, counts=counts)


def page_of_queue(call: Call, query: QueueQuery) -> Page[ReviewItemOut]:
    """Return a page of the queue without counting the whole of it."""
    call.allow_tenant(_REVIEWERS)
    window, now, reader = call.window("reviews", query), call.clock(), call.principal.id
    wanted = Wanted(now, query.kind, reader if query.mine else None, query.unclaimed, query.overdue)
    with call.reading() as session:
        rows = repository.queue(session, wanted, window.rows, _after(window))
        return window.page(
            rows,
            lambda row: ReviewItemOut.of(item_of(session, row, call.clock), now, reader),
            lambda row: f"{format_timestamp(row.place[0])} {row.place[1]}",
        )


def _after(window: Window) -> tuple[datetime, str] | None:
    if window.after is None:
        return None
    time, _, case_id = window.after.partition(" ")
    try:
        return parse_timestamp(time), case_id
    except ValueError as error:
        raise AccessError("access.bad_cursor") from error


@router.post("/reviews/next")
def claim_next_review(call: CurrentCall) -> NextOut:
    """Claim the most urgent case that you can decide now; two reviewers never get the same."""
    call.allow_tenant(_REVIEWERS)

    def work(session: TenantSession) -> Json:
        queued = claim_next(session, call.clock)
        if queued is None:
            return NextOut(item=None).model_dump_json()
        item = item_of(session, queued, call.clock)
        shown = ReviewItemOut.of(item, call.clock(), call.principal.id)
        return NextOut(item=shown).model_dump_json()

    # Kept as text: its hours have fractions, which canonical JSON has not.
    return NextOut.model_validate_json(str(call.once("reviews.next", (), work)))


@router.get("/cases/{case_id}/review")
def get_review(call: CurrentCall, case_id: str) -> ReviewOut:
    """Say who holds a case, and show the opinions that you may see."""
    inner = _inner(call, case_id)
    with inner.reading() as session:
        return _review(session, case_id, call)


@router.post("/cases/{case_id}/review/claim")
def claim_review(call: CurrentCall, case_id: str) -> ReviewOut:
    """Take a case up for 30 minutes from the last thing you do in it; again, to hold it for longer."""
    inner = _inner(call, case_id)
    with inner.writing() as session:
        claim(open_case(session, case_id, call.clock))
        return _review(session, case_id, call)


@router.post("/cases/{case_id}/review/release")
def release_review(call: CurrentCall, case_id: str) -> ReviewOut:
    """Give a case back to the queue."""
    inner = _inner(call, case_id)
    with inner.writing() as session:
        release(open_case(session, case_id, call.clock))
        return _review(session, case_id, call)


@router.get("/review-conflicts")
def list_conflicts(call: CurrentCall, query: Annotated[_ConflictsQuery, Query()]) -> Page[ConflictOut]:
    """List ties of reviewers to parties, those that ended as well; a reviewer sees its own."""
    call.allow_tenant(_REVIEWERS)
    window = call.window("review-conflicts", query)
    reviewer = query.reviewer if call.principal.role is Role.ADMIN else call.principal.id
    with call.reading() as session:
        rows = repository.conflicts(session, window.after_place, window.rows, reviewer)
        return window.page(rows, ConflictOut.of, place_of)


@router.post("/review-conflicts", status_code=201)
def add_conflict(call: CurrentCall, body: ConflictIn) -> ConflictOut:
    """Note that a reviewer is tied to a party: its cases go to others from now on."""
    call.allow_tenant(_REVIEWERS)

    def work(session: TenantSession) -> Json:
        reviewer = body.reviewer or call.principal.id
        row = set_conflict(session, reviewer, body.party, body.reason, call.clock)
        return ConflictOut.of(row).model_dump(mode="json")

    return ConflictOut.model_validate(call.once("reviews.conflict", (as_bytes(body),), work))


@router.delete("/review-conflicts/{conflict_id}", status_code=204)
def delete_conflict(call: CurrentCall, conflict_id: str) -> None:
    """Note that a reviewer is not tied to a party any more; the record of it stays."""
    call.allow_tenant(_ADMINS)
    with call.writing() as session:
        lift_conflict(session, conflict_id, call.clock)


@router.get("/reviewers")
def list_reviewers(call: CurrentCall, query: Annotated[PageQuery, Query()]) -> Page[ReviewerOut]:
    """List what the queue gives reviewers; one that is not listed gets every case."""
    call.allow_tenant(_REVIEWERS)
    window = call.window("reviewers", query)
    with call.reading() as session:
        rows = repository.reviewers(session, window.after_place, window.rows)
        return window.page(rows, ReviewerOut.of, place_of)


@router.put("/reviewers/{reviewer_id}")
def put_reviewer(call: CurrentCall, reviewer_id: str, body: ReviewerIn) -> ReviewerOut:
    """Set the skills of a reviewer: `next` gives it the cases that ask for no other."""
    call.allow_tenant(_ADMINS)
    with call.writing() as session:
        return ReviewerOut.of(set_skills(session, reviewer_id, body.skills, call.clock))


def _inner(call: Call, case_id: str) -> Call:
    call.allow_tenant(_REVIEWERS)
    inner, _ = case_call(call, case_id)
    return inner


def _review(session: TenantSession, case_id: str, call: Call) -> ReviewOut:
    row, reader = found(session, case_id), call.principal.id
    state = state_of(session, row)
    held = repository.open_review(session, case_id)
    given = [one for one in repository.reviews_of(session, case_id) if one.outcome is not None]
    _, sha256 = file_of(session, row, pack_by(session, state.filed.pack))
    is_third = len(state.opinions_on(sha256)) == 2 and held is not None and held.reviewer == reader
    if not is_third:  # what was thought before the last decision is no secret any more
        blind = {one.review for one in state.opinions}
        given = [one for one in given if one.reviewer == reader or one.id not in blind]
    opinions = [OpinionOut.of(one) for one in given]
    now = call.clock()
    queued = repository.queue(session, Wanted(now, case=case_id), 1)
    item = ReviewItemOut.of(item_of(session, queued[0], call.clock), now, reader) if queued else None
    return ReviewOut(case=case_id, held_by=held_out(held, now, reader), opinions=opinions, item=item)
