"""Puts sign-ins, failed ones and lock-outs on record; a flood of failures adds few events.

Failures are counted for each person in windows of a day; names that nobody has are counted together, under
the tenant. The 1st, 2nd, 4th, 8th … failure of a window is an event with the count so far. The next sign-in
of the person states the exact count and begins anew. So a million failures are 20 events.

What was typed is never kept: people type passwords into the wrong field. The network address is kept as
personal data, which can be erased.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bixie.access.tenancy import TenantSession
from bixie.identity.models import Person
from bixie.identity.signin import repository as signin
from bixie.identity.signin.models import LoginSession
from bixie.identity.signin.throttle import FORGOTTEN_AFTER
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import Clock
from bixie.ledger.service import NewEvent, append

__all__ = ["Failure", "Reason", "personal_source", "record_failure", "record_sign_in"]

_FAILED, _LOCKED_OUT = "failed", "locked_out"
_MAX_SOURCE = 100


class Reason(StrEnum):
    """Why an attempt to sign in failed."""

    UNKNOWN = "unknown"
    """Nobody has the name."""
    DISABLED = "disabled"
    NO_PASSWORD = "no_password"
    """The person has not set a password yet."""
    PASSWORD = "password"
    CODE_MISSING = "code_missing"
    """The password was right."""
    CODE = "code"
    """The password was right."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that failed.

    Parameters
    ----------
    person : str or None
        Id; None for a name that nobody has.
    reason : Reason
    source : str
        The client's address.
    wait : timedelta
        How long the next attempt from there must wait; zero if it need not.
    """

    person: str | None
    reason: Reason
    source: str
    wait: timedelta


def record_failure(session: TenantSession, failure: Failure, clock: Clock) -> None:
    """Count a failure, and append its events if they are due."""
    subject = failure.person or session.principal.tenant
    kinds = [_FAILED, *([_LOCKED_OUT] if failure.wait else [])]
    events = []
    for kind, count in _counted(session, subject, kinds, clock).items():
        if count & (count - 1):  # not a power of two
            continue
        data: dict[str, Json] = {"count": count, "reason": failure.reason.value}
        if kind == _LOCKED_OUT:
            data["wait_s"] = -(-failure.wait // timedelta(seconds=1))
        events.append(NewEvent(f"identity.sign_in_{kind}", subject, data, personal_source(failure.source)))
    if events:
        append(session, events, clock)


def record_sign_in(
    session: TenantSession,
    rows: tuple[Person, LoginSession],
    source: str,
    about: dict[str, Json],
    clock: Clock,
) -> None:
    """Append the event of a sign-in, with the number of failures before it.

    Parameters
    ----------
    session : TenantSession
    rows : tuple of Person and LoginSession
        Who signed in, and the session that begins.
    source : str
    about : dict
        What else the event says.
    clock : callable
    """
    person = rows[0].id
    counts = signin.locked_attempts(session, _buckets(person, (_FAILED, _LOCKED_OUT)), clock())
    failures = counts[_bucket(person, _FAILED)].failures
    for count in counts.values():
        count.failures = 0
    data: dict[str, Json] = {"failures": failures, **about}
    append(session, [NewEvent("identity.signed_in", person, data, personal_source(source), rows)], clock)


def personal_source(source: str) -> dict[str, Json]:
    """Return a client's address as the personal data of an event; none if it is not known."""
    printable = "".join(letter for letter in source if letter.isprintable())[:_MAX_SOURCE]
    return {"source": printable} if printable else {}


def _counted(session: TenantSession, subject: str, kinds: list[str], clock: Clock) -> dict[str, int]:
    """Return the counts of the present window by kind, this failure included."""
    now = clock()
    rows = signin.locked_attempts(session, _buckets(subject, kinds), now)
    for row in rows.values():
        # `last_at` of these rows is the beginning of the window.
        if not row.failures or now - row.last_at >= FORGOTTEN_AFTER:
            row.failures, row.last_at = 0, now
        row.failures += 1
    return {kind: rows[_bucket(subject, kind)].failures for kind in kinds}


def _buckets(subject: str, kinds: tuple[str, ...] | list[str]) -> list[str]:
    return [_bucket(subject, kind) for kind in kinds]


def _bucket(subject: str, kind: str) -> str:
    # Ids need no hash. No name of `buckets_for` looks like this.
    return f"{kind}_{subject}"
