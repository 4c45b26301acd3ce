"""The vault's queries."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.vault.models import Exhibit, Role, State
from bixie.vault.upload_models import ResumableUpload, UploadPart, UploadState

__all__ = [
    "by_content",
    "by_id",
    "expired_uploads",
    "forget_parts",
    "forget_upload",
    "kept_for",
    "locked_upload",
    "open_uploads",
    "page",
    "parts_of",
    "reach",
    "upload_by_id",
]


def by_id(session: TenantSession, exhibit_id: str) -> Exhibit | None:
    """Return an exhibit."""
    return session.scalars(select(Exhibit).where(Exhibit.id == exhibit_id)).one_or_none()


def by_content(session: TenantSession, order_number: str, role: Role, sha256: str) -> Exhibit | None:
    """Return the exhibit of an order that has these bytes in this role."""
    return session.scalars(
        select(Exhibit).where(
            Exhibit.order_number == order_number, Exhibit.role == role, Exhibit.sha256 == sha256
        )
    ).one_or_none()


def kept_for(session: TenantSession, order_number: str, roles: Collection[Role]) -> Sequence[Exhibit]:
    """Return the exhibits of an order in some roles that are kept, those received first before others."""
    return session.scalars(
        select(Exhibit)
        .where(Exhibit.order_number == order_number, Exhibit.role.in_(roles), Exhibit.state == State.KEPT)
        .order_by(Exhibit.received_at, Exhibit.id)
    ).all()


def page(
    session: TenantSession, after: str | None, limit: int, order_number: str | None
) -> Sequence[Exhibit]:
    """Return exhibits by id, those after one of them; where an order is given, only its own."""
    wanted = select(Exhibit).order_by(Exhibit.id).limit(limit)
    if after is not None:
        wanted = wanted.where(Exhibit.id > after)
    if order_number is not None:
        wanted = wanted.where(Exhibit.order_number == order_number)
    return session.scalars(wanted).all()


def upload_by_id(session: TenantSession, upload_id: str) -> ResumableUpload | None:
    """Return an upload."""
    return session.scalars(select(ResumableUpload).where(ResumableUpload.id == upload_id)).one_or_none()


def locked_upload(session: TenantSession, upload_id: str) -> ResumableUpload | None:
    """Return an upload that nobody else changes until the transaction ends."""
    wanted = select(ResumableUpload).where(ResumableUpload.id == upload_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def open_uploads(session: TenantSession, now: datetime) -> int:
    """Return how many uploads have not ended."""
    wanted = select(func.count(ResumableUpload.id)).where(
        ResumableUpload.state == UploadState.OPEN, ResumableUpload.expires_at > now
    )
    return session.scalars(wanted).one()


def reach(session: TenantSession, upload_id: str) -> tuple[int, int]:
    """Return how many bytes of an upload are kept, and in how many parts."""
    wanted = select(func.coalesce(func.sum(UploadPart.size), 0), func.count(UploadPart.size))
    size, parts = session.execute(wanted.where(UploadPart.upload_id == upload_id)).one()
    return int(size), int(parts)


def parts_of(session: TenantSession, upload_id: str) -> Sequence[UploadPart]:
    """Return the parts of an upload, the first one first."""
    return session.scalars(
        select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    ).all()


def forget_parts(session: TenantSession, upload_id: str) -> None:
    """Delete the rows of an upload's parts."""
    session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))


def forget_upload(session: TenantSession, upload_id: str) -> None:
    """Delete the row of an upload."""
    session.execute(delete(ResumableUpload).where(ResumableUpload.id == upload_id))


def expired_uploads(session: EveryTenantSession, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """Return tenant and id of uploads of all tenants whose time is over, those first that ended first."""
    wanted = select(ResumableUpload.tenant, ResumableUpload.id).where(ResumableUpload.expires_at <= now)
    rows = session.execute(wanted.order_by(ResumableUpload.expires_at).limit(limit)).all()
    return [(tenant, upload_id) for tenant, upload_id in rows]
