"""``/api/v1/cases/{id}/documents``: the papers that a side can write about a case, filled to be signed."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from bixie.cases.access import case_call
from bixie.cases.requests import SIDES, Asks, CurrentCall
from bixie.cases.schemas import TextOut
from bixie.cases.words import Side
from bixie.dossier.documents.pdf import as_pdf, can_write_pdf
from bixie.dossier.documents.rendering import as_html
from bixie.dossier.documents.service import OfferedPaper, fill_paper, offered_papers

__all__ = ["PAPER_HEADERS", "PaperOut", "PapersOut", "router"]

router = APIRouter(prefix="/api/v1/cases", tags=["documents"])

PAPER_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
}
"""A paper is one file that is kept and printed, so its style stands inside."""


class PaperOut(BaseModel):
    """A paper that can be written now."""

    kind: str
    name: TextOut
    why: TextOut
    languages: list[Literal["zh", "en"]]
    until: TextOut | None = Field(description="until when it is in time, and by which law")

    @classmethod
    def of(cls, one: OfferedPaper) -> "PaperOut":
        """Return a paper for the API."""
        return cls(
            kind=one.kind,
            name=TextOut.of(one.name),
            why=TextOut.of(one.why),
            languages=list(one.languages),
            until=None if one.until is None else TextOut.of(one.until),
        )


class PapersOut(BaseModel):
    """The papers of a side."""

    formats: list[Literal["html", "pdf"]] = Field(description="what this installation writes")
    items: list[PaperOut]


class PaperQuery(BaseModel):
    """How a paper is written."""

    model_config = ConfigDict(extra="forbid")

    lang: Literal["zh", "en"] = "zh"
    format: Literal["html", "pdf"] = Field("html", description="pdf needs the extra and a Chinese font")
    side: Side | None = Field(None, description="the side that a program of the tenant acts for")


@router.get("/{case_id}/documents")
def list_papers(call: CurrentCall, case_id: str, asked: Asks) -> PapersOut:
    """List what a side can do about a case on paper, and until when."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)
    papers = offered_papers(inner.store, inner.principal, inner.blobs, case_id, side=side, clock=inner.clock)
    return PapersOut(
        formats=["html", "pdf"] if can_write_pdf() else ["html"], items=[PaperOut.of(one) for one in papers]
    )


@router.get("/{case_id}/documents/{kind}", response_class=HTMLResponse)
def get_paper(call: CurrentCall, case_id: str, kind: str, query: Annotated[PaperQuery, Query()]) -> Response:
    """Get a paper filled from the case: each field with its source, a blank with a question for the rest."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, query.side)
    sheet = fill_paper(
        inner.store,
        inner.principal,
        inner.blobs,
        case_id,
        kind,
        side=side,
        language=query.lang,
        clock=inner.clock,
    )
    if query.format == "pdf":
        name = f'inline; filename="{kind}-{case_id}.pdf"'
        written = as_pdf(sheet, inner.clock())
        return Response(written, media_type="application/pdf", headers={"Content-Disposition": name})
    return HTMLResponse(as_html(sheet), headers=PAPER_HEADERS)
