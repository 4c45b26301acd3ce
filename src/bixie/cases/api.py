"""``/api/v1/cases``: file a claim, list and get cases, and do what comes next."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from bixie.access.idempotency import as_bytes
from bixie.access.paging import Page, PageQuery
from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.cases import rulings, service
from bixie.cases.access import case_call, filer, without_party
from bixie.cases.answer import case_out
from bixie.cases.claim_checks import check_answer_to_request, check_rejection_of
from bixie.cases.claims.answers import check_appeal, check_asks, check_decision
from bixie.cases.claims.loading import claim_options
from bixie.cases.errors import NotYoursError
from bixie.cases.filing import GivenClaim, file_claim
from bixie.cases.listing import CaseListing, Sort
from bixie.cases.listing import list_cases as listed
from bixie.cases.opening import OpenCase, found
from bixie.cases.requests import (
    FILERS,
    SIDES,
    Asked,
    Asks,
    CurrentCall,
    answer,
    do_once,
    only,
    order_named,
    reader,
    reader_for,
)
from bixie.cases.schemas import (
    AcceptIn,
    AppealIn,
    CaseIn,
    CaseOut,
    CaseSummary,
    DecideIn,
    NegotiateIn,
    RejectIn,
    SaidIn,
    SupplementIn,
)
from bixie.cases.words import DutyKind, Service, Side, Status
from bixie.kit.canonical_json import Json
from bixie.orders.values import MAX_NUMBER
from bixie.vault.schemas import PartyQuery

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])

_TEXT = r"^[^\x00]*$"
_REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})


class _CasesQuery(PageQuery):
    status: Status | None = None
    waiting_for: Side | None = Field(None, description="only cases in which this side owes something now")
    party: str | None = Field(None, max_length=64, pattern=_TEXT, description="only of this merchant")
    order: str | None = Field(
        None, max_length=MAX_NUMBER, pattern=_TEXT, description="only of the order with this number"
    )
    order_part: str | None = Field(
        None,
        min_length=3,
        max_length=MAX_NUMBER,
        pattern=_TEXT,
        description="only of orders whose number holds this text; the first 200 of them, by number",
    )
    service: Service | None = None
    duty: DutyKind | None = Field(
        None, description="only cases in which somebody owes this: `follow_up`, `reverse` are the platform's"
    )
    sort: Sort = Field(
        Sort.FILED, description="`due`: the most urgent first, without closed cases, which owe nothing"
    )
    side: Side | None = Field(None, description="the side that a program of the tenant acts for")
    zone: str | None = Field(None, max_length=60, description="in which due times are explained")


@router.post("", status_code=201)
def add_case(call: CurrentCall, given: CaseIn, asked: Asks, party: PartyQuery = None) -> CaseOut:
    """File a claim. The merchant owes an answer from then on; only the platform says who the buyer is."""
    call.allow(FILERS)
    if given.buyer is not None and call.principal.party is not None:
        raise NotYoursError("cases.not_your_side", side=Side.BUYER)
    inner = replace(call, principal=without_party(call.principal))
    owner = call.party(party) if party is not None or call.principal.party is not None else None

    def work(session: TenantSession) -> Json:
        order = order_named(session, given.order, owner)
        claim = GivenClaim(
            items=tuple(one.as_item() for one in given.items),
            service=given.service,
            reason=given.reason,
            received=given.received,
            amount=given.amount,
            text=given.text,
            exhibits=tuple(one.as_given() for one in given.exhibits),
            previous=given.previous,
            wants_person=given.wants_person,
            label=given.label,
            consents=tuple(one.as_agreed() for one in given.consents),
        )
        filed_by = filer(call.principal, order.party)
        case = file_claim(session, order, given.buyer or "", claim, call.clock, filed_by=filed_by)
        return answer(session, case.row, reader(call, case.row, asked))

    done = inner.once("cases.add", (as_bytes(given), (owner or "").encode()), work)
    return CaseOut.model_validate(done)


@router.get("")
def list_cases(call: CurrentCall, query: Annotated[_CasesQuery, Query()]) -> Page[CaseSummary]:
    """List cases, the oldest first unless asked otherwise, each as the caller's side sees it."""
    listing = CaseListing(
        sort=query.sort,
        status=query.status,
        waiting_for=query.waiting_for,
        party=query.party,
        order=query.order,
        order_part=query.order_part,
        service=query.service,
        duty=query.duty,
    )
    return listed(call, listing, query, Asked(side=query.side, zone=query.zone))


