"""The queries of examinations."""

from sqlalchemy import select

from bixie.access.tenancy import TenantSession
from bixie.examinations.models import Examination

__all__ = ["latest"]


def latest(session: TenantSession, exhibit_id: str) -> Examination | None:
    """Return the newest examination of an exhibit."""
    return session.scalars(
        select(Examination)
        .where(Examination.exhibit_id == exhibit_id)
        .order_by(Examination.examined_at.desc(), Examination.id.desc())
        .limit(1)
    ).one_or_none()
