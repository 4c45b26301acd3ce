"""Until when a side can speak before the platform decides. Pure.

What a side says afterwards is kept and shown, and is no part of the case file: otherwise a side that goes on
talking would have the file served anew each time, and put off the decision.
"""

from datetime import datetime

from bixie.cases.errors import NotNowError
from bixie.cases.state import CaseState, DutyState
from bixie.cases.words import DutyKind, Side, Stage, Status

__all__ = ["check_may_speak", "may_speak", "still_heard"]

_KINDS = (DutyKind.HEARING, DutyKind.SUPPLEMENT)
_REVIEWED = (Status.IN_REVIEW, Status.APPEALED)


def still_heard(state: CaseState, now: datetime) -> DutyState | None:
    """Return until when a side can still speak: its duty, the last one that is due."""
    heard = [one for one in state.running if one.kind in _KINDS and one.due_at > now]
    return heard[-1] if heard else None


def may_speak(state: CaseState, side: Side, now: datetime) -> bool:
    """Return whether what a side says or shows now is part of what is decided on.

    Before the platform steps in it always is. Whoever appeals can speak for as long as the other side can.
    """
    if side is Side.PLATFORM:
        return False
    if state.stage is Stage.AFTER_SALES or state.status not in _REVIEWED:
        return True
    appeals = any(one.overturned is None and one.by is side for one in state.appeals)
    return any(
        one.kind in _KINDS and one.due_at > now and (appeals or one.owner is side) for one in state.running
    )


def check_may_speak(state: CaseState, side: Side, now: datetime) -> None:
    """Refuse evidence of a side after its hearing.

    Raises
    ------
    NotNowError
        ``cases.hearing_is_over``: a reviewer can ask for more, and an appeal opens a new hearing.
    """
    if side is not Side.PLATFORM and not may_speak(state, side, now):
        raise NotNowError("cases.hearing_is_over")
