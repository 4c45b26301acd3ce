"""Requests about one case: who asks for which side, once for each ``Idempotency-Key``, and the answer."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from bixie.access.call import Call, current_call
from bixie.access.idempotency import as_bytes
from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.cases.access import case_call, side_of
from bixie.cases.answer import Reader, case_out
from bixie.cases.drafts import forget_sent
from bixie.cases.errors import RefusedCaseError
from bixie.cases.files import serve_current
from bixie.cases.models import Case
from bixie.cases.opening import OpenCase
from bixie.cases.reviews.locks import renew
from bixie.cases.schemas import CaseOut
from bixie.cases.words import Side
from bixie.kit.canonical_json import Json
from bixie.kit.due_time import reader_zone
from bixie.orders import repository as orders
from bixie.orders.errors import NoSuchOrderError
from bixie.orders.models import Order

__all__ = [
    "FILERS",
    "SIDES",
    "Asked",
    "Asks",
    "CurrentCall",
    "answer",
    "do_once",
    "only",
    "order_named",
    "reader",
    "reader_for",
]

FILERS = frozenset({Role.CLERK, Role.ADMIN, Role.API_KEY})
SIDES = FILERS | {Role.BUYER, Role.REVIEWER}
CurrentCall = Annotated[Call, Depends(current_call)]


class Asked(BaseModel):
    """Query parameters of requests about one case."""

    model_config = ConfigDict(extra="forbid")

    side: Side | None = Field(None, description="the side that a program of the tenant acts for")
    zone: str | None = Field(None, max_length=60, description="in which due times are explained")


Asks = Annotated[Asked, Query()]


def do_once(
    call: Call,
    case_id: str,
    operation: str,
    given: BaseModel | None,
    asked: Asked,
    *,
    do: Callable[[TenantSession, Side], OpenCase],
) -> CaseOut:
    """Do something in a case once for each ``Idempotency-Key``, and return the case as the side sees it."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)

    def work(session: TenantSession) -> Json:
        case = do(session, side)
        if side is Side.PLATFORM:
            renew(case)
        forget_sent(session, case_id, side, operation)
        serve_current(case)
        shown = case_out(session, case.row, reader_for(call, side, asked))
        done: Json = shown.model_copy(update={"skipped": case.skipped}).model_dump(mode="json")
        return done

    body = b"" if given is None else as_bytes(given)
    done = inner.once(f"cases.{operation}", (case_id.encode(), str(side).encode(), body), work)
    return CaseOut.model_validate(done)


def answer(session: TenantSession, row: Case, reader: Reader) -> Json:
    """Return a case as a reader sees it, in JSON types."""
    shown: Json = case_out(session, row, reader).model_dump(mode="json")
    return shown


def reader(call: Call, case: Case, asked: Asked) -> Reader:
    """Return who reads a case in a list."""
    return reader_for(call, side_of(call.principal, case, asked.side), asked)


def reader_for(call: Call, side: Side, asked: Asked) -> Reader:
    """Return who reads a case for a side."""
    return Reader(side, call.clock, reader_zone(asked.zone))


def only(side: Side, wanted: Side) -> None:
    """Refuse every other side.

    Raises
    ------
    RefusedCaseError
        ``cases.other_side``.
    """
    if side is not wanted:
        raise RefusedCaseError("cases.other_side", side=wanted)


def order_named(session: TenantSession, number: str, party: str | None) -> Order:
    """Return the order with a number, of one merchant or of whichever has it.

    Raises
    ------
    NoSuchOrderError
        ``orders.no_such_order``.
    RefusedCaseError
        ``cases.which_merchant`` where several merchants have it and none is named.
    """
    found = (
        orders.with_number(session, number)
        if party is None
        else [one for one in [orders.by_number(session, party, number)] if one is not None]
    )
    if not found:
        raise NoSuchOrderError("orders.no_such_order")
    if len(found) > 1:
        raise RefusedCaseError("cases.which_merchant")
    return found[0]
