"""More time, and how a due time is explained once something has changed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.property.cases.machine import Played, claim

from bixie.cases import rules
from bixie.cases.duty_rules import Context, announced_due, extend
from bixie.cases.state import DutyState
from bixie.cases.words import DutyKind, OnTimeout, Side
from bixie.kit.calendar import CHINA
from bixie.kit.due_time import Calendar, Length, due_after
from bixie.policies import builtin_packs

CALENDAR = Calendar.china()
OPENED = datetime(2026, 11, 2, 10, tzinfo=CHINA)


def duty(**length):
    due = due_after(OPENED, Length.of(length), CALENDAR)
    return DutyState(
        *("duty_1", DutyKind.RETURN, Side.BUYER, OPENED, due.at, length),
        *(OnTimeout.CLOSE, "case.decided", 3),
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"days": 2}, "2026-11-06T00:00"),
        ({"workdays": 3}, "2026-11-07T00:00"),
        ({"hours": 48}, "2026-11-06T00:00"),
    ],
)
def test_more_time_begins_where_a_day_ends_and_costs_no_day(more, expected):
    owed = duty(days=1)  # until 24:00 on Tuesday, 3 November
    context = Context(OPENED, builtin_packs()[0].terms, CALENDAR, str)
    longer = extend(owed, Side.BUYER, Length.of(more), "asked", context)
    assert longer.due_at == datetime.fromisoformat(expected).replace(tzinfo=CHINA)


def test_a_due_time_is_explained_as_it_was_counted_or_not_at_all():
    owed = duty(workdays=3)
    assert announced_due(owed, CALENDAR).at == owed.due_at
    assert announced_due(replace(owed, extended=("asked",)), CALENDAR) is None
    # Days off that were published later do not move what was announced.
    assert announced_due(replace(owed, due_at=owed.due_at + timedelta(days=1)), CALENDAR) is None


def test_more_time_is_reminded_of_as_the_first_was():
    case = Played(claim())
    case.move(hours=37)  # of 48
    case.sweep()
    (owed,) = case.state.duties.values()
    assert owed.reminded == (12,)
    case.do(rules.more_time, case.state, case.context, Side.MERCHANT, "ill")
    for _ in range(60):
        case.move(hours=1)
        case.sweep()
    hours = [one.event.hours for one in case.events if one.event.type == "case.duty_reminded"]
    assert hours == [12, 24, 12]
