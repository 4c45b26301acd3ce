"""``/api/v1/claim-options``: the form of a claim, and the pictures of its checklist."""

from importlib import resources
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from bixie.access.call import Call, current_call
from bixie.cases.claims.errors import NoSuchPictureError
from bixie.cases.claims.form import claim_form
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import find
from bixie.cases.claims.schemas import ClaimOptionsOut, OptionsQuery, SuggestionOut, SuggestionQuery
from bixie.cases.claims.settlement import Situation, suggest

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/claim-options", tags=["claims"])

_Call = Annotated[Call, Depends(current_call)]
_DRAWING = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=86400",
}


@router.get("")
def get_claim_options(_call: _Call, query: Annotated[OptionsQuery, Query()]) -> ClaimOptionsOut:
    """Get the form of a claim: the order of its fields, what may be chosen, limits, checklists, notices.

    Every key of the tenant may read it. With `service` or `received`, only what goes together is listed.
    """
    form = claim_form(
        claim_options(),
        service=query.service,
        received=query.received,
        category=query.category,
        language=query.lang,
    )
    return ClaimOptionsOut.model_validate(form)


@router.get("/suggestion")
def get_suggestion(_call: _Call, query: Annotated[SuggestionQuery, Query()]) -> SuggestionOut:
    """Suggest how to settle: what each way costs, line by line, the cheapest first. It decides nothing."""
    options = claim_options()
    category = options.category_of(query.category)
    situation = Situation(query.reason, query.received, query.paid, query.level, category)
    return SuggestionOut.of(suggest(situation, options))


@router.get("/pictures/{name}", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
def get_picture(_call: _Call, name: str) -> Response:
    """Get the drawn example of what a file in a role should show: ``whole.svg``."""
    role, _, ending = name.partition(".")
    if ending != "svg" or find(claim_options().roles, role) is None:
        raise NoSuchPictureError("claims.no_such_picture")
    drawing = resources.files("bixie.cases.claims").joinpath("pictures", f"{role}.svg")
    return Response(drawing.read_bytes(), media_type="image/svg+xml", headers=_DRAWING)
