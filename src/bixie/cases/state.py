"""The state of a case: everything that its rules ask. `bixie.cases.folding` makes it from the events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bixie.cases import events as happened
from bixie.cases.event_parts import Outcome
from bixie.cases.events import CaseEvent
from bixie.cases.words import (
    Basis,
    DutyKind,
    OnTimeout,
    OutcomeKind,
    Service,
    Side,
    Stage,
    Status,
)

__all__ = ["AppealState", "CaseState", "Dated", "DecisionState", "DutyState", "OfferState", "OpinionState"]

_OF_BUYER_IN_AFTER_SALES = frozenset({DutyKind.CHOOSE, DutyKind.RESPOND, DutyKind.SUPPLEMENT})
_OF_RETURN = frozenset({DutyKind.RETURN, DutyKind.INSPECT})
_OF_SENDING_BACK = frozenset({DutyKind.SEND_BACK, DutyKind.FOLLOW_UP})


class Dated(NamedTuple):
    """An event with its time and its number in the ledger."""

    sequence: int
    time: datetime
    event: CaseEvent


@dataclass(frozen=True, slots=True)
class DutyState:
    """A duty, and whether it runs.

    Parameters
    ----------
    id : str
    kind : DutyKind
    owner : Side
    opened_at, due_at : datetime
        It is counted from `opened_at`.
    length : mapping
        As the pack has it.
    on_timeout : OnTimeout
    why : str
        Type of the event that opened it.
    opened_by : int
        Number of that event.
    paused_at : datetime or None
    pauses : tuple of (datetime, datetime)
        From when to when it was paused.
    answered_at : datetime or None
        The first answer; more may follow until the duty is closed.
    closed_at : datetime or None
    closed_how : str or None
    extended : tuple of str
        Why it got more time, each time.
    reminded : tuple of int
        Hours before the due time, of reminders that were sent.
    """

    id: str
    kind: DutyKind
    owner: Side
    opened_at: datetime
    due_at: datetime
    length: Mapping[str, int]
    on_timeout: OnTimeout
    why: str
    opened_by: int
    paused_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    closed_how: str | None = None
    extended: tuple[str, ...] = ()
    reminded: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is owed, now or once a pause ends."""
        return self.closed_at is None

    @property
    def runs(self) -> bool:
        """Whether its time runs."""
        return self.closed_at is None and self.paused_at is None


@dataclass(frozen=True, slots=True)
class OfferState:
    """An offer of a side; `answer` is None while it is open."""

    id: str
    by: Side
    outcome: Outcome
    made_at: datetime
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionState:
    """A decision."""

    id: str
    basis: Basis
    outcome: Outcome
    decided_at: datetime
    person: str | None
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    appeal_until: datetime | None
    persons: tuple[str, ...] = ()
    is_overturned: bool = False


