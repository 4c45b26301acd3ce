"""Kinds of tampering with rows of identity and notices: tenants, parties, people, keys, webhooks."""

from bench.tamper.kinds import FORMATS, Kind, Scene, by_sql, kinds
from bixie.identity.signin.passwords import Strength, hash_password
from bixie.identity.tokens import secret_hash

__all__ = ["KINDS"]

_OWN = "tenant = :tenant"
_CLERK = f"WHERE {_OWN} AND login = 'clerk'"
_ADMIN = f"WHERE {_OWN} AND login = 'admin'"
_GONE = f"WHERE {_OWN} AND login = 'gone'"
_KEY = f"WHERE {_OWN} AND label = 'shop'"
_REVOKED = f"WHERE {_OWN} AND label = 'former'"
_MERCHANT = f"(SELECT id FROM identity_party WHERE {_OWN} AND reference = 'm-1')"
_MOMENT = "2030-01-01 00:00:00.000000+00:00"
_KNOWN = "a password that the intruder knows"


def _copied(table: str, where: str, **changed: str) -> str:
    """Return a statement that adds a copy of a row, with other values for some columns.

    The columns are those of every version so far that the copy needs.
    """
    columns = _COLUMNS[table]
    values = ", ".join(changed.get(name, name) for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} {where}"


_COLUMNS = {
    "identity_person": (
        *("tenant", "id", "party", "role", "login", "name", "password", "password_set_at", "totp_secret"),
        *("totp_confirmed_at", "totp_step", "made_at", "disabled_at", "erased_at", "sequence"),
    ),
    "identity_key": (
        *("tenant", "id", "label", "role", "party", "salt", "hash", "made_at", "expires_at", "revoked_at"),
        *("used_at", "sequence"),
    ),
    "identity_signing_key": ("tenant", "id", "secret", "made_at", "retired_at"),
    "identity_recovery_code": ("tenant", "person", "number", "salt", "hash"),
    "identity_session": ("tenant", "hash", "person", "made_at", "seen_at", "ended_at"),
    "identity_consent": (
        *("tenant", "id", "party", "purpose", "recipient", "kinds", "text_version", "text_hash", "language"),
        *("given_at", "given_by"),
    ),
    "identity_withdrawal": ("tenant", "consent", "withdrawn_at", "withdrawn_by"),
}


def _password_replaced(scene: Scene) -> None:
    known = hash_password(_KNOWN, Strength(cost=4, block=8, lanes=1))
    scene.run(f"UPDATE identity_person SET password = :known {_ADMIN}", known=known)


def _key_replaced(scene: Scene) -> None:
    scene.run(f"UPDATE identity_key SET hash = :known {_KEY}", known=secret_hash("known", "00"))


def _session_added(scene: Scene) -> None:
    copy = _copied("identity_session", f"WHERE {_OWN} AND ended_at IS NULL", hash=":known")
    scene.run(copy, known=secret_hash("known"))


def _changed(table: str, column: str, value: str, where: str) -> str:
    return f"UPDATE {table} SET {column} = {value} {where}"


_OPEN_CONSENT = f"WHERE {_OWN} AND id NOT IN (SELECT consent FROM identity_withdrawal WHERE {_OWN})"

