"""``/api/v1/merchant-options``: a merchant opts in and out; everybody of the tenant's staff sees who has."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from bixie.access.call import Call, current_call
from bixie.access.paging import Page, PageQuery
from bixie.access.principal import Role
from bixie.access.sequence import place_of
from bixie.cases.merchant_options import repository
from bixie.cases.merchant_options.schemas import OptInIn, OptInOut
from bixie.cases.merchant_options.service import set_option, unset_option

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/merchant-options", tags=["claims"])

_READERS = frozenset({Role.ADMIN, Role.CLERK, Role.REVIEWER, Role.POLICY_EDITOR, Role.API_KEY})
_Call = Annotated[Call, Depends(current_call)]


@router.get("")
def list_merchant_options(call: _Call, query: Annotated[PageQuery, Query()]) -> Page[OptInOut]:
    """List what merchants have opted in to, as it was set, ended ones too; a merchant sees its own."""
    call.allow(_READERS)
    window = call.window("merchant-options", query)
    now = call.clock()
    with call.reading() as session:
        rows = repository.page(session, window.after_place, window.rows)
        return window.page(rows, lambda row: OptInOut.of(row, now), place_of)


@router.put("/{option}")
def put_merchant_option(call: _Call, option: str, body: OptInIn) -> OptInOut:
    """Opt in from now on, or change limit and end. Only an admin of the merchant can."""
    limit = None if body.limit is None else body.limit.minor
    with call.writing() as session:
        row = set_option(session, option, limit=limit, until=body.until, clock=call.clock)
        return OptInOut.of(row, call.clock())


@router.delete("/{option}", status_code=204)
def delete_merchant_option(call: _Call, option: str) -> None:
    """Opt out from now on. Claims that were filed before keep what was announced with them."""
    with call.writing() as session:
        unset_option(session, option, call.clock)
