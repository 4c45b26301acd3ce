"""Queries of the answers that were given."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bixie.access.models import GivenAnswer
from bixie.access.tenancy import TenantSession

__all__ = ["answer_to", "forget_answers", "take_key"]


def answer_to(session: TenantSession, key: str) -> GivenAnswer | None:
    """Return what the principal was answered when it came with a key before."""
    wanted = select(GivenAnswer).where(GivenAnswer.actor == session.principal.id, GivenAnswer.key == key)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def take_key(session: TenantSession, key: str, fingerprint: str, at: datetime) -> GivenAnswer | None:
    """Return a row for the answer to come, or None where the same call has been answered meanwhile.

    Whoever comes with the same key at the same time waits until this transaction ends.
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


def forget_answers(session: TenantSession, before: datetime) -> None:
    """Delete answers that are older."""
    session.execute(delete(GivenAnswer).where(GivenAnswer.made_at < before))
