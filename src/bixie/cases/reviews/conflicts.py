"""Who must not decide a case: whoever is tied to a party, has acted for a side, or has reviewed it before."""

from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.cases.errors import NotYoursError
from bixie.cases.events import ReviewReleased
from bixie.cases.opening import OpenCase, open_case
from bixie.cases.reviews import repository
from bixie.cases.reviews.errors import ConflictError, NoSuchReviewThingError, ReviewError
from bixie.cases.reviews.models import CaseConflict, CaseReviewer
from bixie.cases.reviews.routing import routing
from bixie.cases.words import Side, Status
from bixie.identity import repository as identity
from bixie.kit.ids import new_id
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.rules import event_from_body
from bixie.ledger.service import NewEvent, append, lock

__all__ = ["TIES", "check_may_review", "lift_conflict", "set_conflict", "set_skills"]

TIES = ("family", "employment", "business", "dispute", "other")
"""Reasons for which a reviewer keeps away from a party."""
_FOR_SIDES = (Side.BUYER.value, Side.MERCHANT.value)


def check_may_review(case: OpenCase, file_sha256: str) -> None:
    """Refuse a reviewer who must keep away from a case.

    Parameters
    ----------
    case : OpenCase
        In the reviewer's session.
    file_sha256 : str
        Of the case file as it is now.

    Raises
    ------
    NotYoursError
        ``cases.same_person`` in an appeal, for whoever gave an opinion or decided before.
    ConflictError
        ``reviews.own_opinion``, ``reviews.acted_before`` or ``reviews.conflict_of_interest``.
    """
    person = case.session.principal.id
    if case.state.status is Status.APPEALED and person in case.state.reviewers:
        raise NotYoursError("cases.same_person")
    if any(one.person == person for one in case.state.opinions_on(file_sha256)):
        raise ConflictError("reviews.own_opinion")
    parties = [one for one in (case.row.party, case.row.buyer) if one]
    if repository.conflicts_of(case.session, person, parties):
        raise ConflictError("reviews.conflict_of_interest")
    if _has_acted(case.session, case.row.id, person):
        raise ConflictError("reviews.acted_before")


def _has_acted(session: TenantSession, case_id: str, person: str) -> bool:
    """Return whether somebody has done something in a case for the buyer or the merchant."""
    events = (event_from_body(row.body) for row in ledger.events_about(session, case_id))
    return any(one.actor == person and one.data.get("by") in _FOR_SIDES for one in events)


def set_conflict(
    session: TenantSession, reviewer: str, party: str, reason: str, clock: Clock = utc_now
) -> CaseConflict:
    """Note that a reviewer is tied to a party, and take cases of that party from them.

    Parameters
    ----------
    session : TenantSession
        Of an admin, or of the reviewer.
    reviewer : str
        Id of the person or key.
    party : str
    reason : str
        One of `TIES`.
    clock : callable

    Raises
    ------
    ConflictError
        ``reviews.only_your_own``.
    NoSuchReviewThingError
        ``reviews.no_such_reviewer`` or ``reviews.no_such_party``.
    """
    if session.principal.role is not Role.ADMIN and reviewer != session.principal.id:
        raise ConflictError("reviews.only_your_own")
    _check_reviewer(session, reviewer)
    if identity.party_by_id(session, party) is None:
        raise NoSuchReviewThingError("reviews.no_such_party")
    lock(session)
    there = repository.conflicts_of(session, reviewer, [party])
    if there:
        return there[0]
    now = clock()
    made = CaseConflict(
        id=new_id("conflict", lambda: now),
        tenant=session.principal.tenant,
        reviewer=reviewer,
        party=party,
        reason=reason,
        set_by=session.principal.id,
        since=now,
    )
    session.add(made)
    data = {"reviewer": reviewer, "party": party, "reason": reason}
    append(session, [NewEvent("reviewer.conflict_set", made.id, data, rows=(made,))], lambda: now)
    _take_back(session, reviewer, party, clock)
    return made


def _take_back(session: TenantSession, reviewer: str, party: str, clock: Clock) -> None:
    for review in repository.open_reviews_of(session, reviewer, party):
        case = open_case(session, review.case_id, clock)
        review.ended_at, review.ended_how = case.context.now, "conflict"
        case.record([ReviewReleased(by=Side.PLATFORM, review=review.id, why="conflict")], [review])


def lift_conflict(session: TenantSession, conflict_id: str, clock: Clock = utc_now) -> None:
    """Note that a reviewer is not tied to a party any more.

    Raises
    ------
    NoSuchReviewThingError
        ``reviews.no_such_conflict``.
    """
    lock(session)
    row = repository.conflict_by_id(session, conflict_id)
    if row is None:
        raise NoSuchReviewThingError("reviews.no_such_conflict")
    if row.until is not None:
        return
    now = clock()
    row.until = now
    data = {"reviewer": row.reviewer, "party": row.party}
    append(session, [NewEvent("reviewer.conflict_lifted", row.id, data, rows=(row,))], lambda: now)


def set_skills(
    session: TenantSession, reviewer: str, skills: list[str], clock: Clock = utc_now
) -> CaseReviewer:
    """Set what the queue gives a reviewer.

    Raises
    ------
    NoSuchReviewThingError
        ``reviews.no_such_reviewer``.
    ReviewError
        ``reviews.no_such_skill``.
    """
    _check_reviewer(session, reviewer)
    known = routing().skills
    unknown = next((one for one in skills if one not in known), None)
    if unknown is not None:
        raise ReviewError("reviews.no_such_skill", skill=unknown, skills=", ".join(known))
    lock(session)
    now = clock()
    row = repository.reviewer_by_id(session, reviewer)
    wanted = list(dict.fromkeys(skills))
    if row is None:
        row = CaseReviewer(id=reviewer, tenant=session.principal.tenant, skills=wanted, set_at=now)
        session.add(row)
    elif row.skills == wanted:
        return row
    row.skills, row.set_at = wanted, now
    append(session, [NewEvent("reviewer.skills_set", reviewer, {"skills": wanted}, rows=(row,))], lambda: now)
    return row


def _check_reviewer(session: TenantSession, reviewer: str) -> None:
    if identity.person_by_id(session, reviewer) is None and identity.key_by_id(session, reviewer) is None:
        raise NoSuchReviewThingError("reviews.no_such_reviewer")
