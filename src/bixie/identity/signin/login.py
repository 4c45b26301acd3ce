"""Logging in with a password and, if it is on, a second factor; sessions begin here.

An attempt counts as a failure before the password is compared, and the failure is undone if it was right. So
many concurrent attempts gain nothing over the same number in sequence. The slow hash is computed between two
transactions and holds no lock.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from bixie.access.tenancy import TenantSession, writing
from bixie.identity import repository
from bixie.identity.authentication import authenticator, end_session
from bixie.identity.errors import CredentialError, IdentityError, LinkError, TooSoonError
from bixie.identity.models import Person
from bixie.identity.rules import checked_login
from bixie.identity.signin import repository as signin
from bixie.identity.signin.models import Attempt, LoginSession
from bixie.identity.signin.passwords import STRENGTH, Strength, hash_password, matches, outdated
from bixie.identity.signin.second_factor import take_code, turn_off
from bixie.identity.signin.throttle import FORGOTTEN_AFTER, Bucket, Buckets, buckets_for, source_of
from bixie.identity.signing import open_ticket, pepper, signed
from bixie.identity.tokens import SessionText, csrf_token, new_secret, secret_hash
from bixie.kit.ids import Entropy
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.unit_of_work import Store

__all__ = ["LoggedIn", "Login", "log_in", "turn_off_second_factor"]

DEVICE = "device"
"""Purpose of the token that recognises a device."""
_DEVICE_LIFETIME = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Login:
    """The input of an attempt to log in.

    Parameters
    ----------
    login, password : str
    source : str
        The client's address as the web server knows it.
    device : str, optional
        The token that an earlier login left on this device.
    code : str, optional
        From the authenticator, or a recovery code.
    """

    login: str
    password: str
    source: str
    device: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The result of a login.

    Parameters
    ----------
    person : str
        Id.
    session : str
        Token for the cookie.
    csrf : str
        Token for the forms of this session.
    device : str
        Token that stays on the device.
    """

    person: str
    session: str
    csrf: str
    device: str


@dataclass(frozen=True, slots=True)
class _CountedAttempt:
    """An attempt that was counted."""

    buckets: Buckets
    person: str | None
    stored: str
    device: str


def log_in(
    store: Store,
    tenant: str,
    login: Login,
    *,
    clock: Clock = utc_now,
    entropy: Entropy = secrets.token_bytes,
    strength: Strength = STRENGTH,
) -> LoggedIn:
    """Log somebody in.

    Raises
    ------
    TooSoonError
        ``identity.too_soon``: the password was not compared.
    CredentialError
        ``identity.login_refused`` for a wrong name or password, with no difference;
        ``identity.code_needed`` when the password was right and a code is needed; ``identity.code_refused``.
    """
    with writing(store, authenticator(tenant)) as session:
        begun = _begin(session, login, clock, entropy)
    if not matches(login.password, begun.stored or _decoy_hash(strength)):
        raise CredentialError("identity.login_refused")
    renewed = hash_password(login.password, strength) if outdated(begun.stored, strength) else None
    with writing(store, authenticator(tenant)) as session:
        refusal, person = _finish(session, begun, login, clock())
        if person is not None:
            person.password = renewed or person.password
            text = SessionText(tenant, new_secret(entropy))
            _start(session, person, text, clock())
            expires = clock() + _DEVICE_LIFETIME
            device = signed(session, DEVICE, person.id, expires, once=begun.device, clock=clock)
    if refusal is not None or person is None:
        raise refusal or CredentialError("identity.login_refused")
    return LoggedIn(person.id, str(text), csrf_token(str(text)), device)


def turn_off_second_factor(
    store: Store, tenant: str, login: Login, *, clock: Clock = utc_now, strength: Strength = STRENGTH
) -> None:
    """Turn a person's own second factor off. It needs a full login, code and waits included.

    An open session alone is not enough to turn it off or to guess the code.

    Raises
    ------
    TooSoonError, CredentialError
        Those of `log_in`.
    """
    got = log_in(store, tenant, login, clock=clock, strength=strength)
    with writing(store, authenticator(tenant)) as session:
        turn_off(session, got.person, clock)
    end_session(store, got.session, clock)


