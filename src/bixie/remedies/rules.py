"""How far a remedy is and what may follow. Pure."""

from datetime import timedelta
from enum import StrEnum
from typing import Literal

from bixie.jobs.rules import Retries
from bixie.remedies.gateway import Kind, Past
from bixie.remedies.models import Remedy, State

__all__ = ["OPEN", "RETRIES", "Failure", "Reported", "is_to_be_sent", "known_of", "was_never_carried_out"]

RETRIES = Retries(
    max_attempts=15, initial_wait=timedelta(seconds=5), max_wait=timedelta(hours=12), multiplier=4
)
"""5 s, 20 s, 80 s … 12 h. All attempts take two to four days: a system that is down over a weekend."""

OPEN = (State.WAITING, State.SENT, State.FAILED, State.REVERSING, State.IRREVERSIBLE)
"""States in which somebody still has something to do."""


class Failure(StrEnum):
    """Why a remedy failed."""

    REFUSED = "refused"
    """The gateway will never accept the order."""
    UNANSWERED = "unanswered"
    """The gateway did not accept it in any attempt. Whether the order arrived is not known."""
    NO_SUCH_ORDER = "no_such_order"
    OUT_OF_STOCK = "out_of_stock"
    ACCOUNT_CLOSED = "account_closed"
    OVER_LIMIT = "over_limit"
    SHIPPED = "shipped"
    """The goods cannot be stopped any more."""
    OTHER = "other"


Reported = Literal[
    Failure.NO_SUCH_ORDER,
    Failure.OUT_OF_STOCK,
    Failure.ACCOUNT_CLOSED,
    Failure.OVER_LIMIT,
    Failure.SHIPPED,
    Failure.OTHER,
]
"""What somebody outside can say: it was not carried out, and will not be."""

_BY_THE_GATEWAY = (None, Failure.REFUSED, Failure.UNANSWERED)


def is_to_be_sent(remedy: Remedy) -> bool:
    """Return whether an attempt may send the order: one that was given up, too, once its job is retried.

    A repair is never sent, because nobody takes such orders yet; nor is what the outside has said no to.
    """
    is_open = remedy.state in (State.WAITING, State.FAILED)
    return is_open and remedy.kind != Kind.REPAIR and remedy.failure in _BY_THE_GATEWAY


def was_never_carried_out(remedy: Remedy) -> bool:
    """Return whether it is certain that the outside did nothing, so that nothing is to be taken back."""
    if remedy.confirmed_at is not None:
        return False
    if remedy.kind == Kind.REPAIR:
        return True
    return remedy.state == State.FAILED and remedy.failure != Failure.UNANSWERED


def known_of(remedy: Remedy) -> Past:
    """Return what is known of an order that is to be taken back."""
    if remedy.confirmed_at is not None:
        return "confirmed"
    return "unanswered" if remedy.sent_at is None else "sent"