@dataclass(frozen=True, slots=True)
class OpinionState:
    """What a reviewer thinks of a case that another person reviews as well; its row says what."""

    review: str
    person: str
    file_sha256: str
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class AppealState:
    """An appeal against a decision; `overturned` is None until it is decided, together with the other side's.

    `review` is the id of the row with the note for both sides, where the decision stands.
    """

    by: Side
    decision: str
    reason: str
    made_at: datetime
    overturned: bool | None = None
    decided_at: datetime | None = None
    person: str | None = None
    persons: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    review: str | None = None


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything that the rules of a case ask.

    Parameters
    ----------
    filed : Filed
    filed_at : datetime
    stage : Stage
    amount_minor : int
        What the buyer asks for now; it only goes down.
    duties : mapping of str to DutyState
        All of them, in the order in which they were opened.
    offers : mapping of str to OfferState
    decisions : tuple of DecisionState
        The last one stands.
    appeals : tuple of AppealState
    exhibits : mapping of str to (Side, str)
        Who added it, and its role.
    messages : mapping of Side to int
        How many each side has written.
    spoken : frozenset of Side
        Who has written or shown something.
    rejected_at : datetime or None
        The merchant's last refusal.
    rejection : str or None
        Its coded reason.
    asked : tuple of str
        What evidence the buyer was last asked for.
    code_word : str or None
        To be written on paper beside the goods.
    challenge : {"none", "open", "answered", "unanswered"}
    served, received : mapping of Side to str
        Hash of the case file that was last served to a side, and that it last opened.
    served_at : mapping of Side to datetime
    wants_person : bool
    returned : str or None
        ``sent``, or what the inspection found.
    sent_back : {None, "sent", "arrived"}
        What became of goods that the merchant may not keep.
    not_received : bool
        The buyer has said that nothing came of what was last sent.
    is_withdrawn : bool
        The buyer has withdrawn; where the merchant has the goods, they come back first.
    reversal_failed : bool
        The remedy of an overturned decision could not be taken back.
    remedy : str or None
        Id of what was ordered for the decision that stands.
    remedy_state : {None, "ordered", "carried_out", "failed"}
    closed_why : str or None
    opinions : tuple of OpinionState
        Since the last decision, the oldest first.
    reviewers : tuple of str
        Everybody who gave an opinion or decided, ever.
    passed_over : tuple of str
        To whom the queue did not give the case.
    lowered : int
        How often the amount went down.
    supplements : dict of Side to int
        How often each side added to its evidence or statement.
    last : int
        Number of the last event.
    last_at : datetime or None
        Its time.
    """

    filed: happened.Filed
    filed_at: datetime
    stage: Stage
    amount_minor: int
    duties: Mapping[str, DutyState] = field(default_factory=dict)
    offers: Mapping[str, OfferState] = field(default_factory=dict)
    decisions: tuple[DecisionState, ...] = ()
    appeals: tuple[AppealState, ...] = ()
    exhibits: Mapping[str, tuple[Side, str]] = field(default_factory=dict)
    messages: Mapping[Side, int] = field(default_factory=dict)
    spoken: frozenset[Side] = frozenset()
    rejected_at: datetime | None = None
    rejection: str | None = None
    asked: tuple[str, ...] = ()
    code_word: str | None = None
    challenge: str = "none"
    served: Mapping[Side, str] = field(default_factory=dict)
    served_at: Mapping[Side, datetime] = field(default_factory=dict)
    received: Mapping[Side, str] = field(default_factory=dict)
    wants_person: bool = False
    returned: str | None = None
    sent_back: str | None = None
    not_received: bool = False
    is_withdrawn: bool = False
    reversal_failed: bool = False
    remedy: str | None = None
    remedy_state: str | None = None
    closed_why: str | None = None
    opinions: tuple[OpinionState, ...] = ()
    reviewers: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    lowered: int = 0
    supplements: Mapping[Side, int] = field(default_factory=dict)
    last: int = 0
    last_at: datetime | None = None

    @property
    def status(self) -> Status:
        """How far the case has come."""
        if self.appeal is not None:
            return Status.APPEALED
        if self.closed_why is not None:
            return Status.CLOSED
        if self.is_withdrawn:
            return Status.RETURNING
        if self.decision is not None:
            return self._status_of_decision()
        if self.stage is Stage.PLATFORM:
            return Status.IN_REVIEW
        waits_for_buyer = any(one.kind in _OF_BUYER_IN_AFTER_SALES for one in self.running)
        return Status.AWAITING_BUYER if waits_for_buyer else Status.AWAITING_MERCHANT

    def _status_of_decision(self) -> Status:
        if any(one.kind in _OF_RETURN for one in self.running):
            return Status.RETURNING
        if self.remedy is not None or self.is_reversing:
            return Status.REMEDYING
        left = {one.kind for one in self.running}
        return Status.RETURNING if left and left <= _OF_SENDING_BACK else Status.DECIDED

    @property
    def running(self) -> tuple[DutyState, ...]:
        """Duties whose time runs, the most urgent first."""
        return tuple(sorted((one for one in self.duties.values() if one.runs), key=lambda one: one.due_at))

    @property
    def deadline(self) -> DutyState | None:
        """The duty that is due next."""
        return next(iter(self.running), None)

    @property
    def decision(self) -> DecisionState | None:
        """The decision that stands."""
        last = self.decisions[-1] if self.decisions else None
        return None if last is None or last.is_overturned else last

    @property
    def appeal(self) -> AppealState | None:
        """The appeal that is not decided yet, the first where both sides appeal."""
        return next((one for one in self.appeals if one.overturned is None), None)

    @property
    def open_offer(self) -> OfferState | None:
        """The offer that waits for an answer; there is one at a time."""
        return next((one for one in self.offers.values() if one.answer is None), None)

    @property
    def goods_are_back(self) -> bool:
        """Whether the merchant has the returned goods before it, whatever it found."""
        return self.merchant_has_goods and self.returned != "sent"

    @property
    def merchant_has_goods(self) -> bool:
        """Whether the buyer has sent the goods, and they did not come back from the merchant."""
        return self.returned is not None and self.sent_back is None

    @property
    def is_reversing(self) -> bool:
        """Whether the remedy of an overturned decision is still to be taken back."""
        return self.duty(DutyKind.REVERSE) is not None

    @property
    def asks_for(self) -> Outcome:
        """What the claim asks for, as an outcome."""
        kinds = {
            Service.REFUND_ONLY: OutcomeKind.REFUND,
            Service.RETURN_REFUND: OutcomeKind.RETURN_REFUND,
            Service.EXCHANGE: OutcomeKind.EXCHANGE,
            Service.REPLENISH: OutcomeKind.REPLENISH,
            Service.REPAIR: OutcomeKind.REPAIR,
        }
        kind = kinds[self.filed.service]
        paid = kind in (OutcomeKind.REFUND, OutcomeKind.RETURN_REFUND)
        return Outcome(
            kind=kind,
            amount_minor=self.amount_minor if paid else None,
            currency=self.filed.currency if paid else None,
            items=self.filed.items,
        )

    def duty(self, kind: DutyKind, owner: Side | None = None) -> DutyState | None:
        """Return the open duty of a kind, if there is one."""
        return next(
            (
                one
                for one in self.duties.values()
                if one.is_open and one.kind is kind and owner in (None, one.owner)
            ),
            None,
        )

    def opinions_on(self, file_sha256: str) -> tuple[OpinionState, ...]:
        """Return the opinions that rest on a case file; one about other evidence counts no more."""
        return tuple(one for one in self.opinions if one.file_sha256 == file_sha256)