def _begin(session: TenantSession, login: Login, clock: Clock, entropy: Entropy) -> _CountedAttempt:
    if repository.tenant_of_session(session) is None:
        # Nothing is counted: made-up tenants must not fill the store.
        raise CredentialError("identity.login_refused")
    now = clock()
    account = _account(login.login)
    person = repository.person_by_login(session, account)
    device = _device(session, login.device, person, clock)
    buckets = buckets_for(account, source_of(login.source), device, pepper(session, clock))
    signin.delete_attempts(session, now - FORGOTTEN_AFTER)
    rows = signin.locked_attempts(session, [*buckets.counted, buckets.account], now)
    _check_wait(buckets.wait(_known(rows), now))
    for name in buckets.counted:
        rows[name].failures += 1
        rows[name].last_at = now
    may = person is not None and person.disabled_at is None and person.password is not None
    return _CountedAttempt(
        buckets,
        person.id if person is not None and may else None,
        (person.password or "") if person is not None and may else "",
        device or entropy(16).hex(),
    )


def _finish(
    session: TenantSession, begun: _CountedAttempt, login: Login, now: datetime
) -> tuple[IdentityError | None, Person | None]:
    """Return a refusal, or the person. Nothing is raised here: the counts must be committed either way."""
    names = begun.buckets
    rows = signin.locked_attempts(session, [*names.counted, names.account, names.code], now)
    person = repository.locked_person(session, begun.person or "")
    if person is None or person.disabled_at is not None or person.password != begun.stored:
        return CredentialError("identity.login_refused"), None
    if person.totp_confirmed_at is not None:
        if login.code is None:
            _undo_failure(rows, names)
            return CredentialError("identity.code_needed"), None
        rest = names.wait_for_code(_known(rows), now)
        if rest:
            return TooSoonError("identity.too_soon", seconds=_seconds(rest)), None
        if not take_code(session, person, login.code, now):
            rows[names.code].failures += 1
            rows[names.code].last_at = now
            return CredentialError("identity.code_refused"), None
    _undo_failure(rows, names)
    rows[names.counted[0]].failures = rows[names.code].failures = 0
    return None, person


def _start(session: TenantSession, person: Person, text: SessionText, now: datetime) -> None:
    hash_ = secret_hash(text.secret)
    session.add(LoginSession(tenant=person.tenant, hash=hash_, person=person.id, made_at=now, seen_at=now))


def _undo_failure(rows: dict[str, Attempt], names: Buckets) -> None:
    """Undo this attempt's own failure only: the owner of one account must not clear the source's count."""
    for name in names.counted:
        rows[name].failures = max(rows[name].failures - 1, 0)


def _device(session: TenantSession, token: str | None, person: Person | None, clock: Clock) -> str | None:
    if token is None or person is None:
        return None
    try:
        ticket = open_ticket(session, token, DEVICE, clock)
    except LinkError:
        return None  # an unknown device is like any other
    return ticket.once if ticket.subject == person.id else None


def _account(login: str) -> str:
    try:
        return checked_login(login)
    except IdentityError:
        return ""  # no account has it; its failures count like those of any unknown name


def _known(rows: dict[str, Attempt]) -> dict[str, Bucket]:
    return {name: Bucket(row.failures, row.last_at) for name, row in rows.items()}


def _check_wait(rest: timedelta) -> None:
    if rest:
        raise TooSoonError("identity.too_soon", seconds=_seconds(rest))


def _seconds(rest: timedelta) -> int:
    return -(-int(rest.total_seconds() * 1000) // 1000)


@cache
def _decoy_hash(strength: Strength) -> str:
    """Return a hash to compare with for unknown names: they must take as long as others."""
    return hash_password(secrets.token_hex(), strength)
