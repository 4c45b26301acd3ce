"""Reports as programs find them; the document itself is `bixie.report/1`."""

from pydantic import BaseModel, Field

from bixie.examinations.models import Examination
from bixie.examiners.results import Verdict
from bixie.kit.timestamps import format_timestamp

__all__ = ["ReportOut"]


class ReportOut(BaseModel):
    """An examination of an exhibit and its outcome. It is about a file, never about a person."""

    id: str
    exhibit: str = Field(description="what was examined")
    document: str = Field(description="the exhibit that holds the report")
    verdict: Verdict
    version: str = Field(description="of Bixie, which made it")
    examined_at: str

    @classmethod
    def of(cls, examination: Examination) -> "ReportOut":
        """Return the document of an examination."""
        return cls(
            id=examination.id,
            exhibit=examination.exhibit_id,
            document=examination.report_id,
            verdict=Verdict(examination.verdict),
            version=examination.version,
            examined_at=format_timestamp(examination.examined_at),
        )
