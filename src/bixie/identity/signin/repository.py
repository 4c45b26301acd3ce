"""Queries for sessions, failed attempts, recovery codes and the set-up link."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bixie.access.tenancy import TenantSession
from bixie.identity.signin.models import Attempt, LoginSession, RecoveryCode, Setup

__all__ = [
    "delete_attempts",
    "delete_recovery_codes",
    "end_sessions",
    "locked_attempts",
    "locked_setup",
    "login_session",
    "open_sessions",
    "recovery_codes",
    "setup",
]


def setup(session: TenantSession) -> Setup:
    """Return the set-up row."""
    return session.scalars(select(Setup)).one()


def locked_setup(session: TenantSession) -> Setup:
    """Return the set-up row, locked until the transaction ends."""
    wanted = select(Setup).with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one()


def recovery_codes(session: TenantSession, person: str) -> Sequence[RecoveryCode]:
    """Return the unused recovery codes of a person, locked until the transaction ends."""
    wanted = select(RecoveryCode).where(RecoveryCode.person == person).order_by(RecoveryCode.number)
    return session.scalars(wanted.with_for_update()).all()


def delete_recovery_codes(session: TenantSession, person: str) -> Sequence[RecoveryCode]:
    """Delete the recovery codes of a person; return them."""
    rows = recovery_codes(session, person)
    for row in rows:
        session.delete(row)
    session.flush()
    return rows


def login_session(session: TenantSession, hash_: str) -> LoginSession | None:
    """Return the session with a token's hash."""
    return session.scalars(select(LoginSession).where(LoginSession.hash == hash_)).one_or_none()


def open_sessions(session: TenantSession, person: str) -> Sequence[LoginSession]:
    """Return the sessions of a person that have not ended."""
    return session.scalars(
        select(LoginSession).where(LoginSession.person == person, LoginSession.ended_at.is_(None))
    ).all()


def end_sessions(session: TenantSession, person: str, at: datetime) -> Sequence[LoginSession]:
    """End the sessions of a person that have not ended; return them."""
    rows = open_sessions(session, person)
    for row in rows:
        row.ended_at = at
    return rows


def locked_attempts(session: TenantSession, buckets: Sequence[str], at: datetime) -> dict[str, Attempt]:
    """Return the counts of these buckets, created if missing, locked until the transaction ends."""
    found: dict[str, Attempt] = {}
    for bucket in sorted(set(buckets)):  # in one order: two attempts must not deadlock
        wanted = select(Attempt).where(Attempt.bucket == bucket).with_for_update()
        wanted = wanted.execution_options(populate_existing=True)
        row = session.scalars(wanted).one_or_none()
        if row is None:
            try:
                with session.begin_nested():
                    tenant = session.principal.tenant
                    session.add(Attempt(tenant=tenant, bucket=bucket, failures=0, last_at=at))
            except IntegrityError:
                pass  # a concurrent attempt has created and committed it
            row = session.scalars(wanted).one()
        found[bucket] = row
    return found


def delete_attempts(session: TenantSession, before: datetime) -> None:
    """Delete counts whose last failure was before a moment."""
    session.execute(delete(Attempt).where(Attempt.last_at < before))
