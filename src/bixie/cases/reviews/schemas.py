"""Reviews as the API takes and returns them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bixie.cases.answer import outcome_out
from bixie.cases.names import (
    decision_reason_name,
    outcome_name,
    reason_name,
    verdict_name,
    word_name,
)
from bixie.cases.reviews.models import CaseConflict, CaseReview, CaseReviewer
from bixie.cases.reviews.queue import Item
from bixie.cases.reviews.second_review import opinion_of
from bixie.cases.schemas import TextOut
from bixie.kit.errors import BixieError
from bixie.kit.messages import catalogue
from bixie.kit.money import Money
from bixie.kit.timestamps import format_optional, format_timestamp

__all__ = [
    "ConflictIn",
    "ConflictOut",
    "CountsOut",
    "NextOut",
    "OpinionOut",
    "QueueOut",
    "ReviewItemOut",
    "ReviewOut",
    "ReviewerIn",
    "ReviewerOut",
    "held_out",
]

_Id = Annotated[str, Field(pattern="^[a-z]+_[a-z0-9]{1,60}$")]


class WhyOut(BaseModel):
    """A stable code with a sentence."""

    code: str
    text: TextOut

    @classmethod
    def of(cls, error: BixieError | None) -> "WhyOut | None":
        """Return what an error says."""
        return None if error is None else cls(code=error.code, text=TextOut.of(error.text))


class HeldOut(BaseModel):
    """Who holds a case."""

    reviewer: str
    mine: bool
    until: str = Field(description="when it goes back to the queue, unless the holder does something")


class ReviewItemOut(BaseModel):
    """A case of the queue."""

    case: str
    kind: Literal["review", "appeal"] | None
    kind_name: TextOut | None
    service: str
    service_name: TextOut
    reason: str
    reason_name: TextOut
    party: str
    amount: Money = Field(description="what is asked for now")
    evidence_verdict: str | None = Field(
        description="of the buyer's files; none where there is no file, null where none was examined yet"
    )
    evidence_verdict_name: TextOut
    deadline: str | None
    overdue: bool
    heard_at: str | None = Field(description="when both sides were heard, or will have been")
    waiting_hours: float | None = Field(description="since both sides were heard; null while one still is")
    had_file: Mapping[str, bool] | None = Field(
        description="whether each side had the case file as it is now"
    )
    blocked_by: WhyOut | None = Field(description="why it cannot be decided yet")
    kept_away: WhyOut | None = Field(description="why you must not decide it")
    skills: list[str]
    opinions: int = Field(description="how many reviewers have given an opinion before")
    held_by: HeldOut | None
    broken: list[WhyOut] = Field(description="what is wrong with it; such a case is given to nobody")

    @classmethod
    def of(cls, item: Item, now: datetime, reader: str) -> "ReviewItemOut":
        """Return a case of the queue for the API."""
        queued, found = item.queued, item.readable
        case, heard = queued.case, queued.heard_at
        waits = None if heard is None or heard > now else round((now - heard).total_seconds() / 3600, 1)
        return cls(
            case=case.id,
            kind=None if found is None else found.kind,
            kind_name=None if found is None else TextOut.of(word_name("review", found.kind)),
            service=case.service,
            service_name=TextOut.of(word_name("service", case.service)),
            reason=case.reason,
            reason_name=TextOut.of(reason_name(case.reason)),
            party=case.party,
            amount=Money(minor=case.amount_minor, currency=case.currency),
            evidence_verdict=None if found is None else found.verdict,
            evidence_verdict_name=TextOut.of(verdict_name("unknown" if found is None else found.verdict)),
            deadline=format_optional(queued.due_at),
            overdue=queued.due_at is not None and queued.due_at < now,
            heard_at=format_optional(heard),
            waiting_hours=waits,
            had_file=None if found is None else {str(side): had for side, had in found.had_file.items()},
            blocked_by=None if found is None else WhyOut.of(found.blocked_by),
            kept_away=None if found is None else WhyOut.of(found.kept_away),
            skills=[] if found is None else list(found.skills),
            opinions=0 if found is None else found.turn,
            held_by=held_out(queued.review, now, reader),
            broken=[WhyOut(code=one.fault, text=TextOut.of(one.text)) for one in item.broken],
        )


def held_out(review: CaseReview | None, now: datetime, reader: str) -> HeldOut | None:
    """Return who holds a case; None once the lease is over."""
    if review is None or review.lease_until <= now:
        return None
    until = format_timestamp(review.lease_until)
    return HeldOut(reviewer=review.reviewer, mine=review.reviewer == reader, until=until)


class CountsOut(BaseModel):
    """How much waits in the whole queue."""

    all: int
    unclaimed: int
    overdue: int
    waiting_longest_since: str | None = Field(description="of the case that was heard first")


class QueueOut(BaseModel):
    """The queue, the most urgent first."""

    items: list[ReviewItemOut]
    next: str | None
    counts: CountsOut


class NextOut(BaseModel):
    """What was claimed; null where nothing can be decided now."""

    item: ReviewItemOut | None


class OpinionOut(BaseModel):
    """What a reviewer thinks."""

    reviewer: str
    outcome: Mapping[str, Any]
    outcome_name: TextOut
    reasons: list[str]
    reason_names: list[TextOut] = Field(description="of `reasons`, in the same order")
    note: str | None
    given_at: str | None

    @classmethod
    def of(cls, row: CaseReview) -> "OpinionOut":
        """Return an opinion for the API."""
        return cls(
            reviewer=row.reviewer,
            outcome=outcome_out(opinion_of(row)),
            outcome_name=TextOut.of(outcome_name(opinion_of(row))),
            reasons=list(row.reasons or []),
            reason_names=[TextOut.of(decision_reason_name(one)) for one in row.reasons or []],
            note=row.note,
            given_at=format_optional(row.ended_at),
        )


class ReviewOut(BaseModel):
    """Where the review of a case stands."""

    case: str
    held_by: HeldOut | None
    opinions: list[OpinionOut] = Field(
        description="your own; all of them for the third person, who decides, and after the decision"
    )
    item: ReviewItemOut | None = Field(description="the case in the queue; null where no reviewer is needed")


class ConflictIn(BaseModel):
    """A tie of a reviewer to a party."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reviewer: _Id | None = Field(None, description="id of the person or key; yourself if it is left out")
    party: _Id
    reason: Literal["family", "employment", "business", "dispute", "other"]


class ConflictOut(BaseModel):
    """A tie of a reviewer to a party."""

    id: str
    reviewer: str
    party: str
    reason: str
    reason_name: TextOut
    set_by: str
    since: str
    until: str | None

    @classmethod
    def of(cls, row: CaseConflict) -> "ConflictOut":
        """Return a tie for the API."""
        name = catalogue("bixie.cases.reviews").text(f"tie.{row.reason}")
        return cls(
            id=row.id,
            reviewer=row.reviewer,
            party=row.party,
            reason=row.reason,
            reason_name=TextOut.of(name),
            set_by=row.set_by,
            since=format_timestamp(row.since),
            until=format_optional(row.until),
        )


class ReviewerIn(BaseModel):
    """What the queue gives a reviewer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    skills: list[str] = Field(max_length=50)


class ReviewerOut(BaseModel):
    """What the queue gives a reviewer."""

    id: str
    skills: list[str]
    set_at: str

    @classmethod
    def of(cls, row: CaseReviewer) -> "ReviewerOut":
        """Return the setting for the API."""
        return cls(id=row.id, skills=list(row.skills), set_at=format_timestamp(row.set_at))
