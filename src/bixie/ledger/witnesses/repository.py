"""Queries about what witnesses were told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.ledger import repository as ledger
from bixie.ledger.models import LedgerCheckpoint, LedgerEvent, LedgerHandover

__all__ = [
    "checkpoint_body",
    "checkpoints_to_tell",
    "event_hash",
    "handover",
    "handovers",
    "progress",
    "tenants_to_tell",
]


def handover(session: TenantSession, witness: str) -> LedgerHandover | None:
    """Return how far a witness was told the tenant's checkpoints."""
    return session.scalars(select(LedgerHandover).where(LedgerHandover.witness == witness)).one_or_none()


def handovers(session: TenantSession) -> Sequence[LedgerHandover]:
    """Return how far each witness was told the tenant's checkpoints, by its name."""
    return session.scalars(select(LedgerHandover).order_by(LedgerHandover.witness)).all()


def checkpoints_to_tell(
    session: TenantSession, after: int | None, limit: int
) -> list[tuple[str, tuple[str, str] | None]]:
    """Return body, and public key with signature, of the checkpoints after a size; else of the newest."""
    wanted = select(LedgerCheckpoint)
    if after is None:
        wanted = wanted.order_by(LedgerCheckpoint.size.desc()).limit(1)
    else:
        wanted = wanted.where(LedgerCheckpoint.size > after).order_by(LedgerCheckpoint.size).limit(limit)
    return [(one.body, ledger.signed_by(session, one)) for one in session.scalars(wanted).all()]


def progress(session: EveryTenantSession) -> tuple[int, datetime | None]:
    """Return how many hand-overs failed last time, and when the witness told longest ago was last told."""
    told = (
        select(func.max(LedgerHandover.told_at).label("at"))
        .where(LedgerHandover.told_at.is_not(None))
        .group_by(LedgerHandover.witness)
        .subquery()
    )
    failing = select(func.count()).select_from(LedgerHandover).where(LedgerHandover.failed_at.is_not(None))
    return session.scalar(failing) or 0, session.scalar(select(func.min(told.c.at)))


def tenants_to_tell(session: EveryTenantSession, witness: str) -> list[str]:
    """Return the tenants with checkpoints that a witness was not told yet."""
    told = (
        select(LedgerHandover.tenant, LedgerHandover.size).where(LedgerHandover.witness == witness).subquery()
    )
    newest = (
        select(LedgerCheckpoint.tenant, func.max(LedgerCheckpoint.size).label("size"))
        .group_by(LedgerCheckpoint.tenant)
        .subquery()
    )
    wanted = select(newest.c.tenant).outerjoin(told, told.c.tenant == newest.c.tenant)
    return sorted(session.scalars(wanted.where(or_(told.c.size.is_(None), told.c.size < newest.c.size))))


def checkpoint_body(session: EveryTenantSession, tenant: str, size: int) -> str | None:
    """Return the body of a checkpoint."""
    wanted = select(LedgerCheckpoint.body)
    return session.scalar(wanted.where(LedgerCheckpoint.tenant == tenant, LedgerCheckpoint.size == size))


def event_hash(session: EveryTenantSession, tenant: str, sequence: int) -> str | None:
    """Return the hash of an event."""
    wanted = select(LedgerEvent.hash)
    return session.scalar(wanted.where(LedgerEvent.tenant == tenant, LedgerEvent.sequence == sequence))
