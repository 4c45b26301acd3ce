"""The words of a case: sides, stages, statuses, actions, duties. messages.toml names them for people."""

from enum import StrEnum

__all__ = [
    "OWED_TOGETHER",
    "Action",
    "Audience",
    "Basis",
    "DutyKind",
    "NegotiationForm",
    "OnTimeout",
    "OutcomeKind",
    "Service",
    "Side",
    "Stage",
    "Status",
]


class Side(StrEnum):
    """Who acts in a case, or owes something."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    PLATFORM = "platform"
    """The tenant's own reviewers and programs."""


class Stage(StrEnum):
    """A claim is first between buyer and merchant; the platform steps in afterwards."""

    AFTER_SALES = "after_sales"
    PLATFORM = "platform"


class Status(StrEnum):
    """How far a case has come. It is folded from the case's events."""

    AWAITING_MERCHANT = "awaiting_merchant"
    AWAITING_BUYER = "awaiting_buyer"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    """Against the claim, while an appeal is open; for it, until the remedy is ordered."""
    RETURNING = "returning"
    REMEDYING = "remedying"
    APPEALED = "appealed"
    CLOSED = "closed"


class Service(StrEnum):
    """What a buyer asks for. A partial refund is `REFUND_ONLY` with less."""

    REFUND_ONLY = "refund_only"
    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"
    REPLENISH = "replenish"
    REPAIR = "repair"


class Action(StrEnum):
    """What a side can do next."""

    ACCEPT = "accept"
    REJECT = "reject"
    NEGOTIATE = "negotiate"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    ESCALATE = "escalate"
    DECIDE = "decide"
    APPEAL = "appeal"
    NOT_RECEIVED = "not_received"
    """Of a buyer to whom nothing came of what was said to be sent."""


class NegotiationForm(StrEnum):
    """The three forms of a merchant's answer that is neither yes nor no."""

    AGREED_WITHDRAW = "agreed_withdraw"
    """Agreed elsewhere: the buyer is invited to withdraw the claim."""
    ASK_EVIDENCE = "ask_evidence"
    PROPOSE = "propose"
    """Another claim. A buyer's counter-offer has this form as well."""


class DutyKind(StrEnum):
    """What a side owes."""

    ANSWER = "answer"
    CHOOSE = "choose"
    RESPOND = "respond"
    SUPPLEMENT = "supplement"
    HEARING = "hearing"
    REVIEW = "review"
    RETURN = "return"
    INSPECT = "inspect"
    APPEAL = "appeal"
    REVIEW_APPEAL = "review_appeal"
    CARRY_OUT = "carry_out"
    SEND_BACK = "send_back"
    """Of a merchant that has the buyer's goods and may not keep them."""
    REVERSE = "reverse"
    """Of the platform: the remedy of an overturned decision is taken back before another one is ordered."""
    FOLLOW_UP = "follow_up"
    """Of the platform: goods that were to be sent back are overdue, or what was sent has not come."""


OWED_TOGETHER = (DutyKind.HEARING, DutyKind.SUPPLEMENT, DutyKind.RESPOND)
"""What several sides can owe at the same time, whoever is due first."""


class OnTimeout(StrEnum):
    """What follows when time runs out. It is announced with the duty."""

    ESCALATE = "escalate"
    ACCEPT = "accept"
    CLOSE = "close"
    CONTINUE = "continue"
    REMIND = "remind"
    """Nothing follows by itself: a person is reminded until it is done."""


class Basis(StrEnum):
    """Why a decision stands."""

    AGREEMENT = "agreement"
    POLICY = "policy"
    """Paid without a person, where the pack and the merchant allow it."""
    SILENCE = "silence"
    """The merchant did not answer in time, and the announced default was to accept."""
    RULING = "ruling"


class OutcomeKind(StrEnum):
    """What a decision comes to."""

    REFUSE = "refuse"
    REFUND = "refund"
    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"
    REPLENISH = "replenish"
    REPAIR = "repair"


class Audience(StrEnum):
    """Who may read a message."""

    ALL = "all"
    BUYER = "buyer"
    """Buyer and platform."""
    MERCHANT = "merchant"
    """Merchant and platform."""
    PLATFORM = "platform"
