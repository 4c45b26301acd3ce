"""Reports as programs find them; the document itself is `bixie.report/1`."""

from pydantic import BaseModel, Field

from bixie.examinations.models import Examination
from bixie.examiners.results import Verdict
from bixie.kit.timestamps import format_timestamp

__all__ = ["ExaminedOut", "ReportOut"]


class ExaminedOut(BaseModel):
    """What came of one exhibit."""

    exhibit: str
    verdict: Verdict
    examiner: str | None = Field(None, description="whose finding the verdict rests on")


class ReportOut(BaseModel):
    """An examination of a claim's files and its outcome. It is about files, never about a person."""

    id: str
    exhibit: str = Field(
        description="what was examined; of several, the first of those that arrived together"
    )
    exhibits: list[ExaminedOut] = Field(description="all that were examined, in the order of the report")
    document: str = Field(description="the exhibit that holds the report")
    verdict: Verdict = Field(description="of the claim")
    version: str = Field(description="of Bixie, which made it")
    examined_at: str

    @classmethod
    def of(cls, examination: Examination) -> "ReportOut":
        """Return the document of an examination."""
        return cls(
            id=examination.id,
            exhibit=examination.exhibit_id,
            exhibits=[ExaminedOut.model_validate(one) for one in examination.exhibits],
            document=examination.report_id,
            verdict=Verdict(examination.verdict),
            version=examination.version,
            examined_at=format_timestamp(examination.examined_at),
        )
