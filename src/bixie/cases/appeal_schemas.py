"""Appeals as the API returns them."""

from collections.abc import Mapping

from pydantic import BaseModel, Field

from bixie.cases.names import appeal_reason_name, decision_reason_name
from bixie.cases.state import AppealState, CaseState
from bixie.cases.words import Side
from bixie.kit.timestamps import format_optional, format_timestamp

__all__ = ["AppealOut", "appeals_out"]


class AppealOut(BaseModel):
    """An appeal, and what came of it."""

    by: Side
    decision: str = Field(description="that it is against")
    reason: str
    reason_name: Mapping[str, str]
    made_at: str
    state: str = Field(description="`open`; `upheld`: the decision stands; `overturned`: another replaces it")
    replaced_by: str | None = Field(description="the decision that replaces it, with its own note and letter")
    reasons: list[str] = Field(description="of what was decided about it")
    reason_names: list[Mapping[str, str]]
    note: str | None = Field(description="for both sides, where the decision stands")
    person: str | None = Field(description="id of who decided it; only the platform sees it")
    persons: list[str] = Field(description="ids, where several reviewed it; only the platform sees them")
    persons_count: int
    decided_at: str | None


def appeals_out(state: CaseState, notes: Mapping[str, str | None], side: Side) -> list[AppealOut]:
    """Return the appeals of a case as a side sees them, the oldest first.

    Parameters
    ----------
    state : CaseState
    notes : mapping of str to (str or None)
        By review.
    side : Side
    """
    return [_appeal_out(one, state, notes, side) for one in state.appeals]


def _appeal_out(one: AppealState, state: CaseState, notes: Mapping[str, str | None], side: Side) -> AppealOut:
    shown = side is Side.PLATFORM
    made = [each.id for each in state.decisions]
    after = made[made.index(one.decision) + 1 :]
    return AppealOut(
        by=one.by,
        decision=one.decision,
        reason=one.reason,
        reason_name=appeal_reason_name(one.reason).to_dict(),
        made_at=format_timestamp(one.made_at),
        state="open" if one.overturned is None else "overturned" if one.overturned else "upheld",
        replaced_by=after[0] if one.overturned else None,
        reasons=list(one.reasons),
        reason_names=[decision_reason_name(key).to_dict() for key in one.reasons],
        note=None if one.review is None else notes.get(one.review),
        person=one.person if shown else None,
        persons=list(one.persons) if shown else [],
        persons_count=len(one.persons) or int(one.person is not None),
        decided_at=format_optional(one.decided_at),
    )
