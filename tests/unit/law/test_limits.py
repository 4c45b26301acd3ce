"""Time limits: the last day is in time, the next is not, and what is not known is asked."""

from datetime import date, timedelta

import pytest

from bixie.law import Act, Facts, catalogue_of_law
from bixie.law.entries import Limit
from bixie.law.limits import in_time, last_day
from bixie.law.prepared_facts import PreparedFacts

KNOWLEDGE = Limit("CIV-152", "knowledge", 12, 60)
DISCOVERY = Limit("PSAPL-25", "discovery", 6, None)
FROM_ACT = Limit("PLAT-62", "act", 36, None)
DAY = date(2026, 1, 15)


def prepared(on, act, **facts):
    return PreparedFacts(Facts(acts=(act,), **facts), on, catalogue_of_law())


def in_time_on(limit, on, act, **facts):
    return in_time(limit, prepared(on, act, **facts), act)


CASES = {
    "knowledge": (KNOWLEDGE, Act(index=0, date=DAY, known_date=date(2026, 2, 1)), date(2027, 2, 1)),
    "knowledge, at the latest": (
        KNOWLEDGE,
        Act(index=0, date=DAY, known_date=date(2030, 12, 1)),
        date(2031, 1, 15),
    ),
    "discovery": (DISCOVERY, Act(index=0, date=DAY, discovered=False), date(2026, 7, 15)),
    "from the act": (FROM_ACT, Act(index=0, date=DAY), date(2029, 1, 15)),
}


@pytest.mark.parametrize("name", CASES)
def test_the_last_day_is_in_time_and_the_next_is_not(name):
    limit, act, until = CASES[name]
    assert in_time_on(limit, until, act).truth is True
    assert in_time_on(limit, until + timedelta(days=1), act).truth is False
    assert last_day(limit, prepared(until, act), act) == until
    assert last_day(limit, prepared(until + timedelta(days=1), act), act) is None


def test_nobody_knows_before_the_act():
    act = Act(index=0, date=DAY)
    assert in_time_on(KNOWLEDGE, date(2027, 1, 15), act).truth is True
    assert in_time_on(KNOWLEDGE, date(2027, 1, 16), act).questions == {"known_date"}
    assert in_time_on(KNOWLEDGE, date(2031, 1, 16), act).truth is False


def test_the_safe_day_is_named_first_and_the_latest_after_it():
    act = Act(index=0, date=DAY)
    assert last_day(KNOWLEDGE, prepared(date(2026, 2, 1), act), act) == date(2027, 1, 15)
    assert last_day(KNOWLEDGE, prepared(date(2028, 2, 1), act), act) == date(2031, 1, 15)


def test_a_discovery_in_time_answers_the_question():
    late = date(2027, 1, 1)
    assert in_time_on(DISCOVERY, late, Act(index=0, date=DAY, discovered=True)).truth is True


def test_what_was_discovered_in_time_stays_in_time():
    late = date(2027, 1, 1)
    assert (
        in_time_on(DISCOVERY, late, Act(index=0, date=DAY, discovered_date=date(2026, 7, 15))).truth is True
    )
    assert (
        in_time_on(DISCOVERY, late, Act(index=0, date=DAY, discovered_date=date(2026, 7, 16))).truth is False
    )
    assert in_time_on(DISCOVERY, late, Act(index=0, date=DAY)).questions == {"discovered"}
    decided = in_time_on(DISCOVERY, late, Act(index=0, date=DAY), decision_date=date(2026, 3, 1))
    assert decided.truth is True


def test_a_continuous_matter_is_counted_from_its_end():
    first, last = Act(index=0, date=DAY, discovered=False), Act(index=1, date=date(2026, 5, 20))
    on = date(2026, 10, 1)
    law = catalogue_of_law()
    assert in_time(DISCOVERY, PreparedFacts(Facts(acts=(first, last)), on, law), first).truth is False
    continuous = PreparedFacts(Facts(acts=(first, last), continuous=True), on, law)
    assert in_time(DISCOVERY, continuous, first).truth is True


def test_an_act_without_a_day_is_a_question():
    act = Act(index=0)
    assert in_time_on(FROM_ACT, DAY, act).questions == {"act_date"}
    assert last_day(FROM_ACT, prepared(DAY, act), act) is None


def test_nothing_runs_once_the_police_know():
    act = Act(index=0, date=DAY, discovered=True)
    assert last_day(DISCOVERY, prepared(DAY, act), act) is None
