"""``/api/v1/holds``, ``/api/v1/retention``: holds on evidence, and how long it is kept."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from bixie.access.call import Call, current_call
from bixie.access.idempotency import as_bytes
from bixie.access.paging import Page, PageQuery
from bixie.access.principal import Role
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json
from bixie.store.errors import StoreError
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.retention import repository
from bixie.vault.retention.erasure import GivenReason, Reason, discard, erase
from bixie.vault.retention.schemas import HoldIn, HoldOut, RetentionIn, RetentionOut, RetentionsOut
from bixie.vault.retention.service import hold, release, set_retention
from bixie.vault.schemas import PartyQuery
from bixie.vault.service import MAX_ORDER_NUMBER, check_order_number

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["retention"])

_ADMINS = frozenset({Role.ADMIN})
_HOLDERS = _ADMINS | {Role.REVIEWER}
_READERS = _HOLDERS | {Role.CLERK, Role.API_KEY}
_Call = Annotated[Call, Depends(current_call)]


class _HoldsQuery(PageQuery):
    exhibit: str | None = Field(None, pattern="^[a-z0-9_]{1,64}$", description="only those named for it")
    order: str | None = Field(None, max_length=MAX_ORDER_NUMBER, description="only those named for it")


@router.post("/holds", status_code=201)
def add_hold(call: _Call, body: HoldIn, party: PartyQuery = None) -> HoldOut:
    """Keep an exhibit, or the present and future exhibits of an order, from being erased."""
    call.allow_tenant(_HOLDERS)
    owner = call.party(party)

    def work(session: TenantSession) -> Json:
        on = {"exhibit_id": body.exhibit, "order_number": body.order}
        made = hold(session, body.reason, **on, party=owner, clock=call.clock)
        return HoldOut.of(made, repository.count_covered(session, made)).model_dump(mode="json")

    return HoldOut(**call.once("holds.add", (as_bytes(body), owner.encode()), work))


@router.get("/holds")
def list_holds(call: _Call, query: Annotated[_HoldsQuery, Query()]) -> Page[HoldOut]:
    """List holds, the oldest first, released ones included."""
    call.allow_tenant(_READERS)
    if query.order is not None:
        check_order_number(query.order)
    window = call.window("holds", query)
    with call.reading() as session:
        rows = repository.page_of_holds(session, window.after_place, window.rows, query.exhibit, query.order)
        return window.page(rows, HoldOut.of, place_of)


@router.delete("/holds/{hold_id}", status_code=204)
def delete_hold(call: _Call, hold_id: str) -> None:
    """Release a hold; other holds on the same exhibit stay. The record of the hold stays."""
    call.allow_tenant(_HOLDERS)
    with call.writing() as session:
        release(session, hold_id, call.clock)


@router.delete("/exhibits/{exhibit_id}", status_code=204)
def delete_exhibit(
    call: _Call,
    exhibit_id: str,
    reason: Annotated[GivenReason, Query(description="recorded in the ledger")],
) -> None:
    """Erase an exhibit and the reports about it. Hashes and custody stay, and so do proofs."""
    call.allow_tenant(_ADMINS)
    with call.writing() as session:
        erase(session, exhibit_id, Reason(reason), call.clock)
    with suppress(StoreError):  # it is erased; a worker removes the rest
        discard(call.store, call.principal, call.blobs, call.clock)


@router.get("/retention")
def get_retention(call: _Call) -> RetentionsOut:
    """List how long exhibits are kept, by role; those in other roles are kept forever."""
    call.allow_tenant(_READERS)
    with call.reading() as session:
        return RetentionsOut(items=[RetentionOut.of(rule) for rule in repository.rules(session)])


@router.put("/retention/{role}", status_code=204)
def put_retention(call: _Call, role: ExhibitRole, body: RetentionIn) -> None:
    """Set how many days after being received exhibits in a role are kept; null keeps them forever."""
    call.allow_tenant(_ADMINS)
    with call.writing() as session:
        set_retention(session, role, body.days, call.clock)
