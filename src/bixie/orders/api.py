"""``/api/v1/orders``: add orders one by one, many at once or as a shop's file; list and get them."""

import hashlib
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import Field, ValidationError

from bixie.access.body_limit import FORM_BYTES, body_limit
from bixie.access.call import Call, current_call
from bixie.access.paging import Page, PageQuery
from bixie.access.principal import Role
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json
from bixie.kit.chunks import chunks
from bixie.kit.ids import is_id
from bixie.kit.sanitise import sanitise
from bixie.kit.validation import Fault, Location
from bixie.orders import repository
from bixie.orders.collector import OrderCollector
from bixie.orders.errors import FaultyOrdersError, NoSuchOrderError, OrdersError
from bixie.orders.file_import import MAX_FILE, ParsedFile, read_orders
from bixie.orders.problems import problems_in_document
from bixie.orders.rules import MAX_PROBLEMS
from bixie.orders.schemas import (
    ImportOut,
    OrderIn,
    OrderOut,
    OrdersIn,
    OrdersOut,
    OrderWithFilesOut,
    ProblemOut,
)
from bixie.orders.service import count_changes, import_in_chunks, import_orders
from bixie.orders.values import MAX_NUMBER
from bixie.vault.checking import check_for_call
from bixie.vault.exhibit_facts import facts_of
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.schemas import ExhibitOut, PartyQuery
from bixie.vault.service import Upload, keep_bytes, receive, stage

__all__ = ["OrdersQuery", "router"]

_PLACES: Mapping[str, Location] = {"OrderIn": ("order",), "OrdersIn": (), "order": ("order",)}
"""Second step of an error's location, to the first steps of the place that a problem names."""


