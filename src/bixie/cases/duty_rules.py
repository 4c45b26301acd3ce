"""When duties are due, paused, resumed, extended and reminded of. Pure: the clock and ids are passed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bixie.cases.errors import NotNowError
from bixie.cases.event_parts import DutyChanges, DutyClosed, DutyOpened, DutyResumed
from bixie.cases.events import DutyExtended, DutyTimedOut
from bixie.cases.state import CaseState, DutyState
from bixie.cases.words import DutyKind, OnTimeout, Side, Stage
from bixie.kit.due_time import Calendar, Due, Length, due_after, resumed
from bixie.policies.terms import Terms

__all__ = [
    "Context",
    "announced_due",
    "close",
    "close_all",
    "due_of",
    "extend",
    "goes_on",
    "next_reminder",
    "next_sweep",
    "open_duty",
    "resume_all",
    "timed_out",
]

_REMINDERS = (24, 12)
"""Hours before a duty is due."""
_DAILY = 24
_LAST_REMINDER = -24 * 30
"""A platform's duty that is overdue is reminded of daily, for thirty days."""


@dataclass(frozen=True, slots=True)
class Context:
    """What rules need besides the state.

    Parameters
    ----------
    now : datetime
    terms : Terms
        Of the pack that the case is heard by.
    calendar : Calendar
    new_id : callable
        Returns a new id of a kind.
    """

    now: datetime
    terms: Terms
    calendar: Calendar
    new_id: Callable[[str], str]


def open_duty(
    context: Context,
    kind: DutyKind,
    owner: Side,
    on_timeout: OnTimeout,
    counted_from: datetime | None = None,
) -> DutyOpened:
    """Return a new duty that runs from now, or is counted from a later time."""
    length = context.terms.length(kind)
    due = due_after(counted_from or context.now, length, context.calendar)
    return DutyOpened(
        id=context.new_id("duty"),
        kind=kind,
        owner=owner,
        due_at=due.at,
        length=length.as_dict(),
        on_timeout=on_timeout,
        counted_from=counted_from,
    )


def close(duty: DutyState | None, how: str) -> tuple[DutyClosed, ...]:
    """Return the end of a duty, if there is one."""
    return () if duty is None or not duty.is_open else (DutyClosed(id=duty.id, how=how),)


def close_all(
    state: CaseState, how: str, *, but: frozenset[DutyKind] = frozenset()
) -> tuple[DutyClosed, ...]:
    """Return the end of all open duties."""
    return tuple(
        DutyClosed(id=one.id, how=how) for one in state.duties.values() if one.is_open and one.kind not in but
    )


def resume_all(state: CaseState, context: Context) -> tuple[DutyResumed, ...]:
    """Return how paused duties run on: with as much time as they had when they were paused."""
    return tuple(
        DutyResumed(id=one.id, due_at=_due_after_pause(one, one.paused_at, context))
        for one in state.duties.values()
        if one.is_open and one.paused_at is not None
    )


def timed_out(duty: DutyState, context: Context) -> DutyTimedOut:
    """Return that the time of a duty is over, and only that.

    Raises
    ------
    NotNowError
        ``cases.nothing_owed`` for a duty that is paused or done, or not due yet.
    """
    if not duty.runs or context.now < duty.due_at or duty.on_timeout is OnTimeout.REMIND:
        raise NotNowError("cases.nothing_owed")
    ends = DutyChanges(close=close(duty, "timed_out"))
    return DutyTimedOut(by=Side.PLATFORM, duty=duty.id, on_timeout=duty.on_timeout, duties=ends)


def goes_on(state: CaseState, context: Context, ended: tuple[DutyClosed, ...]) -> tuple[DutyResumed, ...]:
    """Return how the time that stood still runs on, once the buyer owes no answer any more."""
    if state.stage is Stage.PLATFORM or state.appeal is not None:
        return ()
    gone = {one.id for one in ended}
    answers = (DutyKind.RESPOND, DutyKind.SUPPLEMENT)
    if any(one.is_open and one.kind in answers and one.id not in gone for one in state.duties.values()):
        return ()
    return tuple(one for one in resume_all(state, context) if one.id not in gone)


def _due_after_pause(duty: DutyState, paused_at: datetime, context: Context) -> datetime:
    if duty.extended:
        return duty.due_at + (context.now - paused_at)
    return resumed(due_of(duty, context.calendar), paused_at, context.now, context.calendar).at


def announced_due(duty: DutyState, calendar: Calendar) -> Due | None:
    """Return how a duty's time was counted; None if it was extended, or days off are known by now."""
    due = None if duty.extended else due_of(duty, calendar)
    return due if due is not None and due.at == duty.due_at else None


def due_of(duty: DutyState, calendar: Calendar) -> Due:
    """Return how a duty's due time is counted, its pauses included and its extensions left out."""
    due = due_after(duty.opened_at, Length.of(duty.length), calendar)
    for paused_at, resumed_at in duty.pauses:
        due = resumed(due, paused_at, resumed_at, calendar)
    return due


def extend(duty: DutyState, by: Side, length: Length, why: str, context: Context) -> DutyExtended:
    """Return more time for a duty, counted from when it is due."""
    begin = max(duty.due_at, context.now)
    if length.unit != "hours":
        begin -= timedelta(milliseconds=1)  # 24:00 is still the day that ends
    due_at = due_after(begin, length, context.calendar).at
    return DutyExtended(by=by, duty=duty.id, due_at=due_at, why=why)


def next_sweep(duty: DutyState) -> datetime | None:
    """Return when the next thing happens to a duty by itself: a reminder or its end. None while paused."""
    if not duty.runs:
        return None
    hours = _next_hours(duty)
    if hours is not None:
        return duty.due_at - timedelta(hours=hours)
    return None if duty.on_timeout is OnTimeout.REMIND else duty.due_at


def next_reminder(duty: DutyState, now: datetime) -> int | None:
    """Return the hours before the due time of the reminder that is to be sent now, or None.

    After an outage only the last one that was missed is sent.
    """
    hours = _next_hours(duty)
    if hours is None or now < duty.due_at - timedelta(hours=hours):
        return None
    while True:
        later = _later(hours, duty)
        if later is None or now < duty.due_at - timedelta(hours=later):
            return hours
        hours = later


def _next_hours(duty: DutyState) -> int | None:
    last = min(duty.reminded, default=None)
    if last is not None:
        return _later(last, duty)
    window = duty.due_at - duty.opened_at
    first = next((one for one in _REMINDERS if timedelta(hours=one) < window), None)
    return first if first is not None else _later(_REMINDERS[-1], duty)


def _later(hours: int, duty: DutyState) -> int | None:
    """Return the reminder after one, in hours before the due time; below zero when overdue."""
    before = next((one for one in _REMINDERS if one < hours), None)
    if before is not None:
        return before
    if duty.on_timeout is not OnTimeout.REMIND:
        return None
    late = 0 if hours > 0 else hours - _DAILY
    return late if late >= _LAST_REMINDER else None
