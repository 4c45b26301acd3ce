"""Queries for exhibits."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from bixie.access.sequence import Place, page_after, place_of
from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.vault.models import DocumentFile, Exhibit, Role, State

__all__ = ["by_content", "by_id", "kept_for", "page", "quarantined", "row_of_file"]


def by_id(session: TenantSession, exhibit_id: str) -> Exhibit | None:
    """Return an exhibit."""
    return session.scalars(select(Exhibit).where(Exhibit.id == exhibit_id)).one_or_none()


def by_content(
    session: TenantSession, party: str, order_number: str, role: Role, sha256: str
) -> Exhibit | None:
    """Return the exhibit of a party's order that has these bytes in this role."""
    wanted = select(Exhibit).where(
        Exhibit.party == party,
        Exhibit.order_number == order_number,
        Exhibit.role == role,
        Exhibit.sha256 == sha256,
    )
    return session.scalars(wanted).one_or_none()


def kept_for(
    session: TenantSession, party: str, order_number: str, roles: Collection[Role]
) -> Sequence[Exhibit]:
    """Return the kept exhibits of a party's order in some roles, in the order they were received."""
    wanted = select(Exhibit).where(
        Exhibit.party == party,
        Exhibit.order_number == order_number,
        Exhibit.role.in_(roles),
        Exhibit.state == State.KEPT,
    )
    # Sorted here: for its order SQLite would take the index of the role, and read all that the tenant has.
    return sorted(session.scalars(wanted), key=place_of)


def quarantined(session: EveryTenantSession, before: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """Return tenant and id of unchecked exhibits that were received before a moment."""
    found = session.execute(
        select(Exhibit.tenant, Exhibit.id)
        .where(Exhibit.state == State.QUARANTINED, Exhibit.received_at < before)
        .order_by(Exhibit.id)
        .limit(limit)
    )
    return [(tenant, exhibit_id) for tenant, exhibit_id in found]


def row_of_file(session: EveryTenantSession, tenant: str, sha256: str) -> tuple[str, str]:
    """Return table and id of the first row that names a file."""
    exhibit = select(Exhibit.id).where(
        Exhibit.tenant == tenant, Exhibit.sha256 == sha256, Exhibit.state != State.ERASED
    )
    first = session.scalars(exhibit.order_by(Exhibit.id).limit(1)).one_or_none()
    if first is not None:
        return Exhibit.__tablename__, first
    file = select(DocumentFile.document_id).where(
        DocumentFile.tenant == tenant, DocumentFile.sha256 == sha256
    )
    return DocumentFile.__tablename__, session.scalars(file.limit(1)).one()


def page(
    session: TenantSession,
    after: Place | None,
    limit: int,
    order_number: str | None,
    role: Role | None = None,
    *,
    newest_first: bool = False,
) -> Sequence[Exhibit]:
    """Return the next exhibits in the order they were received; of one order or role if it is given."""
    wanted = select(Exhibit)
    if order_number is not None:
        wanted = wanted.where(Exhibit.order_number == order_number)
    if role is not None:
        wanted = wanted.where(Exhibit.role == role)
    return session.scalars(page_after(wanted, Exhibit, after, limit, newest_first=newest_first)).all()
