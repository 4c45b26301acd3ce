"""Queries for uploads and their parts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.vault.uploads.models import ResumableUpload, UploadPart, UploadState

__all__ = [
    "by_id",
    "count_open",
    "delete_parts",
    "delete_upload",
    "expired",
    "locked",
    "parts_of",
    "received",
]


def by_id(session: TenantSession, upload_id: str) -> ResumableUpload | None:
    """Return an upload."""
    return session.scalars(select(ResumableUpload).where(ResumableUpload.id == upload_id)).one_or_none()


def locked(session: TenantSession, upload_id: str) -> ResumableUpload | None:
    """Return an upload, locked until the transaction ends."""
    wanted = select(ResumableUpload).where(ResumableUpload.id == upload_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def count_open(session: TenantSession, party: str, now: datetime) -> int:
    """Return how many uploads of a party are open; an empty `party` means the tenant's own."""
    wanted = select(func.count(ResumableUpload.id)).where(
        ResumableUpload.party == party,
        ResumableUpload.state == UploadState.OPEN,
        ResumableUpload.expires_at > now,
    )
    return session.scalars(wanted).one()


def received(session: TenantSession, upload_id: str) -> tuple[int, int]:
    """Return how many bytes of an upload have been received, and in how many parts."""
    wanted = select(func.coalesce(func.sum(UploadPart.size), 0), func.count(UploadPart.size))
    size, parts = session.execute(wanted.where(UploadPart.upload_id == upload_id)).one()
    return int(size), int(parts)


def parts_of(session: TenantSession, upload_id: str) -> Sequence[UploadPart]:
    """Return the parts of an upload in their order."""
    return session.scalars(
        select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    ).all()


def delete_parts(session: TenantSession, upload_id: str) -> None:
    """Delete the rows of an upload's parts."""
    session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))


def delete_upload(session: TenantSession, upload_id: str) -> None:
    """Delete the row of an upload."""
    session.execute(delete(ResumableUpload).where(ResumableUpload.id == upload_id))


def expired(session: EveryTenantSession, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """Return tenant and id of expired uploads of all tenants, the earliest first."""
    wanted = select(ResumableUpload.tenant, ResumableUpload.id).where(ResumableUpload.expires_at <= now)
    rows = session.execute(wanted.order_by(ResumableUpload.expires_at).limit(limit)).all()
    return [(tenant, upload_id) for tenant, upload_id in rows]
