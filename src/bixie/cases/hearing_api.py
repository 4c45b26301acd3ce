"""``/api/v1/cases/{id}/…``: the thread, evidence, time, the return of goods, the case file."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.cases import service
from bixie.cases.access import case_call
from bixie.cases.claims.answers import check_more_time
from bixie.cases.claims.loading import claim_options
from bixie.cases.effects import after_evidence
from bixie.cases.errors import RefusedCaseError
from bixie.cases.evidence import add_exhibits
from bixie.cases.files import open_file
from bixie.cases.opening import OpenCase, found, open_case
from bixie.cases.requests import SIDES, Asks, CurrentCall, do_once, only
from bixie.cases.reviews.locks import renew
from bixie.cases.schemas import (
    CaseOut,
    ExhibitsIn,
    InspectionIn,
    LowerIn,
    MessageIn,
    MoreTimeIn,
    SaidIn,
)
from bixie.cases.served import FileOut
from bixie.cases.thread import post
from bixie.cases.words import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])

_STAFF = frozenset({Role.REVIEWER, Role.ADMIN})


@router.post("/{case_id}/messages", status_code=201)
def add_message(call: CurrentCall, case_id: str, given: MessageIn, asked: Asks) -> CaseOut:
    """Write in the thread."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        case = open_case(session, case_id, call.clock)
        post(case, side, given.text, audience=given.audience, exhibits=given.exhibits)
        return case

    return do_once(call, case_id, "messages", given, asked, do=do)


@router.post("/{case_id}/exhibits", status_code=201)
def link_exhibits(call: CurrentCall, case_id: str, given: ExhibitsIn, asked: Asks) -> CaseOut:
    """Add files that lie in the vault, for the same order, to the evidence."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        case = open_case(session, case_id, call.clock)
        add_exhibits(case, side, [one.as_given() for one in given.exhibits])
        after_evidence(case)
        return case

    return do_once(call, case_id, "exhibits", given, asked, do=do)


@router.post("/{case_id}/amount")
def lower_amount(call: CurrentCall, case_id: str, given: LowerIn, asked: Asks) -> CaseOut:
    """Ask for less; an amount never goes up."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        only(side, Side.BUYER)
        if given.amount.currency != found(session, case_id).currency:
            raise RefusedCaseError("cases.wrong_currency", currency=found(session, case_id).currency)
        return service.lower(session, case_id, given.amount.minor, call.clock)

    return do_once(call, case_id, "amount", given, asked, do=do)


@router.post("/{case_id}/more-time")
def more_time(call: CurrentCall, case_id: str, given: MoreTimeIn, asked: Asks) -> CaseOut:
    """Ask for more time for what the side owes."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        check_more_time(given.reason, side.value, claim_options())
        return service.more_time(session, case_id, side, given.reason, call.clock)

    return do_once(call, case_id, "more-time", given, asked, do=do)


@router.post("/{case_id}/person")
def ask_for_person(call: CurrentCall, case_id: str, asked: Asks) -> CaseOut:
    """Ask for a person as the buyer; nothing is decided without one from then on."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        only(side, Side.BUYER)
        return service.ask_for_person(session, case_id, call.clock)

    return do_once(call, case_id, "person", None, asked, do=do)


@router.post("/{case_id}/return")
def send_return(call: CurrentCall, case_id: str, given: SaidIn, asked: Asks) -> CaseOut:
    """Say that the goods were sent back, by which carrier and under which number."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        only(side, Side.BUYER)
        return service.send_return(session, case_id, given.said(), call.clock)

    return do_once(call, case_id, "return", given, asked, do=do)


@router.post("/{case_id}/inspection")
def receive_return(call: CurrentCall, case_id: str, given: InspectionIn, asked: Asks) -> CaseOut:
    """Say what the inspection of returned goods found."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        only(side, Side.MERCHANT)
        return service.receive_return(session, case_id, given.inspection, given.said(), call.clock)

    return do_once(call, case_id, "inspection", given, asked, do=do)


@router.post("/{case_id}/send-back")
def send_back(call: CurrentCall, case_id: str, given: SaidIn, asked: Asks) -> CaseOut:
    """Say that goods were sent back, with carrier and number; or as the buyer that they arrived."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        return service.send_back(session, case_id, side, given.said(), call.clock)

    return do_once(call, case_id, "send-back", given, asked, do=do)


@router.post("/{case_id}/not-received")
def not_received(call: CurrentCall, case_id: str, given: SaidIn, asked: Asks) -> CaseOut:
    """Say as the buyer that nothing has come of goods that were said to be sent: the platform sees to it."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        only(side, Side.BUYER)
        return service.not_received(session, case_id, given.said(), call.clock)

    return do_once(call, case_id, "not-received", given, asked, do=do)


@router.post("/{case_id}/settle")
def settle(call: CurrentCall, case_id: str, given: SaidIn, asked: Asks) -> CaseOut:
    """Say as a person of the platform how the rest was settled by hand; nothing more is ordered."""
    call.allow_tenant(_STAFF)

    def do(session: TenantSession, side: Side) -> OpenCase:
        only(side, Side.PLATFORM)
        return service.settle(session, case_id, given.said(), call.clock)

    return do_once(call, case_id, "settle", given, asked, do=do)


@router.post("/{case_id}/file")
def get_file(call: CurrentCall, case_id: str, asked: Asks) -> FileOut:
    """Open the case file; the ledger records that the side has had it."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)
    with inner.writing() as session:
        case = open_case(session, case_id, call.clock)
        content, sha256 = open_file(case, side)
        if side is Side.PLATFORM:
            renew(case)
        texts: list[Mapping[str, Any]] = [
            {"id": rule.id, "text": rule.text.model_dump()} for rule in case.pack.rules
        ]
    return FileOut(sha256=sha256, content=content, rules=texts)
