"""Tables of cases. Each row is stated by the events of its case; `bixie.cases.service` alone writes them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Index, column
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import TenantOwned, TwoPartyOwned
from bixie.kit.canonical_json import Json
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base, CanonicalJson

__all__ = ["Case", "CaseDecision", "CaseDraft", "CaseExhibit", "CaseFile", "CaseMessage", "CaseOffer", "Duty"]


_STILL_OWED = column("closed_at").is_(None)
_BY_KIND = ("tenant", "kind", "due_at", "case_id")


def _by_due(*owner: str, more: Sequence[str] = ("status", "waiting_for")) -> Iterator[Index]:
    """Return the indexes of lists by due time: of all cases, of a status, of the side that owes."""
    due = column("deadline_at").is_not(None)
    for narrowed in ((), *((one,) for one in more)):
        columns = (*owner, *narrowed, "deadline_at", "id")
        yield Index(None, *columns, sqlite_where=due, postgresql_where=due)


class Case(Sequenced, Recorded, TwoPartyOwned, Base):
    """One claim about one order, and how far it has come.

    Its events say how far; the columns that repeat it are for lists.
    """

    __tablename__ = "cases"  # `case` is a word of SQL
    __table_args__ = (
        Index(None, "tenant", "sequence", "id"),
        Index(None, "tenant", "party", "sequence", "id"),
        Index(None, "tenant", "buyer", "sequence", "id"),
        Index(None, "tenant", "order_id", "sequence", "id"),
        Index(None, "tenant", "status", "sequence", "id"),
        Index(None, "tenant", "party", "status", "sequence", "id"),
        Index(None, "tenant", "waiting_for", "sequence", "id"),
        Index(None, "tenant", "party", "waiting_for", "sequence", "id"),
        *_by_due("tenant"),
        *_by_due("tenant", "party"),
        *_by_due("tenant", "buyer", more=()),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str]
    previous: Mapped[str | None]
    service: Mapped[str]
    reason: Mapped[str]
    text: Mapped[str | None]
    """What the buyer wrote."""
    filed_at: Mapped[datetime]
    status: Mapped[str]
    stage: Mapped[str]
    waiting_for: Mapped[str | None]
    """The side that owes what is due next."""
    deadline_at: Mapped[datetime | None]
    amount_minor: Mapped[int]
    """What is asked for now."""
    currency: Mapped[str]

    recorded = Columns(
        plain=(
            *("party", "buyer", "order_id", "previous", "service", "reason", "filed_at"),
            *("status", "stage", "waiting_for", "deadline_at", "amount_minor", "currency"),
        ),
        personal=("text",),
        # A case that was filed without a buyer's party gets one with the first link for the buyer.
        changing=("buyer", "status", "stage", "waiting_for", "deadline_at", "amount_minor"),
    )


class Duty(Sequenced, Recorded, TenantOwned, Base):
    """What a side owes by when."""

    __tablename__ = "case_duty"
    __table_args__ = (
        Index(None, "tenant", "case_id", "sequence", "id"),
        Index(None, "sweep_at", "tenant"),
        Index(None, *_BY_KIND, sqlite_where=_STILL_OWED, postgresql_where=_STILL_OWED),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    kind: Mapped[str]
    owner: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    on_timeout: Mapped[str]
    paused_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_how: Mapped[str | None]
    sweep_at: Mapped[datetime | None]
    """When the next thing happens by itself: a reminder, or the end. None where nothing does."""

    recorded = Columns(
        plain=(
            *("case_id", "kind", "owner", "opened_at", "due_at", "on_timeout"),
            *("paused_at", "closed_at", "closed_how", "sweep_at"),
        ),
        changing=("due_at", "paused_at", "closed_at", "closed_how", "sweep_at"),
    )


class CaseExhibit(Sequenced, Recorded, TenantOwned, Base):
    """A file of evidence in a case."""

    __tablename__ = "case_exhibit"
    __table_args__ = (Index(None, "tenant", "exhibit_id"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    exhibit_id: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    role: Mapped[str]
    added_at: Mapped[datetime]

    recorded = Columns(plain=("side", "role", "added_at"))


class CaseMessage(Sequenced, Recorded, TenantOwned, Base):
    """One message of the thread."""

    __tablename__ = "case_message"
    __table_args__ = (Index(None, "tenant", "case_id", "sequence", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    side: Mapped[str]
    author: Mapped[str]
    """Id of the person, key or program that wrote it."""
    audience: Mapped[str]
    about: Mapped[str | None]
    """The action it was written with, such as `reject`."""
    text: Mapped[str | None]
    exhibits: Mapped[list[str]] = mapped_column(CanonicalJson)
    posted_at: Mapped[datetime]

    recorded = Columns(
        plain=("case_id", "side", "author", "audience", "about", "exhibits", "posted_at"), personal=("text",)
    )


class CaseOffer(Sequenced, Recorded, TenantOwned, Base):
    """What a side offered."""

    __tablename__ = "case_offer"
    __table_args__ = (Index(None, "tenant", "case_id", "sequence", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    side: Mapped[str]
    outcome: Mapped[dict[str, Json]] = mapped_column(CanonicalJson)
    made_at: Mapped[datetime]
    answer: Mapped[str | None]

    recorded = Columns(plain=("case_id", "side", "outcome", "made_at", "answer"), changing=("answer",))


class CaseDecision(Sequenced, Recorded, TenantOwned, Base):
    """A decision with the record that replays it."""

    __tablename__ = "case_decision"
    __table_args__ = (
        Index(None, "tenant", "case_id", "sequence", "id"),
        Index(None, "tenant", "sequence", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    basis: Mapped[str]
    outcome: Mapped[dict[str, Json]] = mapped_column(CanonicalJson)
    reasons: Mapped[list[str]] = mapped_column(CanonicalJson)
    note: Mapped[str | None]
    """What the reviewer wrote for both sides."""
    record: Mapped[dict[str, Json]] = mapped_column(CanonicalJson)
    """`bixie.policies`: pack, version, facts, evaluation, outcome."""
    person: Mapped[str | None]
    """Who confirmed it."""
    decided_at: Mapped[datetime]
    overturned_at: Mapped[datetime | None]

    recorded = Columns(
        plain=("case_id", "basis", "outcome", "reasons", "record", "person", "decided_at", "overturned_at"),
        personal=("note",),
        changing=("overturned_at",),
    )


class CaseFile(Sequenced, Recorded, TenantOwned, Base):
    """What was put before the sides: everything that a decision may rest on, by hash."""

    __tablename__ = "case_file"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Json]] = mapped_column(CanonicalJson)
    made_at: Mapped[datetime]

    recorded = Columns(plain=("content", "made_at"))


class CaseDraft(TenantOwned, Base):
    """What a side has written and not sent yet. It is no fact of the case, and no event has it."""

    __tablename__ = "case_draft"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Json]] = mapped_column(CanonicalJson)
    saved_at: Mapped[datetime]
