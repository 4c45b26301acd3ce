"""``/api/v1/cases/{id}/letter``: the letter about a decision, and what it would say before one is made."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from bixie.access.principal import Role
from bixie.cases.access import case_call
from bixie.cases.claims.answers import check_decision
from bixie.cases.claims.loading import claim_options
from bixie.cases.letters.decided import letter_of_decision
from bixie.cases.letters.letter import Letter
from bixie.cases.letters.preview import previewed
from bixie.cases.letters.rendering import as_html, as_text
from bixie.cases.letters.upheld import letter_of_upheld
from bixie.cases.opening import found
from bixie.cases.requests import SIDES, CurrentCall
from bixie.cases.schemas import DecideIn
from bixie.cases.words import Side

__all__ = ["LetterQuery", "LettersOut", "router"]

_REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})

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
            return _response(letter_of_upheld(session, row, side), query)
        letter = letter_of_decision(session, row, side, query.decision)
    return _response(letter, query)


class LetterTexts(BaseModel):
    """A letter as plain text."""

    zh: str
    en: str


class LettersOut(BaseModel):
    """The letters that a decision would send; null for the first two opinions where two people review."""

    buyer: LetterTexts | None
    merchant: LetterTexts | None


@router.post("/{case_id}/letter-preview")
def preview_letters(call: CurrentCall, case_id: str, given: DecideIn) -> LettersOut:
    """Show the letters of a decision before it is made: it is refused as one, and nothing is kept.

    None is shown for the first two opinions where two people review: neither may learn what the other thinks.
    """
    call.allow_tenant(_REVIEWERS)
    kind = None if given.outcome is None else str(given.outcome.kind)
    check_decision(given.reasons, kind, given.note or "", claim_options())
    inner, _ = case_call(call, case_id)
    letters = previewed(inner, case_id, given)
    return LettersOut(buyer=_texts(letters.get(Side.BUYER)), merchant=_texts(letters.get(Side.MERCHANT)))


def _texts(letter: Letter | None) -> LetterTexts | None:
    return None if letter is None else LetterTexts(zh=as_text(letter, "zh"), en=as_text(letter, "en"))


def _response(letter: Letter, query: LetterQuery) -> Response:
    if query.format == "text":
        return Response(as_text(letter, query.lang), media_type="text/plain; charset=utf-8")
    return Response(as_html(letter, query.lang), media_type="text/html; charset=utf-8")
