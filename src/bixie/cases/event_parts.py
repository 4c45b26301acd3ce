"""What the events of a case are made of: times, items, outcomes, and what happens to duties."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from bixie.cases.words import Audience, DutyKind, OnTimeout, OutcomeKind, Side
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import format_timestamp, parse_timestamp

__all__ = [
    "CaseEvent",
    "Consented",
    "DutyChanges",
    "DutyClosed",
    "DutyOpened",
    "DutyResumed",
    "Fact",
    "Item",
    "Moment",
    "Outcome",
    "PackReference",
]


def _read_moment(value: object) -> object:
    return parse_timestamp(value) if isinstance(value, str) else value


Moment = Annotated[
    datetime, BeforeValidator(_read_moment), PlainSerializer(format_timestamp, return_type=str)
]
"""A time as events write it: UTC with milliseconds."""


class Fact(BaseModel):
    """Base of what events are made of."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Item(Fact):
    """Some pieces of one line of the order.

    Parameters
    ----------
    position : int
        Of the line, from 0.
    count : int
    """

    position: int
    count: int


class Outcome(Fact):
    """What is to be done for the buyer.

    Parameters
    ----------
    kind : OutcomeKind
    amount_minor : int or None
        Of a refund.
    currency : str or None
    items : tuple of Item
        What is returned, exchanged, sent again or repaired.
    """

    kind: OutcomeKind
    amount_minor: int | None = None
    currency: str | None = None
    items: tuple[Item, ...] = ()


class Consented(Fact):
    """A notice that the buyer agreed to, in the version that was shown."""

    code: str
    text_version: str


class PackReference(Fact):
    """The policy pack that a case is heard by."""

    id: str
    version: int
    sha256: str


class DutyOpened(Fact):
    """A duty begins.

    Parameters
    ----------
    id : str
    kind : DutyKind
    owner : Side
    due_at : datetime
    length : dict
        As the pack has it: ``{"hours": 48}``.
    on_timeout : OnTimeout
    counted_from : datetime or None
        From when its time counts, if that is later than now.
    """

    id: str
    kind: DutyKind
    owner: Side
    due_at: Moment
    length: Mapping[str, int]
    on_timeout: OnTimeout
    counted_from: Moment | None = None


class DutyClosed(Fact):
    """A duty ends: done, overtaken by what happened, or out of time."""

    id: str
    how: str


class DutyResumed(Fact):
    """A duty that was paused runs on, with a new due time."""

    id: str
    due_at: Moment


class DutyChanges(Fact):
    """What an event does to duties."""

    open: tuple[DutyOpened, ...] = ()
    close: tuple[DutyClosed, ...] = ()
    pause: tuple[str, ...] = ()
    resume: tuple[DutyResumed, ...] = ()


class CaseEvent(Fact):
    """One event of a case."""

    type: ClassVar[str]
    seen_by: ClassVar[Audience] = Audience.ALL
    """Who sees in the thread that it happened."""
    by: Side
    duties: DutyChanges = DutyChanges()

    def data(self) -> dict[str, Json]:
        """Return the facts for the ledger."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"by": str(self.by)}
