"""The vault's queries."""

from sqlalchemy import select

from bixie.access.tenancy import TenantSession
from bixie.vault.models import Exhibit

__all__ = ["by_content", "by_id"]


def by_id(session: TenantSession, exhibit_id: str) -> Exhibit | None:
    """Return an exhibit."""
    return session.scalars(select(Exhibit).where(Exhibit.id == exhibit_id)).one_or_none()


def by_content(session: TenantSession, order_number: str, sha256: str) -> Exhibit | None:
    """Return the exhibit of an order that has these bytes."""
    return session.scalars(
        select(Exhibit).where(Exhibit.order_number == order_number, Exhibit.sha256 == sha256)
    ).one_or_none()
