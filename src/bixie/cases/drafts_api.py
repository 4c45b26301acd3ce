"""``/api/v1/cases/{id}/draft``: what a side has written and not sent."""

from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from bixie.cases import drafts
from bixie.cases.access import case_call
from bixie.cases.errors import NoSuchDraftError
from bixie.cases.models import CaseDraft
from bixie.cases.requests import SIDES, Asks, CurrentCall
from bixie.cases.words import Action
from bixie.kit.timestamps import format_timestamp

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class DraftIn(BaseModel):
    """What a side has written and not sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Action | Literal["messages"] = Field(description="the request that it is for")
    values: dict[str, Any] = Field(description="the body of that request, as far as it is written")


class DraftOut(DraftIn):
    """A draft that is kept."""

    saved_at: str


@router.put("/{case_id}/draft")
def save_draft(call: CurrentCall, case_id: str, given: DraftIn, asked: Asks) -> DraftOut:
    """Keep a draft in place of the one before; it is gone once the request that it is for is done."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)
    with inner.writing() as session:
        return _out(drafts.save_draft(session, case_id, side, given.model_dump(mode="json"), call.clock))


@router.get("/{case_id}/draft")
def get_draft(call: CurrentCall, case_id: str, asked: Asks) -> DraftOut:
    """Get the draft of the caller's side; nobody else sees it."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)
    with inner.reading() as session:
        row = drafts.draft_for(session, case_id, side)
        if row is None:
            raise NoSuchDraftError("cases.no_such_draft")
        return _out(row)


@router.delete("/{case_id}/draft", status_code=204)
def discard_draft(call: CurrentCall, case_id: str, asked: Asks) -> Response:
    """Throw the draft away."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)
    with inner.writing() as session:
        drafts.discard_draft(session, case_id, side)
    return Response(status_code=204)


def _out(row: CaseDraft) -> DraftOut:
    return DraftOut.model_validate({**row.content, "saved_at": format_timestamp(row.saved_at)})