@router.get("/{case_id}")
def get_case(call: CurrentCall, case_id: str, asked: Asks) -> CaseOut:
    """Get a case as the caller's side sees it: what happened, who owes what by when, what comes next."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)
    with inner.reading() as session:
        return case_out(session, found(session, case_id), reader_for(call, side, asked))


@router.post("/{case_id}/accept")
def accept(call: CurrentCall, case_id: str, given: AcceptIn, asked: Asks) -> CaseOut:
    """Accept the claim, or the offer of the other side."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        return service.accept(session, case_id, side, given.said(), call.clock, offer=given.offer)

    return do_once(call, case_id, "accept", given, asked, do=do)


@router.post("/{case_id}/reject")
def reject(call: CurrentCall, case_id: str, given: RejectIn, asked: Asks) -> CaseOut:
    """Reject the claim with a coded reason, or the offer of the other side."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        if given.reason is not None:
            check_rejection_of(session, case_id, given.reason, given.said())
        return service.reject(
            session, case_id, side, reason=given.reason or "", said=given.said(), clock=call.clock
        )

    return do_once(call, case_id, "reject", given, asked, do=do)


@router.post("/{case_id}/negotiate")
def negotiate(call: CurrentCall, case_id: str, given: NegotiateIn, asked: Asks) -> CaseOut:
    """Invite to withdraw, ask for other evidence, or make an offer."""
    check_asks(given.asks, claim_options())

    def do(session: TenantSession, side: Side) -> OpenCase:
        return service.negotiate(
            session,
            case_id,
            side,
            given.form,
            asks=given.asks,
            asks_of=Side(given.asks_of),
            code_word=given.code_word,
            outcome=None if given.outcome is None else given.outcome.as_outcome(),
            damage_level=given.damage_level,
            said=given.said(),
            clock=call.clock,
        )

    return do_once(call, case_id, "negotiate", given, asked, do=do)


@router.post("/{case_id}/supplement")
def supplement(call: CurrentCall, case_id: str, given: SupplementIn, asked: Asks) -> CaseOut:
    """Add evidence or a statement."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        said = given.said()
        if given.complete and side is Side.BUYER:
            check_answer_to_request(session, found(session, case_id), said)
        return service.supplement(
            session, case_id, side, complete=given.complete, said=said, clock=call.clock
        )

    return do_once(call, case_id, "supplement", given, asked, do=do)


@router.post("/{case_id}/withdraw")
def withdraw(call: CurrentCall, case_id: str, given: SaidIn, asked: Asks) -> CaseOut:
    """Withdraw the claim."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        only(side, Side.BUYER)
        return service.withdraw(session, case_id, given.said(), call.clock)

    return do_once(call, case_id, "withdraw", given, asked, do=do)


@router.post("/{case_id}/escalate")
def escalate(call: CurrentCall, case_id: str, given: SaidIn, asked: Asks) -> CaseOut:
    """Ask the platform to step in."""

    def do(session: TenantSession, side: Side) -> OpenCase:
        return service.escalate(session, case_id, side, given.said(), call.clock)

    return do_once(call, case_id, "escalate", given, asked, do=do)


@router.post("/{case_id}/decide")
def decide(call: CurrentCall, case_id: str, given: DecideIn, asked: Asks) -> CaseOut:
    """Decide the case, or the appeal against its decision."""
    call.allow_tenant(_REVIEWERS)
    kind = None if given.outcome is None else str(given.outcome.kind)
    check_decision(given.reasons, kind, given.note or "", claim_options())

    def do(session: TenantSession, _side: Side) -> OpenCase:
        outcome = None if given.outcome is None else given.outcome.as_outcome()
        return rulings.rule(session, case_id, outcome, given.reasons, note=given.note, clock=call.clock)

    return do_once(call, case_id, "decide", given, asked, do=do)


@router.post("/{case_id}/appeal")
def appeal(call: CurrentCall, case_id: str, given: AppealIn, asked: Asks) -> CaseOut:
    """Appeal the decision; another person decides."""
    check_appeal(given.reason, given.text, claim_options())

    def do(session: TenantSession, side: Side) -> OpenCase:
        return service.appeal(session, case_id, side, given.reason, said=given.said(), clock=call.clock)

    return do_once(call, case_id, "appeal", given, asked, do=do)
