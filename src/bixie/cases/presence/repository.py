"""Queries for who has which case open."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from bixie.access.tenancy import TenantSession
from bixie.cases.presence.models import CasePresence

__all__ = ["forget", "forget_before", "of_person", "others"]


def of_person(session: TenantSession, case_id: str, person: str) -> CasePresence | None:
    """Return whether and since when somebody has a case open."""
    mine = (CasePresence.case_id == case_id, CasePresence.person == person)
    return session.scalar(select(CasePresence).where(*mine))


def others(
    session: TenantSession, case_id: str, person: str, side: str, since: datetime
) -> Sequence[CasePresence]:
    """Return who else of a side was heard of since a moment, the first first."""
    wanted = select(CasePresence).where(
        CasePresence.case_id == case_id,
        CasePresence.person != person,
        CasePresence.side == side,
        CasePresence.seen_at >= since,
    )
    return session.scalars(wanted.order_by(CasePresence.since, CasePresence.person)).all()


def forget(session: TenantSession, case_id: str, person: str) -> None:
    """Remove one row."""
    mine = (CasePresence.case_id == case_id, CasePresence.person == person)
    session.execute(delete(CasePresence).where(*mine))


def forget_before(session: TenantSession, moment: datetime) -> None:
    """Remove the rows of everybody who was last heard of before a moment."""
    session.execute(delete(CasePresence).where(CasePresence.seen_at < moment))
