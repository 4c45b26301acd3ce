"""The error board as the API returns it."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from pydantic import BaseModel, Field

from bixie.cases.error_board.service import ErrorBoard, Section, Tally
from bixie.cases.names import verdict_name, word_name
from bixie.cases.schemas import TextOut
from bixie.kit.messages import Text
from bixie.kit.proportions import wilson

__all__ = [
    "ErrorBoardOut",
    "ErrorSectionOut",
    "ExaminerTallyOut",
    "NamedTallyOut",
    "PackTallyOut",
    "RuleTallyOut",
    "TallyOut",
]

_DIGITS = 6


class TallyOut(BaseModel):
    """Decisions of a group, and how many of them an appeal changed."""

    decided: int
    appealed: int
    overturned: int
    overturned_for_buyer: int = Field(description="the new decision gives the buyer more")
    overturned_for_merchant: int = Field(description="the new decision gives the buyer less")
    rate: float | None = Field(
        description="`overturned` of `decided`, from 0 to 1; null where none is decided"
    )
    low: float = Field(description="lower 95 % bound of the rate (Wilson)")
    high: float = Field(description="upper 95 % bound of the rate (Wilson)")


class PackTallyOut(TallyOut):
    """Decisions by one version of a pack."""

    pack: str
    version: int


class RuleTallyOut(TallyOut):
    """Decisions for which a rule counted."""

    pack: str
    rule: str


class ExaminerTallyOut(TallyOut):
    """Decisions in which the verdict of a file rests on an examiner's finding."""

    examiner: str = Field(description="empty: on nobody's; ?: of an earlier version, which does not say")
    version: str


class NamedTallyOut(TallyOut):
    """Decisions that have a word in common."""

    key: str
    name: TextOut


class ErrorSectionOut(BaseModel):
    """Refusals, or approvals; each list begins with the group of which most were overturned."""

    all: TallyOut
    packs: list[PackTallyOut]
    rules: list[RuleTallyOut]
    bases: list[NamedTallyOut]
    evidence_verdicts: list[NamedTallyOut]
    examiners: list[ExaminerTallyOut]

    @classmethod
    def of(cls, section: Section) -> "ErrorSectionOut":
        """Return a section for the API."""
        return cls(
            all=TallyOut(**_values(section.all)),
            packs=[
                PackTallyOut(pack=pack, version=int(version), **_values(tally))
                for (pack, version), tally in _worst_first(section.packs)
            ],
            rules=[
                RuleTallyOut(pack=pack, rule=rule, **_values(tally))
                for (pack, rule), tally in _worst_first(section.rules)
            ],
            bases=_named(section.bases, partial(word_name, "basis")),
            evidence_verdicts=_named(section.evidence_verdicts, verdict_name),
            examiners=[
                ExaminerTallyOut(examiner=examiner, version=version, **_values(tally))
                for (examiner, version), tally in _worst_first(section.examiners)
            ],
        )


class ErrorBoardOut(BaseModel):
    """How often an appeal changed a decision."""

    since: date | None
    until: date | None
    complete: bool = Field(description="false: there are older decisions, which were not counted")
    refusals: ErrorSectionOut = Field(description="overturned: the buyer was right after all")
    approvals: ErrorSectionOut = Field(description="refunds, returns, exchanges, new deliveries and repairs")
    final: int = Field(description="agreements and decisions on appeals; nobody can appeal them")
    unreadable: int = Field(description="rows that were changed in the database; not counted")

    @classmethod
    def of(cls, board: ErrorBoard, since: date | None = None, until: date | None = None) -> "ErrorBoardOut":
        """Return the board for the API."""
        return cls(
            since=since,
            until=until,
            complete=board.is_complete,
            refusals=ErrorSectionOut.of(board.refusals),
            approvals=ErrorSectionOut.of(board.approvals),
            final=board.final,
            unreadable=board.unreadable,
        )


def _values(tally: Tally) -> dict[str, Any]:
    low, high = wilson(tally.overturned, tally.decided)
    return {
        "decided": tally.decided,
        "appealed": tally.appealed,
        "overturned": tally.overturned,
        "overturned_for_buyer": tally.overturned_for_buyer,
        "overturned_for_merchant": tally.overturned_for_merchant,
        "rate": round(tally.overturned / tally.decided, _DIGITS) if tally.decided else None,
        "low": round(low, _DIGITS),
        "high": round(high, _DIGITS),
    }


def _named(tallies: Mapping[tuple[str, ...], Tally], name_of: Callable[[str], Text]) -> list[NamedTallyOut]:
    return [
        NamedTallyOut(key=key, name=TextOut.of(name_of(key)), **_values(tally))
        for (key,), tally in _worst_first(tallies)
    ]


def _worst_first(tallies: Mapping[tuple[str, ...], Tally]) -> list[tuple[tuple[str, ...], Tally]]:
    return sorted(tallies.items(), key=lambda one: (-one[1].overturned, -one[1].decided, one[0]))
