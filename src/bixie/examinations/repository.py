"""The queries of examinations."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from bixie.access.sequence import Place, page_after
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
    wanted = select(Examination) if exhibit_id is None else _of(exhibit_id)
    return session.scalars(page_after(wanted, Examination, after, limit)).all()


def latest(session: TenantSession, exhibit_id: str) -> Examination | None:
    """Return the newest examination of an exhibit."""
    wanted = page_after(_of(exhibit_id), Examination, None, 1, newest_first=True)
    return session.scalars(wanted).one_or_none()


def _of(exhibit_id: str) -> Select[Examination]:
    reports = select(DocumentLink.document_id).where(
        DocumentLink.exhibit_id == exhibit_id, DocumentLink.relation == Relation.ABOUT
    )
    return select(Examination).where(Examination.report_id.in_(reports))
