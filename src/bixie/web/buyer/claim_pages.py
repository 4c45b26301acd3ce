"""``/c/{link}/claim``: a claim is looked over once more, filed, and leads to its case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.body_limit import FORM_BYTES, body_limit
from bixie.access.tenancy import TenantSession
from bixie.cases.access import without_party
from bixie.cases.answer import Reader, case_out
from bixie.cases.filing import GivenClaim, file_claim
from bixie.cases.links import PATH, case_token, is_used
from bixie.cases.links_api import CASE_DAYS
from bixie.cases.opening import found
from bixie.cases.schemas import CaseOut, ExhibitIn
from bixie.cases.words import Side
from bixie.kit.canonical_json import Json
from bixie.kit.due_time import reader_zone
from bixie.kit.errors import BixieError
from bixie.ledger.service import lock
from bixie.web.buyer.claim_form import claim_of, claim_page, consent_given, draft_of
from bixie.web.buyer.fields import Fields, Given, files_of, order_of
from bixie.web.buyer.visits import BuyerVisit, UsedLinkError, open_visit
from bixie.web.pages import language_of, zone_key_of
from bixie.web.services import Services

__all__ = ["add"]


class _OnlyLookedError(Exception):
    """Ends the transaction of a claim that is only looked over: nothing of it is kept."""

    def __init__(self, case: CaseOut) -> None:
        super().__init__()
        self.case = case


def add(routes: APIRouter, services: Services) -> None:
    """Add the endpoints."""

    @routes.post("/{token}/claim")
    @body_limit(lambda limits: limits.max_file_bytes + FORM_BYTES)
    def claim(request: Request, token: str, given: Fields) -> Response:
        visit = _unused(request, services, token)
        exhibits: Sequence[ExhibitIn] = ()
        try:
            exhibits = files_of(visit.call(), visit.link.order or "", given)
            if given.text("step") == "send":
                return _file(visit, given, exhibits)
            if given.text("step") == "change":
                return claim_page(visit, draft_of(given), exhibits)
            return _summary(visit, given, exhibits)
        except BixieError as refusal:
            if refusal.status >= 500:
                raise
            return claim_page(visit, draft_of(given), exhibits or given.uploaded, refusal)

    @routes.get("/{token}/claim")
    def reload(request: Request, token: str) -> Response:
        return open_visit(request, services, token).back()


def _unused(request: Request, services: Services, token: str) -> BuyerVisit:
    visit = open_visit(request, services, token)
    if visit.link.order is None:
        raise UsedLinkError("identity.link_other_purpose")
    return visit


def _summary(visit: BuyerVisit, given: Given, exhibits: Sequence[ExhibitIn]) -> Response:
    """Return what is going to be sent, as the case would stand: the rooms check it, and nothing is kept."""
    if visit.link.used:
        raise UsedLinkError("identity.link_used")
    draft = draft_of(given)
    looked: CaseOut | None = None
    try:
        with visit.case_call().writing() as session:
            case = _filed(visit, session, given, exhibits)
            raise _OnlyLookedError(case)
    except _OnlyLookedError as end:
        looked = end.case
    with visit.case_call().reading() as session:
        order = order_of(session, visit.link.order or "")
        names = {item.position: item.name or item.sku or "–" for item in order.items}
    return visit.page("buyer/summary.html", case=looked, draft=draft, names=names, uploaded=exhibits)


def _file(visit: BuyerVisit, given: Given, exhibits: Sequence[ExhibitIn]) -> Response:
    """File the claim and lead to its case; sent twice, it is filed once."""
    call = visit.call(given.once)
    inner = replace(call, principal=without_party(call.principal))

    def work(session: TenantSession) -> Json:
        lock(session)  # two forms at once are one claim
        if is_used(session, visit.link.ticket):
            raise UsedLinkError("identity.link_used")
        return {"case": _filed(visit, session, given, exhibits).id}

    parts = (visit.link.ticket.subject.encode(), repr(sorted(given.typed().items())).encode())
    done = inner.once("buyer.claim", parts, work)
    until = call.clock() + timedelta(days=CASE_DAYS)
    with inner.writing() as session:
        token = case_token(session, found(session, done["case"]), until, call.clock)
    return RedirectResponse(f"{PATH}{token}?done=filed", 303)


def _filed(visit: BuyerVisit, session: TenantSession, given: Given, exhibits: Sequence[ExhibitIn]) -> CaseOut:
    draft, clock = draft_of(given), visit.services.clock
    order = order_of(session, visit.link.order or "")
    claim: GivenClaim = claim_of(draft, order, exhibits)
    consent_given(session, visit.link.principal.id, draft, language_of(visit.request), clock)
    case = file_claim(session, order, visit.link.principal.id, claim, clock)
    reader = Reader(Side.BUYER, clock, reader_zone(zone_key_of(visit.request)))
    return case_out(session, case.row, reader)
