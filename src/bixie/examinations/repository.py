"""The queries of examinations."""

from collections.abc import Sequence

from sqlalchemy import select

from bixie.access.tenancy import TenantSession
from bixie.examinations.models import Examination

__all__ = ["by_id", "latest", "page"]


def by_id(session: TenantSession, examination_id: str) -> Examination | None:
    """Return an examination."""
    return session.scalars(select(Examination).where(Examination.id == examination_id)).one_or_none()


def page(
    session: TenantSession, after: str | None, limit: int, exhibit_id: str | None
) -> Sequence[Examination]:
    """Return examinations by id, those after one of them; where an exhibit is given, only those of it."""
    wanted = select(Examination).order_by(Examination.id).limit(limit)
    if after is not None:
        wanted = wanted.where(Examination.id > after)
    if exhibit_id is not None:
        wanted = wanted.where(Examination.exhibit_id == exhibit_id)
    return session.scalars(wanted).all()


def latest(session: TenantSession, exhibit_id: str) -> Examination | None:
    """Return the newest examination of an exhibit."""
    return session.scalars(
        select(Examination)
        .where(Examination.exhibit_id == exhibit_id)
        .order_by(Examination.examined_at.desc(), Examination.id.desc())
        .limit(1)
    ).one_or_none()
