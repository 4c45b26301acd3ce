"""What a person owes: counts, and the cases that are due next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from bixie.access.call import Call
from bixie.access.paging import PageQuery
from bixie.access.principal import Principal, Role
from bixie.cases import repository
from bixie.cases.answer import Reader, summaries
from bixie.cases.listing import CaseListing, Sort, list_cases
from bixie.cases.requests import Asked
from bixie.cases.reviews import repository as reviews
from bixie.cases.schemas import CaseSummary
from bixie.cases.words import Side
from bixie.kit.due_time import reader_zone
from bixie.remedies.by_hand import by_hand
from bixie.web.pages import zone_key_of
from bixie.web.ui.navigation import DESK, REVIEWS
from bixie.web.visits import Visit

__all__ = ["Owed", "owed_by"]

_NEXT = 5
"""So many cases are shown; the place of work has all."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed at one place of work.

    Parameters
    ----------
    place : str
        Path of the place.
    side : Side
    all, today, overdue : int
        Cases that wait: all, those due until midnight of the reader, and those whose time is over.
    next : sequence of CaseSummary
        The most urgent.
    by_hand : int
        Cases that somebody of the platform must see to besides reviews.
    """

    place: str
    side: Side
    all: int
    today: int
    overdue: int
    next: Sequence[CaseSummary]
    by_hand: int = 0


def owed_by(visit: Visit) -> list[Owed]:
    """Return what the person of a visit owes, at each place where it works with cases."""
    return [_owed(visit, place, side) for place, side in _places_of(visit.principal)]


def _places_of(principal: Principal) -> list[tuple[str, Side]]:
    found = []
    if principal.role in {Role.CLERK, Role.ADMIN}:
        found.append((DESK, Side.MERCHANT))
    if principal.role in {Role.REVIEWER, Role.ADMIN} and principal.party is None:
        found.append((REVIEWS, Side.PLATFORM))
    return found


def _owed(visit: Visit, place: str, side: Side) -> Owed:
    call = visit.call()
    zone_key = zone_key_of(visit.request)
    now = call.clock()
    tomorrow = _midnight_after(now, reader_zone(zone_key))
    if side is Side.PLATFORM:
        return _to_review(call, place, now, tomorrow, zone_key)
    with call.reading() as session:
        waiting = repository.count_due(session, side)
        overdue = repository.count_due(session, side, before=now)
        today = repository.count_due(session, side, before=tomorrow)
    asked = Asked(side=None, zone=zone_key)  # a platform's clerk sees what merchants owe, and acts for none
    listing = CaseListing(sort=Sort.DUE, waiting_for=side)
    found = list_cases(call, listing, PageQuery(cursor=None, limit=_NEXT), asked)
    whole = waiting if found.next else len(found.items)  # also where another side owes something before
    return Owed(place, side, whole, today, overdue, found.items)


def _to_review(call: Call, place: str, now: datetime, tomorrow: datetime, zone_key: str | None) -> Owed:
    with call.reading() as session:
        totals = reviews.totals(session, now, tomorrow)
        queued = reviews.queue(session, reviews.Wanted(now), _NEXT)
        as_reader = Reader(Side.PLATFORM, call.clock, reader_zone(zone_key))
        found = summaries(session, [(one.case, as_reader) for one in queued])
    found.sort(key=lambda one: one.deadline or "")
    others = len(by_hand(call, Asked(side=None, zone=zone_key)))
    return Owed(place, Side.PLATFORM, totals.all, totals.soon, totals.overdue, found, others)


def _midnight_after(moment: datetime, zone: tzinfo) -> datetime:
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time.min, zone)
