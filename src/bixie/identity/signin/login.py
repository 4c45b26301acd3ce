"""Logging in with a password and, if it is on, a second factor; sessions begin here.

An attempt counts as a failure before the password is compared, and the failure is undone if it was right. So
many concurrent attempts gain nothing over the same number in sequence. The slow hash is computed between two
transactions and holds no lock. It is computed once for every attempt, whether tenant, name or password exist.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession, writing
from bixie.identity import repository
from bixie.identity.authentication import authenticate_session, authenticator, end_session
from bixie.identity.errors import CredentialError, IdentityError, LinkError, TooSoonError
from bixie.identity.models import Person
from bixie.identity.rules import checked_login
from bixie.identity.signin import repository as signin
from bixie.identity.signin.models import Attempt
from bixie.identity.signin.password_links import keep_password
from bixie.identity.signin.passwords import (
    STRENGTH,
    Strength,
    check_choice,
    decoy_hash,
    hash_password,
    matches,
    outdated,
)
from bixie.identity.signin.recording import Failure, Reason, record_failure, record_sign_in
from bixie.identity.signin.second_factor import take_code, turn_off
from bixie.identity.signin.sessions import start_session
from bixie.identity.signin.throttle import FORGOTTEN_AFTER, Bucket, Buckets, buckets_for, source_of
from bixie.identity.signing import open_ticket, pepper, signed
from bixie.identity.tokens import SessionText, csrf_token, new_secret
from bixie.kit.ids import Entropy
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.unit_of_work import Store

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["LoggedIn", "Login", "change_password", "log_in", "turn_off_second_factor"]

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
    """An attempt that was counted.

    Parameters
    ----------
    buckets : Buckets
    person : str or None
        Id of the person who has the name.
    stored : str
        Hash to compare the password with; empty for who cannot sign in.
    refusal : Reason
        Why the attempt fails if the password does not match.
    device : str
        Id of the device.
    wait : timedelta
        How long the next attempt must wait if this one fails.
    """

    buckets: Buckets
    person: str | None
    stored: str
    refusal: Reason
    device: str
    wait: timedelta


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
    right = matches(login.password, (begun and begun.stored) or decoy_hash(strength))
    if begun is None:
        raise CredentialError("identity.login_refused")
    renewed = hash_password(login.password, strength) if right and outdated(begun.stored, strength) else None
    with writing(store, authenticator(tenant)) as session:
        refusal, person, factor = _finish(session, begun, login, right=right, clock=clock)
        if person is not None:
            person.password = renewed or person.password
            text = SessionText(tenant, new_secret(entropy))
            about: dict[str, Json] = {"second_factor": factor, "known_device": begun.buckets.device}
            rows = (person, start_session(session, person, text, clock))
            record_sign_in(session, rows, login.source, about, clock)
            expires = clock() + _DEVICE_LIFETIME
            device = signed(session, DEVICE, person.id, expires, once=begun.device, clock=clock)
    if refusal is not None or person is None:
        raise refusal or CredentialError("identity.login_refused")
    return LoggedIn(person.id, str(text), csrf_token(str(text)), device)


def change_password(
    store: Store,
    tenant: str,
    login: Login,
    password: str,
    *,
    clock: Clock = utc_now,
    strength: Strength = STRENGTH,
) -> None:
    """Change a person's own password, and end the open sessions. It needs a full login, waits included.

    An open session alone is not enough to take over an account.

    Parameters
    ----------
    store : Store
    tenant : str
    login : Login
        With the present password.
    password : str
        The new one.
    clock : callable
    strength : Strength

    Raises
    ------
    IdentityError
        Those of `bixie.identity.signin.passwords.check_choice`; nothing was tried.
    TooSoonError, CredentialError
        Those of `log_in`.
    """
    check_choice(password, login.login)
    got = log_in(store, tenant, login, clock=clock, strength=strength)
    hashed = hash_password(password, strength)
    with writing(store, authenticate_session(store, got.session, clock)) as session:
        person = repository.locked_person(session, got.person)
        if person is None:
            raise CredentialError("identity.login_refused")
        keep_password(session, person, hashed, by="self", clock=clock)


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


def _begin(session: TenantSession, login: Login, clock: Clock, entropy: Entropy) -> _CountedAttempt | None:
    """Count an attempt; None if there is no such tenant."""
    if repository.tenant_of_session(session) is None:
        return None  # nothing is counted: made-up tenants must not fill the store
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
    refusal = _refusal(person)
    return _CountedAttempt(
        buckets,
        person.id if person is not None else None,
        (person.password or "") if person is not None and refusal is Reason.PASSWORD else "",
        refusal,
        device or entropy(16).hex(),
        buckets.wait(_known(rows), now),
    )


def _refusal(person: Person | None) -> Reason:
    if person is None:
        return Reason.UNKNOWN
    if person.disabled_at is not None:
        return Reason.DISABLED
    return Reason.NO_PASSWORD if person.password is None else Reason.PASSWORD


def _finish(
    session: TenantSession, begun: _CountedAttempt, login: Login, *, right: bool, clock: Clock
) -> tuple[IdentityError | None, Person | None, str | None]:
    """Return a refusal, or the person and which second factor was used.

    Nothing is raised here: the counts must be committed either way.
    """

    def failed(reason: Reason, wait: timedelta) -> None:
        record_failure(session, Failure(begun.person, reason, login.source, wait), clock)

    if not right:
        failed(begun.refusal, begun.wait)
        return CredentialError("identity.login_refused"), None, None
    names, now = begun.buckets, clock()
    rows = signin.locked_attempts(session, [*names.counted, names.account, names.code], now)
    person = repository.locked_person(session, begun.person or "")
    if person is None or person.disabled_at is not None or person.password != begun.stored:
        return CredentialError("identity.login_refused"), None, None
    factor = None
    if person.totp_confirmed_at is not None:
        if login.code is None:
            _undo_failure(rows, names)
            failed(Reason.CODE_MISSING, timedelta())
            return CredentialError("identity.code_needed"), None, None
        rest = names.wait_for_code(_known(rows), now)
        if rest:
            return TooSoonError("identity.too_soon", seconds=_seconds(rest)), None, None
        factor = take_code(session, person, login.code, clock)
        if factor is None:
            rows[names.code].failures += 1
            rows[names.code].last_at = now
            failed(Reason.CODE, names.wait_for_code(_known(rows), now))
            return CredentialError("identity.code_refused"), None, None
    _undo_failure(rows, names)
    rows[names.counted[0]].failures = rows[names.code].failures = 0
    return None, person, factor


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
