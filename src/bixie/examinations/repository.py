"""The queries of examinations."""

from collections.abc import Sequence

from sqlalchemy import select

from bixie.access.sequence import Place, page_after
from bixie.access.tenancy import TenantSession
from bixie.examinations.models import Examination

__all__ = ["by_id", "latest", "page"]


def by_id(session: TenantSession, examination_id: str) -> Examination | None:
    """Return an examination."""
    return session.scalars(select(Examination).where(Examination.id == examination_id)).one_or_none()


def page(
    session: TenantSession, after: Place | None, limit: int, exhibit_id: str | None
) -> Sequence[Examination]:
    """Return the next examinations in the order they were made; of an exhibit, if one is given."""
    wanted = select(Examination)
    if exhibit_id is not None:
        wanted = wanted.where(Examination.exhibit_id == exhibit_id)
    return session.scalars(page_after(wanted, Examination, after, limit)).all()


def latest(session: TenantSession, exhibit_id: str) -> Examination | None:
    """Return the newest examination of an exhibit."""
    wanted = select(Examination).where(Examination.exhibit_id == exhibit_id)
    return session.scalars(page_after(wanted, Examination, None, 1, newest_first=True)).one_or_none()