class _OrdersRoute(APIRoute):
    """Reports wrong values as problems of orders; a wrong shape is refused as on other routes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler; errors in the values of orders become `FaultyOrdersError`."""
        handle = super().get_route_handler()

        async def handle_orders(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                faulty = _faulty(error)
                if faulty is not None:
                    raise faulty from error
                raise

        return handle_orders


def _faulty(error: RequestValidationError) -> FaultyOrdersError | None:
    """Return the problems if only values are wrong; None if the shape of the body is."""
    for form, place in _PLACES.items():
        details = [one for one in error.errors() if one["loc"][:2] == ("body", form)]
        if details and all(one["type"].startswith("orders.") for one in details):
            faults = [Fault(one["type"], one["loc"][2:], one["ctx"]) for one in details[:MAX_PROBLEMS]]
            return FaultyOrdersError(list(problems_in_document(faults, place)))
    return None


router = APIRouter(prefix="/api/v1/orders", tags=["orders"], route_class=_OrdersRoute)

_WRITERS = frozenset({Role.CLERK, Role.ADMIN, Role.API_KEY})
_READERS = _WRITERS | {Role.REVIEWER}
_Call = Annotated[Call, Depends(current_call)]


class OrdersQuery(PageQuery):
    """Query parameters of the list."""

    number: str | None = Field(None, max_length=MAX_NUMBER, description="only the order with this number")


@router.post("", status_code=201)
def add_orders(call: _Call, given: OrderIn | OrdersIn, party: PartyQuery = None) -> OrderOut | OrdersOut:
    """Add one order, or several: all of them or none. An order that exists already is brought up to date."""
    call.allow(_WRITERS)
    many, owner = isinstance(given, OrdersIn), call.party(party)
    orders = _collected(given.orders if isinstance(given, OrdersIn) else [given], many=many)

    def work(session: TenantSession) -> Json:
        import_orders(session, orders, call.clock, party=owner)
        there = repository.by_numbers(session, owner, [order.number for order in orders])
        items = [OrderOut.of(there[order.number]).model_dump(mode="json") for order in orders]
        return {"items": items} if many else items[0]

    answer = call.once("orders.add", (given.model_dump_json().encode(), owner.encode()), work)
    return OrdersOut(**answer) if many else OrderOut(**answer)


@router.post("/with-files", status_code=201)
@body_limit(lambda limits: limits.max_file_bytes + FORM_BYTES)
def add_order_with_files(
    call: _Call,
    order: Annotated[str, Form(description="the order, as JSON: as it is sent on its own")],
    listing: Annotated[list[UploadFile], File(default_factory=list, description="how it was offered")],
    packing: Annotated[list[UploadFile], File(default_factory=list, description="how it was sent")],
    party: PartyQuery = None,
) -> OrderWithFilesOut:
    """Add an order with its pictures and videos: all of it or nothing."""
    call.allow(_WRITERS)
    owner = call.party(party)
    (given,) = _collected([_parsed(order)])
    uploads = [
        Upload(file.file, sanitise(file.filename or "") or "file", given.number, role, owner)
        for role, files in ((ExhibitRole.LISTING, listing), (ExhibitRole.PACKING, packing))
        for file in files
    ]

    fingerprint = (order.encode(), owner.encode(), *_fingerprints(call, uploads))
    with ExitStack() as stack:
        files = [stack.enter_context(stage(call.blobs, upload, call.limits)) for upload in uploads]

        def work(session: TenantSession) -> Json:
            import_orders(session, [given], call.clock, party=owner)
            kept = [receive(session, call.blobs, file, call.clock).id for file in files]
            there = repository.by_numbers(session, owner, [given.number])[given.number]
            return {"order": OrderOut.of(there).model_dump(mode="json"), "exhibits": list(kept)}

        def keep() -> None:
            for file in files:
                keep_bytes(call.blobs, call.principal.tenant, file)

        answer = call.once("orders.with_files", fingerprint, work, before=keep)
    # Each in a transaction of its own, so that other calls can write in between.
    checked = [check_for_call(call, kept) for kept in answer["exhibits"]]
    with call.reading() as session:
        facts = facts_of(session, checked)
    exhibits = [ExhibitOut.of(one, facts[one.id]) for one in checked]
    return OrderWithFilesOut(**answer["order"], exhibits=exhibits)


@router.post("/import")
@body_limit(lambda _: MAX_FILE + FORM_BYTES)
def import_file(
    call: _Call,
    file: UploadFile,
    dry_run: Annotated[bool, Query(description="only say what would happen")] = False,
    party: PartyQuery = None,
) -> ImportOut:
    """Import a shop's file: CSV (UTF-8 or GB18030, Chinese or English headings) or JSON.

    Faults are named by row and column; the other orders are imported, in chunks, so that others can write
    meanwhile. If the service has to stop in the middle it answers `orders.interrupted` with the counts of
    what is imported: send the same file again. With the same `Idempotency-Key` the import goes on from there.
    """
    call.allow(_WRITERS)
    owner = call.party(party)
    with read_orders(file.file) as read:
        if dry_run:
            with call.reading() as session:
                outcome = count_changes(session, read.orders, party=owner)
        else:
            parts = (_sha256(file.file), owner.encode())
            do = partial(call.once_in_steps, "orders.import", parts)
            outcome = import_in_chunks(do, read.orders, call.clock, party=owner)
    return ImportOut(dry_run=dry_run, **asdict(outcome), **_faults(read))


@router.get("")
def list_orders(call: _Call, query: Annotated[OrdersQuery, Query()]) -> Page[OrderOut]:
    """List orders, the oldest import first."""
    call.allow(_READERS)
    if query.number is not None and not query.number.isprintable():
        raise OrdersError("orders.bad_number", limit=MAX_NUMBER)
    window = call.window("orders", query)
    with call.reading() as session:
        rows = repository.page(session, window.after_place, window.rows, query.number)
        return window.page(rows, OrderOut.of, place_of)


@router.get("/{order_id}")
def get_order(call: _Call, order_id: str) -> OrderOut:
    """Get one order."""
    call.allow(_READERS)
    with call.reading() as session:
        order = repository.by_id(session, order_id) if is_id("order", order_id) else None
        if order is None:
            raise NoSuchOrderError("orders.no_such_order")
        return OrderOut.of(order)


def _collected(given: Sequence[OrderIn], *, many: bool = False) -> list[OrderIn]:
    """Return the orders, merged by number."""
    with closing(OrderCollector()) as collector:
        for index, order in enumerate(given):
            collector.add(order, f"orders[{index}]" if many else "order", "number")
        if collector.problems:
            raise FaultyOrdersError(collector.problems)
        return list(collector.orders())


def _parsed(order: str) -> OrderIn:
    """Return an order that is a field of a form; its errors are reported like those of a body."""
    try:
        return OrderIn.model_validate_json(order)
    except ValidationError as error:
        faults = [{**one, "loc": ("body", "order", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(faults) from error


def _fingerprints(call: Call, uploads: Sequence[Upload]) -> Iterator[bytes]:
    """Yield what identifies these files for the idempotency key; nothing if the call has none."""
    if call.idempotency_key is not None:
        for upload in uploads:
            yield from (upload.role.encode(), upload.name.encode(), upload.digest())


def _sha256(file: BinaryIO) -> bytes:
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in chunks(file):
        digest.update(chunk)
    return digest.digest()


def _faults(read: ParsedFile) -> dict[str, Json]:
    return {
        "problems": [ProblemOut.of(one).model_dump(mode="json") for one in read.problems],
        "more_problems": read.more,
        "ignored_columns": list(read.ignored),
        "notes": [ProblemOut.of(one).model_dump(mode="json") for one in read.notes],
    }
