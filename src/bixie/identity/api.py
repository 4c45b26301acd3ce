"""``/api/v1/keys``: an admin adds and revokes keys of programs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from bixie.access.call import Call, current_call
from bixie.access.idempotency import as_bytes
from bixie.access.paging import Page, PageQuery
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.identity import repository
from bixie.identity.errors import NotAllowedError, NotThereError
from bixie.identity.rules import expiry_from_text, may_manage
from bixie.identity.schemas import KeyIn, KeyOut, NewKeyOut
from bixie.identity.service import add_key, revoke_key
from bixie.kit.canonical_json import Json
from bixie.kit.ids import is_id

__all__ = ["only_admins", "router"]

router = APIRouter(prefix="/api/v1/keys", tags=["keys"])

_Call = Annotated[Call, Depends(current_call)]


@router.post("", status_code=201)
def create_key(call: _Call, body: KeyIn) -> NewKeyOut:
    """Add a key. Its text is displayed once and stored nowhere; replace a lost key by another."""
    only_admins(call)
    if body.party is not None and not is_id("party", body.party):
        raise NotThereError("identity.no_such_party")
    expires = None if body.expires_at is None else expiry_from_text(body.expires_at, call.clock())
    secret: list[str] = []

    def work(session: TenantSession) -> Json:
        made = add_key(
            session, body.role, label=body.label, party=body.party, expires_at=expires, clock=call.clock
        )
        secret.append(made.text)
        return KeyOut.of(made.row).model_dump(mode="json")

    answer = call.once("keys.create", (as_bytes(body),), work)
    return NewKeyOut(**answer, key=secret[0] if secret else None)


@router.get("")
def list_keys(call: _Call, query: Annotated[PageQuery, Query()]) -> Page[KeyOut]:
    """List keys, the oldest first, revoked ones included."""
    only_admins(call)
    window = call.window("keys", query)
    with call.reading() as session:
        rows = repository.keys(session, call.principal.party, window.after_place, window.rows)
        return window.page(rows, KeyOut.of, place_of)


@router.delete("/{key_id}", status_code=204)
def delete_key(call: _Call, key_id: str) -> None:
    """Revoke a key: it is invalid from now on. The record of the key stays."""
    only_admins(call)
    if not is_id("key", key_id):
        raise NotThereError("identity.no_such_key")
    with call.writing() as session:
        revoke_key(session, key_id, call.clock)


def only_admins(call: Call) -> None:
    """Refuse everybody but an admin of the tenant, or of a party for the party's own.

    Raises
    ------
    NotAllowedError
        ``identity.not_allowed``.
    """
    if not may_manage(call.principal, call.principal.party):
        raise NotAllowedError("identity.not_allowed")
