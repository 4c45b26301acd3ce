"""``/api/v1/cases/{id}/letter``: the letter about a decision."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.access import case_call
from bixie.cases.errors import NotNowError
from bixie.cases.events import AppealDecided
from bixie.cases.folding import fold
from bixie.cases.letters.letter import Letter, Subject, letter_of, letter_of_appeal, until_decision
from bixie.cases.letters.rendering import as_html, as_text
from bixie.cases.models import Case
from bixie.cases.opening import context_at, events_of, found
from bixie.cases.packs.lookup import pack_by
from bixie.cases.requests import SIDES, CurrentCall
from bixie.cases.reviews import repository as reviews
from bixie.cases.words import Side

__all__ = ["LetterQuery", "router"]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class LetterQuery(BaseModel):
    """Which letter, and how it is written."""

    model_config = ConfigDict(extra="forbid")

    lang: Literal["zh", "en"] = "zh"
    format: Literal["text", "html"] = "html"
    side: Side | None = Field(None, description="the side that a program of the tenant acts for")
    appeal: bool = Field(False, description="the letter that a decision stands after an appeal; the last one")
    decision: str | None = Field(None, max_length=64, description="an earlier one; the last if left out")


@router.get("/{case_id}/letter")
def get_letter(call: CurrentCall, case_id: str, query: Annotated[LetterQuery, Query()]) -> Response:
    """Get the letter about a decision for one side: what is decided, by which rules, what comes next."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, query.side)
    with inner.reading() as session:
        row = found(session, case_id)
        if query.appeal:
            return _response(_of_appeal(session, row, side), query)
        made = repository.decisions_of(session, row.id)
        wanted = [one for one in made if query.decision in (None, one.id)]
        if not wanted:
            raise NotNowError("cases.no_decision")
        decision = wanted[-1]
        state, event = until_decision(events_of(session, row.id), decision.id)
        pack = pack_by(session, state.filed.pack)
        context = context_at(pack, lambda: decision.decided_at)
        letter = letter_of(Subject(state, event, decision, pack, context), side)
    return _response(letter, query)


def _of_appeal(session: TenantSession, row: Case, side: Side) -> Letter:
    events = events_of(session, row.id)
    decided = ((one.sequence, one.event) for one in events if isinstance(one.event, AppealDecided))
    upheld = [(number, event.review) for number, event in decided if not event.overturned]
    if not upheld:
        raise NotNowError("cases.no_upheld_appeal")
    number, kept = upheld[-1]
    review = None if kept is None else reviews.review_by_id(session, kept)
    until = [one for one in events if one.sequence <= number]
    state = fold(until)
    context = context_at(pack_by(session, state.filed.pack), lambda: until[-1].time)
    return letter_of_appeal(state, context, None if review is None else review.note, row.id, side)


def _response(letter: Letter, query: LetterQuery) -> Response:
    if query.format == "text":
        return Response(as_text(letter, query.lang), media_type="text/plain; charset=utf-8")
    return Response(as_html(letter, query.lang), media_type="text/html; charset=utf-8")
