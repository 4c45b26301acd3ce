"""The second factor of a person: turning it on and off, and using its codes."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.identity import repository
from bixie.identity.errors import CredentialError, IdentityError, NotAllowedError, NotThereError
from bixie.identity.models import Person
from bixie.identity.rules import may_manage
from bixie.identity.signin import repository as signin
from bixie.identity.signin.models import RecoveryCode
from bixie.identity.signin.totp import SECRET_BYTES, address, step_of
from bixie.identity.tokens import new_recovery_code, new_salt, recovery_text, same_hash, secret_hash
from bixie.kit.ids import Entropy
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["RECOVERY_CODES", "begin", "confirm", "take_code", "turn_off"]

RECOVERY_CODES = 10


def begin(
    session: TenantSession, issuer: str, entropy: Entropy = secrets.token_bytes, clock: Clock = utc_now
) -> str:
    """Return the address for the QR code of the acting person; `confirm` turns it on.

    Raises
    ------
    IdentityError
        ``identity.totp_is_on``.
    """
    person = _acting_person(session)
    if person.totp_confirmed_at is not None:
        raise IdentityError("identity.totp_is_on")
    secret = entropy(SECRET_BYTES)
    person.totp_secret, person.totp_step = secret.hex(), -1
    append(session, [NewEvent("identity.second_factor_begun", person.id, rows=(person,))], clock)
    return address(secret, issuer, person.login or person.id)


def confirm(
    session: TenantSession, code: str, clock: Clock = utc_now, entropy: Entropy = secrets.token_bytes
) -> list[str]:
    """Turn the second factor on with a first code; return the recovery codes, which are displayed once.

    Raises
    ------
    IdentityError
        ``identity.totp_is_on``.
    CredentialError
        ``identity.code_refused``.
    """
    person, now = _acting_person(session), clock()
    if person.totp_confirmed_at is not None:
        raise IdentityError("identity.totp_is_on")
    if not _take_totp(person, code, now):
        raise CredentialError("identity.code_refused")
    person.totp_confirmed_at = now
    codes = [new_recovery_code(entropy) for _ in range(RECOVERY_CODES)]
    salts = [new_salt(entropy) for _ in codes]
    rows = [
        RecoveryCode(
            tenant=person.tenant, person=person.id, number=number, salt=salt, hash=secret_hash(one, salt)
        )
        for number, (one, salt) in enumerate(zip(codes, salts, strict=True))
    ]
    session.add_all(rows)
    append(session, [NewEvent("identity.second_factor_on", person.id, rows=(person, *rows))], lambda: now)
    return codes


def turn_off(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Turn another person's second factor off, when both telephone and recovery codes are lost.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``.
    NotAllowedError
        ``identity.not_allowed``, also for oneself; see `bixie.identity.signin.login.turn_off_second_factor`.
    """
    person = repository.locked_person(session, id_)
    if person is None or session.principal.party not in (None, person.party):
        raise NotThereError("identity.no_such_person")
    if session.principal.id == id_ or not may_manage(session.principal, person.party):
        raise NotAllowedError("identity.not_allowed")
    if person.totp_confirmed_at is None:
        return
    person.totp_secret, person.totp_confirmed_at, person.totp_step = None, None, -1
    codes = signin.delete_recovery_codes(session, person.id)
    append(session, [NewEvent("identity.second_factor_off", person.id, rows=(person, *codes))], clock)


def take_code(session: TenantSession, person: Person, code: str, clock: Clock) -> str | None:
    """Use a code up; return what it was, ``totp`` or ``recovery_code``, or None if it is not valid.

    Parameters
    ----------
    session : TenantSession
    person : Person
        Locked: two concurrent requests must not use the same code.
    code : str
        Of the authenticator, or a recovery code.
    clock : callable
    """
    if _take_totp(person, code, clock()):
        return "totp"
    return "recovery_code" if _take_recovery(session, person, code, clock) else None


def _take_totp(person: Person, code: str, now: datetime) -> bool:
    if person.totp_secret is None:
        return False
    step = step_of(code, bytes.fromhex(person.totp_secret), now, person.totp_step)
    if step is None:
        return False
    person.totp_step = step
    return True


def _take_recovery(session: TenantSession, person: Person, code: str, clock: Clock) -> bool:
    typed, found = recovery_text(code), None
    rows = signin.recovery_codes(session, person.id)
    for row in rows:
        if same_hash(secret_hash(typed, row.salt), row.hash):
            found = row
    if found is None:
        return False
    session.delete(found)
    left: dict[str, Json] = {"left": len(rows) - 1}
    append(session, [NewEvent("identity.recovery_code_used", person.id, left, rows=(found,))], clock)
    return True


def _acting_person(session: TenantSession) -> Person:
    person = repository.locked_person(session, session.principal.id)
    if person is None:
        raise NotThereError("identity.no_such_person")
    return person
