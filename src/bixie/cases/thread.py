"""The thread of a case: who wrote what when, each message for its audience."""

from collections.abc import Sequence

from bixie.cases.claims.loading import claim_options
from bixie.cases.errors import NotYoursError, RefusedCaseError
from bixie.cases.events import MessagePosted
from bixie.cases.hearing_rules import may_speak
from bixie.cases.models import CaseMessage
from bixie.cases.opening import OpenCase
from bixie.cases.words import Audience, Side

__all__ = ["BESIDE", "may_see", "new_message", "post"]

BESIDE = "beside"
"""`about` of a message that is no part of the case file: a reviewer's, or a side's after its hearing."""
_READERS = {
    Audience.ALL: frozenset(Side),
    Audience.BUYER: frozenset({Side.BUYER, Side.PLATFORM}),
    Audience.MERCHANT: frozenset({Side.MERCHANT, Side.PLATFORM}),
    Audience.PLATFORM: frozenset({Side.PLATFORM}),
}


def may_see(audience: Audience, side: Side) -> bool:
    """Return whether a side may read what has an audience."""
    return side in _READERS[audience]


def post(
    case: OpenCase,
    side: Side,
    text: str,
    *,
    audience: Audience = Audience.ALL,
    exhibits: Sequence[str] = (),
) -> CaseMessage:
    """Write in the thread.

    Raises
    ------
    NotYoursError
        ``cases.not_your_audience`` for an audience that the side does not belong to.
    RefusedCaseError
        ``cases.text_length``, ``cases.too_many_messages``, or ``cases.no_such_exhibit`` for a file that is
        not in the case.
    """
    row, event = new_message(case, side, text, audience=audience, exhibits=exhibits)
    case.record([event], [row])
    return row


def new_message(
    case: OpenCase,
    side: Side,
    text: str,
    *,
    audience: Audience = Audience.ALL,
    exhibits: Sequence[str] = (),
    about: str | None = None,
) -> tuple[CaseMessage, MessagePosted]:
    """Return the row and the event of a message, to be recorded with what it belongs to.

    Raises
    ------
    CaseError
        Those of `post`.
    """
    if side not in _READERS[audience]:
        raise NotYoursError("cases.not_your_audience")
    limits = claim_options().limits
    if not 0 < len(text.strip()) <= limits.text_characters:
        raise RefusedCaseError("cases.text_length", maximum=limits.text_characters)
    # What goes with an action has the action's own number: nobody who fills the thread may block an answer, a
    # return or an appeal of the other side.
    if about is None and case.state.messages.get(side, 0) >= limits.messages_per_side:
        raise RefusedCaseError("cases.too_many_messages", maximum=limits.messages_per_side)
    unknown = next((one for one in exhibits if one not in case.state.exhibits), None)
    if unknown is not None:
        raise RefusedCaseError("cases.no_such_exhibit", exhibit=unknown[:80])
    # A reviewer's request stays with what it asks for; an offer's words after the hearing are late as any.
    spoken = about is None or side is not Side.PLATFORM
    late = spoken and not may_speak(case.state, side, case.context.now)
    row = CaseMessage(
        id=case.context.new_id("message"),
        tenant=case.row.tenant,
        case_id=case.row.id,
        side=str(side),
        author=case.session.principal.id,
        audience=str(audience),
        about=BESIDE if late else about,
        text=text.strip(),
        exhibits=list(exhibits),
        posted_at=case.context.now,
    )
    case.session.add(row)
    return row, MessagePosted(by=side, message=row.id, audience=audience)
