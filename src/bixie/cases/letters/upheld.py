"""The letter about an appeal after which the decision stands."""

from bixie.access.tenancy import TenantSession
from bixie.cases.errors import NotNowError
from bixie.cases.events import AppealDecided
from bixie.cases.folding import fold
from bixie.cases.letters.letter import Letter, letter_of_appeal
from bixie.cases.models import Case
from bixie.cases.opening import context_at, events_of
from bixie.cases.packs.lookup import pack_by
from bixie.cases.reviews import repository as reviews
from bixie.cases.words import Side

__all__ = ["letter_of_upheld"]


def letter_of_upheld(session: TenantSession, row: Case, side: Side) -> Letter:
    """Return the letter about the last appeal that changed nothing, for one side.

    Raises
    ------
    NotNowError
        ``cases.no_upheld_appeal``.
    """
    events = events_of(session, row.id)
    decided = ((one.sequence, one.event) for one in events if isinstance(one.event, AppealDecided))
    upheld = [(number, event.review) for number, event in decided if not event.overturned]
    if not upheld:
        raise NotNowError("cases.no_upheld_appeal")
    number, kept = upheld[-1]
    review = None if kept is None else reviews.review_by_id(session, kept)
    until = [one for one in events if one.sequence <= number]
    state = fold(until)
    context = context_at(pack_by(session, state.filed.pack), lambda: until[-1].time)
    return letter_of_appeal(state, context, None if review is None else review.note, row.id, side)
