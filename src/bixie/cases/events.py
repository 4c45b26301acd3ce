"""The events of a case as the ledger has them: type, facts, and what they do to duties. No personal data.

`bixie.cases.state.fold` makes the state of a case from its events; nothing else does.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from bixie.cases.after_decision_events import (
    NotReceived,
    Remedied,
    RemedyFailed,
    RemedyOrdered,
    ReturnReceived,
    ReturnSent,
    ReversalFailed,
    Reversed,
    SentBack,
    SentBackArrived,
    Settled,
)
from bixie.cases.event_parts import CaseEvent, Consented, Item, Moment, Outcome, PackReference
from bixie.cases.words import (
    Audience,
    Basis,
    NegotiationForm,
    OnTimeout,
    Service,
    Side,
)

__all__ = [
    "EVENTS",
    "AppealDecided",
    "Appealed",
    "CaseEvent",
    "Closed",
    "Decided",
    "DutyExtended",
    "DutyReminded",
    "DutyTimedOut",
    "Escalated",
    "ExhibitAdded",
    "FileReceived",
    "FileServed",
    "Filed",
    "Lowered",
    "MessagePosted",
    "Negotiated",
    "NotReceived",
    "OfferAnswered",
    "PersonRequested",
    "Rejected",
    "Remedied",
    "RemedyFailed",
    "RemedyOrdered",
    "ReturnReceived",
    "ReturnSent",
    "ReversalFailed",
    "Reversed",
    "ReviewClaimed",
    "ReviewOpinionGiven",
    "ReviewPassedOver",
    "ReviewReleased",
    "SentBack",
    "SentBackArrived",
    "Settled",
    "Supplemented",
    "TextsErased",
    "Withdrawn",
    "event_of",
]


class Filed(CaseEvent):
    """A buyer files a claim."""

    type: ClassVar[str] = "case.filed"
    order_id: str
    service: Service
    reason: str
    received: bool
    amount_minor: int
    currency: str
    paid_minor: int | None = None
    items: tuple[Item, ...]
    category: str | None = None
    previous: str | None = None
    """An earlier case about the same item, such as one that exchanged it."""
    wants_person: bool = False
    label: str | None = None
    """What exactly: key of the labels of `bixie.cases.claims`."""
    consents: tuple[Consented, ...] = ()
    filed_by: Side = Side.BUYER
    """Who filed it. What a merchant files for a buyer never counts against that buyer."""
    pack: PackReference


class ExhibitAdded(CaseEvent):
    """A side adds a file of evidence."""

    type: ClassVar[str] = "case.exhibit_added"
    exhibit: str
    role: str


class MessagePosted(CaseEvent):
    """Somebody writes in the thread."""

    type: ClassVar[str] = "case.message_posted"
    message: str
    audience: Audience = Audience.ALL


class Lowered(CaseEvent):
    """The buyer asks for less."""

    type: ClassVar[str] = "case.amount_lowered"
    amount_minor: int


class Rejected(CaseEvent):
    """The merchant rejects the claim, with a coded reason."""

    type: ClassVar[str] = "case.rejected"
    reason: str


class Negotiated(CaseEvent):
    """A side answers with something else."""

    type: ClassVar[str] = "case.negotiated"
    form: NegotiationForm
    asks_of: Side | None = None
    asks: tuple[str, ...] = ()
    code_word: str | None = None
    offer: str | None = None
    outcome: Outcome | None = None


class OfferAnswered(CaseEvent):
    """A side refuses an offer; accepting one is a decision."""

    type: ClassVar[str] = "case.offer_answered"
    offer: str
    accepted: bool


class Supplemented(CaseEvent):
    """A side adds to its evidence or its statement.

    Parameters
    ----------
    complete : bool
        It has nothing more to add. Otherwise it may go on until the deadline.
    """

    type: ClassVar[str] = "case.supplemented"
    complete: bool


class Withdrawn(CaseEvent):
    """The buyer withdraws the claim."""

    type: ClassVar[str] = "case.withdrawn"


class Escalated(CaseEvent):
    """The platform steps in."""

    type: ClassVar[str] = "case.escalated"
    why: str


class Decided(CaseEvent):
    """A decision, whatever its basis.

    Parameters
    ----------
    decision : str
        Id of its row, which has the record that replays it.
    basis : Basis
    outcome : Outcome
    reasons : tuple of str
        Codes.
    rules : tuple of str
        Of the pack.
    record_sha256 : str
    person : str or None
        Who confirmed it.
    persons : tuple of str
        Everybody who reviewed it, where a second or third person did.
    replaces : str or None
        The decision that an appeal overturned.
    examiners : tuple of str or None
        Whose findings the verdicts of the buyer's files rest on, with their versions; None in events of
        earlier versions, which do not say.
    """

    type: ClassVar[str] = "case.decided"
    decision: str
    basis: Basis
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    record_sha256: str
    person: str | None = None
    persons: tuple[str, ...] = ()
    replaces: str | None = None
    appeal_until: Moment | None = None
    examiners: tuple[str, ...] | None = None


class Appealed(CaseEvent):
    """A side appeals the decision."""

    type: ClassVar[str] = "case.appealed"
    decision: str
    reason: str


class AppealDecided(CaseEvent):
    """Another person has decided the appeals against a decision. An overturned one is followed by a new one.

    Parameters
    ----------
    decision : str
    overturned : bool
    person : str
    reasons : tuple of str
    persons : tuple of str
        Everybody who reviewed it, where a second or third person did.
    review : str or None
        Id of the row that has the note for both sides, where the decision stands.
    """

    type: ClassVar[str] = "case.appeal_decided"
    decision: str
    overturned: bool
    person: str
    reasons: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    review: str | None = None


class DutyExtended(CaseEvent):
    """A duty has more time."""

    type: ClassVar[str] = "case.duty_extended"
    duty: str
    due_at: Moment
    why: str


class DutyReminded(CaseEvent):
    """The side that owes was reminded."""

    type: ClassVar[str] = "case.duty_reminded"
    duty: str
    hours: int


class DutyTimedOut(CaseEvent):
    """Time ran out; events after this one say what follows."""

    type: ClassVar[str] = "case.duty_timed_out"
    duty: str
    on_timeout: OnTimeout


class FileServed(CaseEvent):
    """The case file was put before a side: what the evidence is and which rules apply.

    Parameters
    ----------
    to : Side
    file_sha256 : str
        Of the list of everything in it.
    """

    type: ClassVar[str] = "case.file_served"
    to: Side
    file_sha256: str


class FileReceived(CaseEvent):
    """A side has opened the case file that was served."""

    type: ClassVar[str] = "case.file_received"
    file_sha256: str


class PersonRequested(CaseEvent):
    """The buyer asks for a person."""

    type: ClassVar[str] = "case.person_requested"


class ReviewClaimed(CaseEvent):
    """A reviewer takes the case up; until it is given back, or its time is over, no other decides.

    Parameters
    ----------
    review : str
        Id of its row.
    person : str
    kind : str
        ``review`` or ``appeal``.
    """

    type: ClassVar[str] = "case.review_claimed"
    seen_by: ClassVar[Audience] = Audience.PLATFORM
    review: str
    person: str
    kind: str


class ReviewReleased(CaseEvent):
    """A reviewer gives the case back undecided."""

    type: ClassVar[str] = "case.review_released"
    seen_by: ClassVar[Audience] = Audience.PLATFORM
    review: str
    why: str


class ReviewPassedOver(CaseEvent):
    """The queue did not give the case to a reviewer who must not decide it."""

    type: ClassVar[str] = "case.review_passed_over"
    seen_by: ClassVar[Audience] = Audience.PLATFORM
    person: str
    why: str


class ReviewOpinionGiven(CaseEvent):
    """A reviewer has said how to decide; another person says so too, without having seen it.

    Outcome and reasons stand in the row of the review as commitments: whoever reads the ledger does not learn
    them before the decision.

    Parameters
    ----------
    review : str
    person : str
    file_sha256 : str
        Of the case file that it rests on; with other evidence it does not count any more.
    agrees : bool or None
        With the one before; None for the first.
    """

    type: ClassVar[str] = "case.review_opinion_given"
    seen_by: ClassVar[Audience] = Audience.PLATFORM
    review: str
    person: str
    file_sha256: str
    agrees: bool | None = None


class Closed(CaseEvent):
    """Nothing more happens, unless an appeal is still possible."""

    type: ClassVar[str] = "case.closed"
    why: str


class TextsErased(CaseEvent):
    """What people wrote in the case was erased, on request."""

    type: ClassVar[str] = "case.texts_erased"


EVENTS: Mapping[str, type[CaseEvent]] = {
    one.type: one
    for one in (
        *(Filed, ExhibitAdded, MessagePosted, Lowered, Rejected, Negotiated, OfferAnswered, Supplemented),
        *(Withdrawn, Escalated, Decided, ReturnSent, ReturnReceived, RemedyOrdered, Remedied, RemedyFailed),
        *(SentBack, SentBackArrived, NotReceived, Reversed, ReversalFailed, Settled),
        *(Appealed, AppealDecided, DutyExtended, DutyReminded, DutyTimedOut, FileServed, FileReceived),
        *(ReviewClaimed, ReviewReleased, ReviewPassedOver, ReviewOpinionGiven, PersonRequested, Closed),
        TextsErased,
    )
}
"""By type."""


def event_of(type_: str, data: Mapping[str, Any]) -> CaseEvent | None:
    """Return an event of the ledger; None for one that does not change a case, such as an erasure.

    Raises
    ------
    pydantic.ValidationError
        For an event that Bixie did not write.
    """
    model = EVENTS.get(type_)
    return None if model is None else model.model_validate(data)
