"""Links for buyers, made by the tenant's programs or staff: to file a claim about an order, and to a case.

A merchant of a platform makes none: with a link to a case it could withdraw the claim or accept its own
offer. A tenant that is itself the merchant does, and its ledger says who made each link.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from bixie.access.call import Call
from bixie.access.idempotency import as_bytes
from bixie.access.tenancy import TenantSession
from bixie.cases.errors import CaseError
from bixie.cases.links import PATH, buyer_of_case, buyer_of_order, case_token, claim_token, claims_about
from bixie.cases.opening import found
from bixie.cases.requests import FILERS, CurrentCall, order_named
from bixie.identity.rules import expiry_from_text
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import format_timestamp, parse_timestamp
from bixie.ledger.service import lock
from bixie.orders import repository as orders
from bixie.vault.schemas import PartyQuery

__all__ = ["CASE_DAYS", "CLAIM_DAYS", "CaseLinkIn", "ClaimLinkIn", "LinkOut", "router"]

router = APIRouter(prefix="/api/v1", tags=["cases"])

CLAIM_DAYS, CASE_DAYS = 30, 90
"""Validity where none is asked for."""
_NAMED = r"^[^\x00]*$"


class CaseLinkIn(BaseModel):
    """A link to a case."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    expires_at: str | None = Field(
        None, max_length=40, description="a day, or a time with its zone", examples=["2027-12-31"]
    )


class ClaimLinkIn(CaseLinkIn):
    """A link to file a claim."""

    buyer: str | None = Field(None, max_length=64, pattern=_NAMED, description="id of the buyer's party")
    reference: Annotated[
        str | None,
        Field(min_length=1, max_length=200, pattern=_NAMED, description="your own name for the buyer"),
    ] = None


class LinkOut(BaseModel):
    """A link for a buyer. Whoever has it acts as the buyer: send it to nobody else."""

    path: str = Field(description="append it to the address of this service")
    expires_at: str
    buyer: str = Field(description="id of the buyer's party")


@router.post("/orders/{number}/claim-link", status_code=201)
def make_claim_link(call: CurrentCall, number: str, given: ClaimLinkIn, party: PartyQuery = None) -> LinkOut:
    """Make a link with which the buyer of an order files a claim, without an account."""
    call.allow_tenant(FILERS)
    owner = None if party is None else call.party(party)

    def work(session: TenantSession) -> Json:
        lock(session)  # two requests at once must not make two parties
        order = order_named(session, number, owner)
        buyer = buyer_of_order(session, order, party=given.buyer, reference=given.reference, clock=call.clock)
        once = claims_about(session, order.id)  # asked again, the link is still good for one claim only
        expires = _expiry(call, given, CLAIM_DAYS)
        return {"order": order.id, "buyer": buyer.id, "expires": expires, "once": once}

    made = call.once("cases.claim_link", (number.encode(), (owner or "").encode(), as_bytes(given)), work)
    with call.writing() as session:
        order = orders.by_id(session, made["order"])
        if order is None:
            raise CaseError("cases.no_such_order")
        until = parse_timestamp(made["expires"])
        token = claim_token(session, order, made["buyer"], expires=until, once=made["once"], clock=call.clock)
    return LinkOut(path=PATH + token, expires_at=made["expires"], buyer=made["buyer"])


@router.post("/cases/{case_id}/link", status_code=201)
def make_case_link(call: CurrentCall, case_id: str, given: CaseLinkIn) -> LinkOut:
    """Make a link with which the buyer of a case sees it and answers, without an account."""
    call.allow_tenant(FILERS)

    def work(session: TenantSession) -> Json:
        lock(session)
        case = found(session, case_id)
        order = orders.by_id(session, case.order_id)
        if order is None:
            raise CaseError("cases.no_such_order")
        buyer = buyer_of_case(session, case, order, call.clock)
        return {"buyer": buyer, "expires": _expiry(call, given, CASE_DAYS)}

    made = call.once("cases.case_link", (case_id.encode(), as_bytes(given)), work)
    with call.writing() as session:
        case = found(session, case_id)
        token = case_token(session, case, parse_timestamp(made["expires"]), call.clock)
    return LinkOut(path=PATH + token, expires_at=made["expires"], buyer=made["buyer"])


def _expiry(call: Call, given: CaseLinkIn, days: int) -> str:
    now = call.clock()
    wanted = (
        now + timedelta(days=days) if given.expires_at is None else expiry_from_text(given.expires_at, now)
    )
    return format_timestamp(wanted)
