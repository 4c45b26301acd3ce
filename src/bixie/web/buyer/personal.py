"""What is kept about the buyer: consents are withdrawn, the data handed out, and their erasure asked for."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bixie.access.tenancy import TenantSession
from bixie.cases.api import get_case
from bixie.identity import consent
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import format_optional, format_timestamp
from bixie.web.buyer.asking import ask_shop
from bixie.web.buyer.fields import Fields
from bixie.web.buyer.visits import BuyerVisit, open_visit
from bixie.web.services import Services

__all__ = ["add"]

_SCHEMA = "bixie.buyer_data/1"


def add(routes: APIRouter, services: Services) -> None:
    """Add the endpoints."""

    @routes.post("/{token}/consents/{consent_id}/withdraw")
    def withdraw(request: Request, token: str, consent_id: str, given: Fields) -> Response:
        visit = open_visit(request, services, token)

        def work(session: TenantSession) -> Json:
            consent.withdraw(session, consent_id, services.clock)
            return None

        visit.call(given.once).once("buyer.withdraw_consent", (consent_id.encode(),), work)
        return visit.back("consent")

    @routes.get("/{token}/data.json")
    def export(request: Request, token: str) -> Response:
        visit = open_visit(request, services, token)
        name = f'attachment; filename="{visit.case}.json"'
        return JSONResponse(_data(visit), headers={"Content-Disposition": name})

    @routes.post("/{token}/erasure")
    def erase(request: Request, token: str) -> Response:
        visit = open_visit(request, services, token)
        ask_shop(services, visit.link.ticket, "erasure_wanted")
        return visit.back("erasure")


def _data(visit: BuyerVisit) -> dict[str, Any]:
    """Return what is kept about the buyer in this case: what was said and shown, and the consents."""
    case = get_case(visit.call(), visit.case, visit.asked)
    with visit.call().reading() as session:
        given = consent.history(session, visit.link.principal.id)
    call = visit.case_call()
    return {
        "schema": _SCHEMA,
        "made_at": format_timestamp(call.clock()),
        "case": case.model_dump(mode="json"),
        "consents": [
            {
                "purpose": one.purpose,
                "recipient": one.recipient,
                "kinds": one.kinds,
                "text_version": one.text_version,
                "given_at": format_timestamp(one.given_at),
                "withdrawn_at": format_optional(None if taken is None else taken.withdrawn_at),
            }
            for one, taken in given
        ],
        "files": [
            {"exhibit": one.id, "sha256": one.sha256, "address": f"{visit.path}/files/{one.id}"}
            for one in case.exhibits
            if one.side == "buyer"
        ],
    }
