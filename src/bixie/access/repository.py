"""Queries for stored answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bixie.access.models import GivenAnswer
from bixie.access.tenancy import EveryTenantSession, TenantSession

__all__ = ["answer_to", "delete_answers", "take_key", "tenants_with_answers"]


def answer_to(session: TenantSession, key: str, *, lock: bool = False) -> GivenAnswer | None:
    """Return the earlier answer to a key of the principal; `lock` keeps it until the transaction ends."""
    wanted = select(GivenAnswer).where(GivenAnswer.actor == session.principal.id, GivenAnswer.key == key)
    if lock:
        wanted = wanted.with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def take_key(session: TenantSession, key: str, fingerprint: str, at: datetime) -> GivenAnswer | None:
    """Return a row for the answer to come, or None if the same request was answered meanwhile.

    A concurrent request with the same key waits for the rest of this transaction.
    """
    principal = session.principal
    row = GivenAnswer(
        tenant=principal.tenant,
        actor=principal.id,
        key=key,
        fingerprint=fingerprint,
        answer=None,
        made_at=at,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


def delete_answers(session: TenantSession, before: datetime) -> None:
    """Delete answers that are older."""
    session.execute(delete(GivenAnswer).where(GivenAnswer.made_at < before))


def tenants_with_answers(session: EveryTenantSession, before: datetime) -> Sequence[str]:
    """Return the tenants that have answers from before a moment."""
    wanted = select(GivenAnswer.tenant).where(GivenAnswer.made_at < before).distinct()
    return session.scalars(wanted.order_by(GivenAnswer.tenant)).all()
