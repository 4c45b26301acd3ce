"""``/api/v1/cases/{id}/suggestion``: how a case could be settled, with what each way costs."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from bixie.cases.access import case_call
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.schemas import SuggestionOut
from bixie.cases.claims.settlement import Situation, suggest
from bixie.cases.opening import found, state_of
from bixie.cases.requests import SIDES, Asked, CurrentCall

__all__ = ["Damage", "router"]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class Damage(Asked):
    """Query parameters of a suggestion."""

    level: int | None = Field(None, description="damage in per cent, of `damage_levels`")


@router.get("/{case_id}/suggestion")
def get_case_suggestion(call: CurrentCall, case_id: str, asked: Annotated[Damage, Query()]) -> SuggestionOut:
    """Suggest how to settle the case, the same to both sides: the cheapest first, line by line."""
    call.allow(SIDES)
    inner, _ = case_call(call, case_id, asked.side)
    with inner.reading() as session:
        filed = state_of(session, found(session, case_id)).filed
    options = claim_options()
    category = options.category_of(filed.category)
    situation = Situation(filed.reason, filed.received, filed.paid_minor, asked.level, category)
    return SuggestionOut.of(suggest(situation, options))
