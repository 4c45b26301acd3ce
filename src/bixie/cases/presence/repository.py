"""Queries for who has which case open."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bixie.access.tenancy import TenantSession
from bixie.cases.presence.models import CasePresence

__all__ = ["forget", "forget_before", "of_person", "others"]


def of_person(session: TenantSession, case_id: str, side: str, at: datetime) -> CasePresence:
    """Return since when the caller has a case open: since now, if it was not known."""
    tenant, person = session.principal.tenant, session.principal.id
    wanted = select(CasePresence).where(CasePresence.case_id == case_id, CasePresence.person == person)
    row = session.scalar(wanted)
    if row is not None:
        return row
    new = CasePresence(tenant=tenant, case_id=case_id, person=person, side=side, since=at, seen_at=at)
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:  # another page of the same person has said it at this moment
        return session.scalars(wanted).one()
    return new


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
