"""``/api/v1/people``: an admin adds, invites, changes and disables people."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from bixie.access.call import Call, current_call
from bixie.access.idempotency import as_bytes
from bixie.access.paging import Page, PageQuery
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.identity import repository
from bixie.identity.api import only_admins
from bixie.identity.errors import NotThereError
from bixie.identity.people.schemas import InvitationOut, PersonIn, PersonOut, RoleIn
from bixie.identity.service import add_person, change_role, disable_person, person_of
from bixie.identity.signin.password_links import password_link
from bixie.kit.canonical_json import Json
from bixie.kit.ids import is_id
from bixie.kit.timestamps import format_timestamp

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/people", tags=["people"])

_Call = Annotated[Call, Depends(current_call)]


@router.post("", status_code=201)
def create_person(call: _Call, body: PersonIn) -> PersonOut:
    """Add a person. It signs in once it has set a password; an invitation lets it do so."""
    only_admins(call)
    if body.party is not None and not is_id("party", body.party):
        raise NotThereError("identity.no_such_party")

    def work(session: TenantSession) -> Json:
        made = add_person(session, body.login, body.role, party=body.party, name=body.name, clock=call.clock)
        return PersonOut.of(made).model_dump(mode="json")

    return PersonOut(**call.once("people.create", (as_bytes(body),), work))


@router.get("")
def list_people(call: _Call, query: Annotated[PageQuery, Query()]) -> Page[PersonOut]:
    """List people, the oldest first, disabled ones included."""
    only_admins(call)
    window = call.window("people", query)
    with call.reading() as session:
        rows = repository.people(session, call.principal.party, window.after_place, window.rows)
        return window.page(rows, PersonOut.of, place_of)


@router.get("/{person_id}")
def get_person(call: _Call, person_id: str) -> PersonOut:
    """Get one person."""
    only_admins(call)
    _check_id(person_id)
    with call.reading() as session:
        return PersonOut.of(person_of(session, person_id))


@router.patch("/{person_id}")
def change_person(call: _Call, person_id: str, body: RoleIn) -> PersonOut:
    """Give a person another role. Open sessions have it at once."""
    only_admins(call)
    _check_id(person_id)
    with call.writing() as session:
        change_role(session, person_id, body.role, call.clock)
        return PersonOut.of(person_of(session, person_id))


@router.delete("/{person_id}", status_code=204)
def delete_person(call: _Call, person_id: str) -> None:
    """Disable a person: open sessions end, and it cannot sign in. The record of the person stays."""
    only_admins(call)
    _check_id(person_id)
    with call.writing() as session:
        disable_person(session, person_id, call.clock)


@router.post("/{person_id}/invitations", status_code=201)
def invite_person(call: _Call, person_id: str) -> InvitationOut:
    """Invite a person: get a link that sets a password, once and within a day. Send it to nobody else."""
    only_admins(call)
    _check_id(person_id)
    secret: list[str] = []

    def work(session: TenantSession) -> Json:
        link = password_link(session, person_id, call.clock)
        secret.append(link.path)
        expires = format_timestamp(link.expires)
        return {"id": str(link.sequence), "person": person_id, "expires_at": expires}

    answer = call.once("people.invite", (person_id.encode(),), work)
    return InvitationOut(**answer, path=secret[0] if secret else None)


def _check_id(person_id: str) -> None:
    if not is_id("person", person_id):
        raise NotThereError("identity.no_such_person")
