"""Setting up an empty store: a link that makes the first tenant and its first admin, once."""

import secrets
from datetime import timedelta

from bixie.access.principal import Role
from bixie.access.tenancy import reading, writing
from bixie.identity.errors import LinkError
from bixie.identity.models import Person
from bixie.identity.rules import TenantKind
from bixie.identity.service import add_person, add_tenant, founder
from bixie.identity.signin import repository as signin
from bixie.identity.signin.models import Setup
from bixie.identity.signin.password_links import keep_password
from bixie.identity.signin.passwords import STRENGTH, Strength, check_choice, hash_password
from bixie.identity.tokens import new_secret, same_hash, secret_hash
from bixie.kit.ids import Entropy
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.unit_of_work import Store

__all__ = ["check_setup", "open_setup", "use_setup"]

_LIFETIME = timedelta(hours=24)


def open_setup(store: Store, clock: Clock = utc_now, entropy: Entropy = secrets.token_bytes) -> str | None:
    """Return the token of a new set-up link; None once the store has had a tenant.

    Earlier links become invalid.
    """
    with writing(store, founder(clock)) as session:
        setup = signin.locked_setup(session)
        if setup.done_at is not None:
            return None
        token = new_secret(entropy)
        setup.hash, setup.expires_at = secret_hash(token), clock() + _LIFETIME
        return token


def check_setup(store: Store, token: str, clock: Clock = utc_now) -> None:
    """Check that a set-up link can be used now, before anybody fills in the form.

    Raises
    ------
    LinkError
        ``identity.link_used`` or ``identity.link_expired``.
    """
    with reading(store, founder(clock)) as session:
        _check_link(signin.setup(session), token, clock)


def use_setup(
    store: Store,
    token: str,
    *,
    name: str,
    kind: TenantKind,
    login: str,
    password: str,
    clock: Clock = utc_now,
    strength: Strength = STRENGTH,
) -> Person:
    """Make the first tenant and its admin.

    Raises
    ------
    LinkError
        ``identity.link_used`` for any token but the newest, or if there is a tenant;
        ``identity.link_expired``.
    IdentityError
        For an invalid name, login or password; the link stays valid.
    """
    check_choice(password, login)
    check_setup(store, token, clock)  # first: hashing takes memory and time
    hashed = hash_password(password, strength)
    with writing(store, founder(clock)) as session:
        _check_link(signin.locked_setup(session), token, clock)
        add_tenant(session, name, kind, clock)
        person = add_person(session, login, Role.ADMIN, clock=clock)
        keep_password(session, person, hashed, by="setup", clock=clock)
        return person


def _check_link(setup: Setup, token: str, clock: Clock) -> None:
    if setup.hash is None or not same_hash(secret_hash(token), setup.hash):
        raise LinkError("identity.link_used")
    if setup.expires_at is None or clock() >= setup.expires_at:
        raise LinkError("identity.link_expired")