_TENANT = {
    "renamed": by_sql(f"UPDATE identity_tenant SET name = '别家' WHERE {_OWN}"),
    "a platform made a merchant": by_sql(f"UPDATE identity_tenant SET kind = 'merchant' WHERE {_OWN}"),
}
_PARTIES = {
    "a merchant made a buyer": by_sql(
        f"UPDATE identity_party SET kind = 'buyer' WHERE {_OWN} AND reference = 'm-1'"
    ),
    "a buyer's telephone number": by_sql(
        f"UPDATE identity_party SET phone = '+8613900139000' WHERE {_OWN} AND reference = 'b-1'"
    ),
    "two references exchanged": by_sql(
        f"UPDATE identity_party SET reference = 'm-0' WHERE {_OWN} AND reference = 'm-1'"
    ),
    "when it was added": by_sql(
        f"UPDATE identity_party SET made_at = '2020-01-01 00:00:00.000000+00:00' WHERE {_OWN} "
        "AND reference = 'm-1'"
    ),
    "a party removed": by_sql(f"DELETE FROM identity_party WHERE {_OWN} AND reference = 'b-1'"),
}
_PEOPLE = {
    "a role raised": by_sql(_changed("identity_person", "role", "'admin'", _CLERK)),
    "a disabled person enabled": by_sql(_changed("identity_person", "disabled_at", "NULL", _GONE)),
    "moved to another party": by_sql(_changed("identity_person", "party", _MERCHANT, _CLERK)),
    "a login name": by_sql(_changed("identity_person", "login", "'intruder'", _CLERK)),
    "the second factor removed": by_sql(
        f"UPDATE identity_person SET totp_secret = NULL, totp_confirmed_at = NULL {_ADMIN}"
    ),
    "another secret of the second factor": by_sql(
        _changed("identity_person", "totp_secret", "'00112233445566778899'", _ADMIN)
    ),
    "when the password was set": by_sql(
        _changed("identity_person", "password_set_at", f"'{_MOMENT}'", _ADMIN)
    ),
    "a recovery code removed": by_sql(f"DELETE FROM identity_recovery_code WHERE {_OWN} AND number = 0"),
    "a person added": by_sql(_copied("identity_person", _ADMIN, id="'person_x'", login="'x'")),
    "a person removed": by_sql(f"DELETE FROM identity_person {_CLERK}"),
    "a session that was ended goes on": by_sql(
        f"UPDATE identity_session SET ended_at = NULL WHERE {_OWN} AND ended_at IS NOT NULL"
    ),
}
_PEOPLE_WITH_HASHES = {
    "a password that the intruder knows": _password_replaced,
    "a recovery code that the intruder knows": by_sql(
        f"UPDATE identity_recovery_code SET hash = '{secret_hash('known', '00')}', salt = '00' WHERE {_OWN} "
        "AND number = 1"
    ),
    "a recovery code added": by_sql(
        _copied("identity_recovery_code", f"WHERE {_OWN} AND number = 1", number="99")
    ),
    "a session added whose token the intruder knows": _session_added,
}
_KEYS = {
    "a key's role raised": by_sql(_changed("identity_key", "role", "'admin'", _KEY)),
    "a key made to last": by_sql(_changed("identity_key", "expires_at", f"'{_MOMENT}'", _KEY)),
    "a revoked key valid again": by_sql(_changed("identity_key", "revoked_at", "NULL", _REVOKED)),
    "a merchant's key made the tenant's": by_sql(_changed("identity_key", "party", "NULL", _REVOKED)),
    "a key's label": by_sql(_changed("identity_key", "label", "'other'", _KEY)),
    "a key's salt": by_sql(_changed("identity_key", "salt", "'00'", _KEY)),
    "a key added": by_sql(_copied("identity_key", _KEY, id="'key_x'")),
    "a key removed": by_sql(f"DELETE FROM identity_key {_KEY}"),
    "a signing key's secret": by_sql(f"UPDATE identity_signing_key SET secret = '00' WHERE {_OWN}"),
    "a retired signing key valid again": by_sql(
        f"UPDATE identity_signing_key SET retired_at = NULL WHERE {_OWN} AND retired_at IS NOT NULL"
    ),
    "a signing key added": by_sql(
        _copied("identity_signing_key", f"WHERE {_OWN} AND retired_at IS NULL", id="'signer_x'")
    ),
}
_KEYS_WITH_HASHES = {"a key's hash, of a secret that the intruder knows": _key_replaced}
_CONSENTS = {
    "a consent's purpose": by_sql(f"UPDATE identity_consent SET purpose = 'register.all' {_OPEN_CONSENT}"),
    "a consent added": by_sql(_copied("identity_consent", _OPEN_CONSENT, id="'consent_x'")),
    "a consent removed": by_sql(f"DELETE FROM identity_consent {_OPEN_CONSENT}"),
    "a consent withdrawn": by_sql(
        "INSERT INTO identity_withdrawal (tenant, consent, withdrawn_at, withdrawn_by) "
        f"SELECT tenant, id, given_at, given_by FROM identity_consent {_OPEN_CONSENT}"
    ),
    "a withdrawal removed": by_sql(f"DELETE FROM identity_withdrawal WHERE {_OWN}"),
    "when it was withdrawn": by_sql(
        f"UPDATE identity_withdrawal SET withdrawn_at = '{_MOMENT}' WHERE {_OWN}"
    ),
}
_WEBHOOK = f"WHERE {_OWN} AND disabled_at IS NULL"
_NOTICES = {
    "a webhook's address": by_sql(_changed("notice_webhook", "url", "'https://evil.example/hook'", _WEBHOOK)),
    "a webhook's secret": by_sql(_changed("notice_webhook", "secret", "'whsec_AAAA'", _WEBHOOK)),
    "a webhook's events": by_sql(_changed("notice_webhook", "events", "'[\"other\"]'", _WEBHOOK)),
    "a webhook disabled": by_sql(_changed("notice_webhook", "disabled_at", f"'{_MOMENT}'", _WEBHOOK)),
    "a disabled webhook enabled": by_sql(
        f"UPDATE notice_webhook SET disabled_at = NULL WHERE {_OWN} AND disabled_at IS NOT NULL"
    ),
    "a webhook removed": by_sql(f"DELETE FROM notice_webhook {_WEBHOOK}"),
    "a message's words": by_sql(f"UPDATE notice SET body = '别的话' WHERE {_OWN}"),
    "a message marked as read": by_sql(f"UPDATE notice SET read_at = '{_MOMENT}' WHERE {_OWN}"),
    "a message removed": by_sql(f"DELETE FROM notice WHERE {_OWN}"),
}

KINDS: list[Kind] = [
    *kinds("tenants", _TENANT),
    *kinds("parties", _PARTIES),
    *kinds("people", _PEOPLE),
    *kinds("people", _PEOPLE_WITH_HASHES, FORMATS),
    *kinds("keys", _KEYS),
    *kinds("keys", _KEYS_WITH_HASHES, FORMATS),
    *kinds("consents", _CONSENTS),
    *kinds("notices", _NOTICES),
]
"""What is done to rows of people."""
