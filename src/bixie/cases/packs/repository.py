"""Queries for the policy packs of a tenant."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from bixie.access.sequence import Place, page_after
from bixie.access.tenancy import TenantSession
from bixie.cases.packs.models import PolicyPack

__all__ = ["by_id", "in_force", "page", "published_versions", "with_hash", "with_version"]


def by_id(session: TenantSession, row_id: str) -> PolicyPack | None:
    """Return a pack by the id of its row, or None."""
    return session.scalar(select(PolicyPack).where(PolicyPack.id == row_id))


def page(
    session: TenantSession, after: Place | None, limit: int, states: Sequence[str]
) -> Sequence[PolicyPack]:
    """Return the next packs in the order in which they were added, those in some states only."""
    wanted = select(PolicyPack).where(PolicyPack.state.in_(states))
    return session.scalars(page_after(wanted, PolicyPack, after, limit)).all()


def in_force(session: TenantSession, day: str) -> PolicyPack | None:
    """Return the published pack that is in force on a day; of several the one that began last."""
    wanted = (
        select(PolicyPack)
        .where(
            PolicyPack.state == "published",
            PolicyPack.effective_from <= day,
            or_(PolicyPack.effective_to.is_(None), PolicyPack.effective_to >= day),
        )
        .order_by(PolicyPack.effective_from.desc(), PolicyPack.sequence.desc())
        .limit(1)
    )
    return session.scalar(wanted)


def published_versions(session: TenantSession, pack: str) -> Sequence[PolicyPack]:
    """Return the published versions of a pack."""
    wanted = select(PolicyPack).where(PolicyPack.pack == pack, PolicyPack.state == "published")
    return session.scalars(wanted.order_by(PolicyPack.version)).all()


def with_version(session: TenantSession, pack: str, version: int) -> PolicyPack | None:
    """Return a version of a pack, or None."""
    return session.scalar(select(PolicyPack).where(PolicyPack.pack == pack, PolicyPack.version == version))


def with_hash(session: TenantSession, pack: str, version: int, sha256: str) -> PolicyPack | None:
    """Return a version of a pack with that hash, or None."""
    found = with_version(session, pack, version)
    return found if found is not None and found.sha256 == sha256 else None
