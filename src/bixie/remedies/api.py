"""``/api/v1/remedies``: what decisions bring about outside of Bixie, and how far each is."""

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
from bixie.remedies import repository
from bixie.remedies.models import State
from bixie.remedies.schemas import ConfirmIn, FailIn, RemedyOut
from bixie.remedies.service import confirm, fail, found

__all__ = ["RemediesQuery", "router"]

router = APIRouter(prefix="/api/v1/remedies", tags=["remedies"])

_WRITERS = frozenset({Role.ADMIN, Role.API_KEY})
_READERS = _WRITERS | {Role.CLERK, Role.REVIEWER, Role.BUYER}
_Call = Annotated[Call, Depends(current_call)]


class RemediesQuery(PageQuery):
    """Query parameters of the list."""

    case: str | None = Field(None, pattern="^[a-z0-9_]{1,64}$", description="only those of this case")
    state: State | None = Field(None, description="only those in this state")


@router.get("")
def list_remedies(call: _Call, query: Annotated[RemediesQuery, Query()]) -> Page[RemedyOut]:
    """List remedies, the oldest first. Buyers and merchants see those of their own cases."""
    call.allow(_READERS)
    window = call.window("remedies", query)
    states = [] if query.state is None else [query.state]
    with call.reading() as session:
        rows = repository.page(session, window.after_place, window.rows, case_id=query.case, states=states)
        return window.page(rows, RemedyOut.of, place_of)


@router.get("/{remedy_id}")
def get_remedy(call: _Call, remedy_id: str) -> RemedyOut:
    """Get one remedy."""
    call.allow(_READERS)
    with call.reading() as session:
        return RemedyOut.of(found(session, remedy_id))


@router.post("/{remedy_id}/confirm")
def confirm_remedy(call: _Call, remedy_id: str, body: ConfirmIn) -> RemedyOut:
    """Say that a remedy was carried out. To say so again changes nothing."""
    call.allow_tenant(_WRITERS)

    def work(session: TenantSession) -> Json:
        done = confirm(session, remedy_id, body.reference, call.clock)
        return RemedyOut.of(done).model_dump(mode="json")

    return RemedyOut(**call.once("remedies.confirm", (remedy_id.encode(), as_bytes(body)), work))


@router.post("/{remedy_id}/fail")
def fail_remedy(call: _Call, remedy_id: str, body: FailIn) -> RemedyOut:
    """Say that a remedy will not be carried out, and why. The case then says who must act."""
    call.allow_tenant(_WRITERS)

    def work(session: TenantSession) -> Json:
        failed = fail(session, remedy_id, body.reason, call.clock)
        return RemedyOut.of(failed).model_dump(mode="json")

    return RemedyOut(**call.once("remedies.fail", (remedy_id.encode(), as_bytes(body)), work))
