"""Challenges as the API takes and answers them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bixie.cases.challenge import Challenge
from bixie.cases.schemas import CaseOut, TextOut
from bixie.kit.messages import Language

__all__ = ["ChallengeIn", "ChallengeOut", "ExaminedOut"]


class ChallengeIn(BaseModel):
    """A request for other evidence than a picture."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exhibit: str = Field(max_length=80, description="the picture")
    asks: list[Annotated[str, Field(max_length=40)]] = Field(
        min_length=1, max_length=5, description="what is asked for: keys of `asks` in /api/v1/claim-options"
    )
    language: Language = Field("zh", description="of the message in the thread")

    def as_challenge(self) -> Challenge:
        """Return the challenge as the room has it."""
        return Challenge(self.exhibit, tuple(self.asks), self.language)


class FindingOut(BaseModel):
    """One fact about a file, and what it does not say."""

    code: str
    grade: str
    text: TextOut
    limits: TextOut


class ExaminedOut(BaseModel):
    """What the examination of one file found. It is about the file, not about who gave it."""

    report: str
    verdict: str
    findings: list[FindingOut]


class ChallengeOut(BaseModel):
    """A challenge: what was found in the picture, and the case with what was asked for."""

    examination: ExaminedOut | None = Field(description="null until the file was examined")
    case: CaseOut
