"""Queries for holds, retention rules, and exhibits that are to be erased or were."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_, select, union
from sqlalchemy.orm import aliased

from bixie.access.sequence import Place, page_after, place_of
from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.vault.models import DocumentFile, DocumentLink, Exhibit, Relation, Role, State
from bixie.vault.retention.models import Hold, Retention

__all__ = [
    "bytes_in_use",
    "count_covered",
    "described_by",
    "expired",
    "held_by",
    "hold_by_id",
    "holds_on_order",
    "is_described",
    "not_discarded",
    "page_of_holds",
    "received_between",
    "reports_on",
    "rule_for",
    "rules",
    "tenants_to_erase",
]


def hold_by_id(session: TenantSession, hold_id: str) -> Hold | None:
    """Return a hold."""
    return session.scalars(select(Hold).where(Hold.id == hold_id)).one_or_none()


def held_by(session: TenantSession, exhibit: Exhibit) -> Sequence[Hold]:
    """Return the open holds on an exhibit, its own and those of its order, oldest first."""
    wanted = select(Hold).where(
        Hold.released_at.is_(None),
        Hold.party.in_((exhibit.party, "")),
        or_(Hold.exhibit_id == exhibit.id, Hold.order_number == exhibit.order_number),
    )
    return session.scalars(wanted.order_by(Hold.sequence, Hold.id)).all()


def holds_on_order(session: TenantSession, party: str, number: str) -> Sequence[Hold]:
    """Return the open holds on an order, or on one of its exhibits, oldest first."""
    exhibits = select(Exhibit.id).where(Exhibit.party == party, Exhibit.order_number == number)
    wanted = select(Hold).where(
        Hold.released_at.is_(None),
        Hold.party.in_((party, "")),
        or_(Hold.order_number == number, Hold.exhibit_id.in_(exhibits)),
    )
    return session.scalars(wanted.order_by(Hold.sequence, Hold.id)).all()


def count_covered(session: TenantSession, hold: Hold) -> int:
    """Return how many exhibits that were not erased a hold covers now, without the documents about them."""
    wanted = select(func.count()).select_from(Exhibit)
    wanted = wanted.where(Exhibit.state != State.ERASED, Exhibit.role != Role.REPORT)
    if hold.party:
        wanted = wanted.where(Exhibit.party == hold.party)
    if hold.exhibit_id is not None:
        wanted = wanted.where(Exhibit.id == hold.exhibit_id)
    else:
        wanted = wanted.where(Exhibit.order_number == hold.order_number)
    return session.scalar(wanted) or 0


def page_of_holds(
    session: TenantSession, after: Place | None, limit: int, exhibit: str | None, order: str | None
) -> Sequence[Hold]:
    """Return the next holds in the order they were made, of one exhibit or order if given."""
    wanted = select(Hold)
    if exhibit is not None:
        wanted = wanted.where(Hold.exhibit_id == exhibit)
    if order is not None:
        wanted = wanted.where(Hold.order_number == order)
    return session.scalars(page_after(wanted, Hold, after, limit)).all()


def rule_for(session: TenantSession, role: str) -> Retention | None:
    """Return the rule for a role."""
    return session.scalars(select(Retention).where(Retention.role == role)).one_or_none()


def rules(session: TenantSession) -> Sequence[Retention]:
    """Return all rules."""
    return session.scalars(select(Retention).order_by(Retention.role)).all()


def expired(session: TenantSession, role: str, before: datetime, limit: int) -> Sequence[Exhibit]:
    """Return exhibits in a role that were received before a moment and are not held, oldest first.

    A hold on an exhibit covers the documents that describe it, and whatever would take them along.
    """
    link, other = aliased(DocumentLink), aliased(DocumentLink)
    described = select(other.exhibit_id).where(other.relation == Relation.ABOUT)
    # Without `correlate` they would be about any exhibit: they stand two levels below it.
    documents = select(link.document_id).where(link.exhibit_id == Exhibit.id).correlate(Exhibit)
    own = described.where(other.document_id == Exhibit.id).correlate(Exhibit)
    beside = described.where(other.document_id.in_(documents)).correlate(Exhibit)
    held = exists().where(
        Hold.released_at.is_(None),
        or_(Hold.party == Exhibit.party, Hold.party == ""),
        or_(
            Hold.exhibit_id == Exhibit.id,
            Hold.exhibit_id.in_(documents),
            Hold.exhibit_id.in_(own),
            Hold.exhibit_id.in_(beside),
            Hold.order_number == Exhibit.order_number,
        ),
    )
    wanted = select(Exhibit).where(
        Exhibit.role == role, Exhibit.received_at < before, Exhibit.state != State.ERASED, ~held
    )
    return session.scalars(wanted.order_by(Exhibit.received_at, Exhibit.id).limit(limit)).all()


def received_between(session: TenantSession, first: datetime, last: datetime) -> bool:
    """Return whether an exhibit was received between two moments."""
    wanted = select(Exhibit.id).where(Exhibit.received_at >= first, Exhibit.received_at <= last)
    return session.scalars(wanted.limit(1)).one_or_none() is not None


def reports_on(session: TenantSession, exhibit_id: str) -> Sequence[Exhibit]:
    """Return the documents that describe or show an exhibit and are not erased."""
    wanted = (
        select(Exhibit)
        .join(DocumentLink, DocumentLink.document_id == Exhibit.id)
        .where(DocumentLink.exhibit_id == exhibit_id, Exhibit.state != State.ERASED)
    )
    # Sorted here: for its order SQLite would read all exhibits of the tenant.
    return sorted(session.scalars(wanted), key=place_of)


def described_by(session: TenantSession, documents: Collection[str]) -> Sequence[Exhibit]:
    """Return the exhibits that some documents describe, in the order they were received."""
    wanted = (
        select(Exhibit)
        .join(DocumentLink, DocumentLink.exhibit_id == Exhibit.id)
        .where(DocumentLink.document_id.in_(documents), DocumentLink.relation == Relation.ABOUT)
    )
    return sorted(set(session.scalars(wanted)), key=place_of)


def is_described(session: TenantSession, exhibit_id: str) -> bool:
    """Return whether a document that is not erased describes an exhibit."""
    wanted = (
        select(Exhibit.id)
        .join(DocumentLink, DocumentLink.document_id == Exhibit.id)
        .where(
            DocumentLink.exhibit_id == exhibit_id,
            DocumentLink.relation == Relation.ABOUT,
            Exhibit.state != State.ERASED,
        )
    )
    return session.scalars(wanted.limit(1)).one_or_none() is not None


def bytes_in_use(session: TenantSession, sha256: str) -> bool:
    """Return whether an exhibit that is not erased, or a file of one, has these bytes."""
    own = select(Exhibit.id).where(Exhibit.sha256 == sha256, Exhibit.state != State.ERASED)
    file = (
        select(Exhibit.id)
        .join(DocumentFile, DocumentFile.document_id == Exhibit.id)
        .where(DocumentFile.sha256 == sha256, Exhibit.state != State.ERASED)
    )
    return any(session.scalars(wanted.limit(1)).one_or_none() is not None for wanted in (own, file))


def not_discarded(session: TenantSession, after: str, limit: int) -> Sequence[Exhibit]:
    """Return the next erased exhibits by id whose bytes were not discarded."""
    wanted = select(Exhibit).where(
        Exhibit.state == State.ERASED, Exhibit.discarded_at.is_(None), Exhibit.id > after
    )
    return session.scalars(wanted.order_by(Exhibit.id).limit(limit)).all()


def tenants_to_erase(session: EveryTenantSession) -> list[str]:
    """Return the tenants that have a rule, or bytes of an erased exhibit."""
    left = select(Exhibit.tenant).where(Exhibit.state == State.ERASED, Exhibit.discarded_at.is_(None))
    return sorted(session.scalars(union(select(Retention.tenant), left)))
