"""The queries of examinations."""

from collections.abc import Sequence

from sqlalchemy import select

from bixie.access.sequence import Place, page_after, place_of
from bixie.access.tenancy import TenantSession
from bixie.examinations.models import Examination
from bixie.vault.models import DocumentLink, Relation

__all__ = ["by_id", "latest", "page"]


def by_id(session: TenantSession, examination_id: str) -> Examination | None:
    """Return an examination."""
    return session.scalars(select(Examination).where(Examination.id == examination_id)).one_or_none()


def page(
    session: TenantSession, after: Place | None, limit: int, exhibit_id: str | None
) -> Sequence[Examination]:
    """Return the next examinations in the order they were made; of an exhibit, if one is given."""
    if exhibit_id is None:
        return session.scalars(page_after(select(Examination), Examination, after, limit)).all()
    return [one for one in _of(session, exhibit_id) if after is None or place_of(one) > after][:limit]


def latest(session: TenantSession, exhibit_id: str) -> Examination | None:
    """Return the newest examination of an exhibit."""
    made = _of(session, exhibit_id)
    return made[-1] if made else None


def _of(session: TenantSession, exhibit_id: str) -> list[Examination]:
    """Return the examinations of an exhibit: one, and one for each later file of its claim."""
    reports = select(DocumentLink.document_id).where(
        DocumentLink.exhibit_id == exhibit_id, DocumentLink.relation == Relation.ABOUT
    )
    # Sorted here: for its order SQLite would read all examinations of the tenant.
    return sorted(
        session.scalars(select(Examination).where(Examination.report_id.in_(reports))), key=place_of
    )
