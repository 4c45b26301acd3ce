"""The vault's queries."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, union
from sqlalchemy.orm import aliased

from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.vault.models import Exhibit, Role, State
from bixie.vault.retention.models import Hold, Retention
from bixie.vault.uploads.models import ResumableUpload, UploadPart, UploadState

__all__ = [
    "by_content",
    "by_id",
    "expired",
    "expired_uploads",
    "forget_parts",
    "forget_upload",
    "held_by",
    "hold_by_id",
    "kept_for",
    "lives",
    "locked_upload",
    "open_uploads",
    "page",
    "page_of_holds",
    "parts_of",
    "quarantined",
    "reach",
    "reports_about",
    "retention_of",
    "retentions",
    "tenants_with_something_to_erase",
    "undiscarded",
    "upload_by_id",
]


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
    """Return the kept exhibits of a party's order in some roles, those received first before others."""
    wanted = select(Exhibit).where(
        Exhibit.party == party,
        Exhibit.order_number == order_number,
        Exhibit.role.in_(roles),
        Exhibit.state == State.KEPT,
    )
    return session.scalars(wanted.order_by(Exhibit.received_at, Exhibit.id)).all()


def quarantined(session: EveryTenantSession, before: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """Return tenant and id of exhibits that were received before a moment and that nobody has checked."""
    found = session.execute(
        select(Exhibit.tenant, Exhibit.id)
        .where(Exhibit.state == State.QUARANTINED, Exhibit.received_at < before)
        .order_by(Exhibit.id)
        .limit(limit)
    )
    return [(tenant, exhibit_id) for tenant, exhibit_id in found]


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


def open_uploads(session: TenantSession, party: str, now: datetime) -> int:
    """Return how many uploads of a party, or with an empty text the tenant's own, have not ended."""
    wanted = select(func.count(ResumableUpload.id)).where(
        ResumableUpload.party == party,
        ResumableUpload.state == UploadState.OPEN,
        ResumableUpload.expires_at > now,
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


def hold_by_id(session: TenantSession, hold_id: str) -> Hold | None:
    """Return a hold."""
    return session.scalars(select(Hold).where(Hold.id == hold_id)).one_or_none()


def held_by(session: TenantSession, exhibit: Exhibit) -> Sequence[Hold]:
    """Return the holds that lie on an exhibit, on its own or through its order, oldest first."""
    wanted = select(Hold).where(
        Hold.released_at.is_(None),
        Hold.party.in_((exhibit.party, "")),
        or_(Hold.exhibit_id == exhibit.id, Hold.order_number == exhibit.order_number),
    )
    return session.scalars(wanted.order_by(Hold.id)).all()


def page_of_holds(
    session: TenantSession, after: str | None, limit: int, exhibit: str | None, order: str | None
) -> Sequence[Hold]:
    """Return holds by id, those after one of them; only those named for an exhibit or order where given."""
    wanted = select(Hold).order_by(Hold.id).limit(limit)
    if after is not None:
        wanted = wanted.where(Hold.id > after)
    if exhibit is not None:
        wanted = wanted.where(Hold.exhibit_id == exhibit)
    if order is not None:
        wanted = wanted.where(Hold.order_number == order)
    return session.scalars(wanted).all()


def retention_of(session: TenantSession, role: str) -> Retention | None:
    """Return the rule for a role."""
    return session.scalars(select(Retention).where(Retention.role == role)).one_or_none()


def retentions(session: TenantSession) -> Sequence[Retention]:
    """Return all rules."""
    return session.scalars(select(Retention).order_by(Retention.role)).all()


def expired(session: TenantSession, role: str, before: datetime, limit: int) -> Sequence[Exhibit]:
    """Return exhibits in a role that were received before a moment and that nothing holds, oldest first.

    A report is held with what it is about, and that with a report of it.
    """
    report = aliased(Exhibit)
    held = exists().where(
        Hold.released_at.is_(None),
        or_(Hold.party == Exhibit.party, Hold.party == ""),
        or_(
            Hold.exhibit_id == Exhibit.id,
            Hold.exhibit_id == Exhibit.about,
            Hold.exhibit_id.in_(select(report.id).where(report.about == Exhibit.id)),
            Hold.order_number == Exhibit.order_number,
        ),
    )
    wanted = select(Exhibit).where(
        Exhibit.role == role, Exhibit.received_at < before, Exhibit.state != State.ERASED, ~held
    )
    return session.scalars(wanted.order_by(Exhibit.received_at, Exhibit.id).limit(limit)).all()


def reports_about(session: TenantSession, exhibit_id: str) -> Sequence[Exhibit]:
    """Return the documents about an exhibit that are not erased."""
    wanted = select(Exhibit).where(Exhibit.about == exhibit_id, Exhibit.state != State.ERASED)
    return session.scalars(wanted.order_by(Exhibit.id)).all()


def lives(session: TenantSession, sha256: str) -> bool:
    """Return whether an exhibit that is not erased has these bytes."""
    wanted = select(Exhibit.id).where(Exhibit.sha256 == sha256, Exhibit.state != State.ERASED)
    return session.scalars(wanted.limit(1)).one_or_none() is not None


def undiscarded(session: TenantSession, after: str, limit: int) -> Sequence[Exhibit]:
    """Return erased exhibits whose bytes may still be there, by id, those after one of them."""
    wanted = select(Exhibit).where(
        Exhibit.state == State.ERASED, Exhibit.discarded_at.is_(None), Exhibit.id > after
    )
    return session.scalars(wanted.order_by(Exhibit.id).limit(limit)).all()


def tenants_with_something_to_erase(session: EveryTenantSession) -> list[str]:
    """Return the tenants that have a rule, or bytes of an erased exhibit."""
    left = select(Exhibit.tenant).where(Exhibit.state == State.ERASED, Exhibit.discarded_at.is_(None))
    return sorted(session.scalars(union(select(Retention.tenant), left)))
