"""Queries for the error board."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from bixie.access.sequence import Place, page_after
from bixie.access.tenancy import TenantSession
from bixie.cases.events import Appealed, CaseEvent, Decided
from bixie.cases.models import CaseDecision
from bixie.cases.opening import dated
from bixie.ledger import repository as ledger

__all__ = ["decisions", "decisions_and_appeals"]

_TYPES = (Decided.type, Appealed.type)


def decisions(
    session: TenantSession,
    after: Place | None,
    limit: int,
    *,
    since: datetime | None,
    until: datetime | None,
) -> Sequence[CaseDecision]:
    """Return decisions that were made from `since` on and before `until`, the newest first."""
    wanted = select(CaseDecision)
    if since is not None:
        wanted = wanted.where(CaseDecision.decided_at >= since)
    if until is not None:
        wanted = wanted.where(CaseDecision.decided_at < until)
    return session.scalars(page_after(wanted, CaseDecision, after, limit, newest_first=True)).all()


def decisions_and_appeals(session: TenantSession, case_ids: Collection[str]) -> list[CaseEvent]:
    """Return what the ledger says about decisions of some cases and appeals against them."""
    found = (dated(row.body) for row in ledger.events_about_any(session, case_ids, _TYPES))
    return [one.event for one in found if one is not None]
