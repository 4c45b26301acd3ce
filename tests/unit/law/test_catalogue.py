"""What the catalogue says: the ten points that widely copied advice has wrong, dates, lines, and care."""

import re
from datetime import date

import pytest

from bixie.law import assess, catalogue_of_law, parse_facts
from bixie.law.entries import LEVELS
from bixie.law.provinces import PROVINCES

LAW = catalogue_of_law()
ADVICE = {advice.id: advice for advice in LAW.advice}
POINTS = {
    "ADVICE-1": (["PSAPL-49-OLD", "PSAPL-58"], ["58", "2,000", "3,000"]),
    "ADVICE-2": (["PSAPL-49-OLD"], ["可以并处"]),
    "ADVICE-3": (["LAB-10"], ["2025-09-01"]),
    "ADVICE-4": (["CRIM-266"], ["3,000"]),
    "ADVICE-5": (["CRIM-2016-32"], ["two years"]),
    "ADVICE-6": (["CON-REG-49-2", "AUCL-13-4", "PLAT-27"], ["2026-02-01"]),
    "ADVICE-7": (["PLAT-27", "CS-47746"], ["2026-02-01"]),
    "ADVICE-8": ([], ["licence"]),
    "ADVICE-9": (["ATFL-38-2", "CIV-987"], []),
    "ADVICE-10": ([], ["400-1865-909"]),
}


@pytest.mark.parametrize("name", POINTS)
def test_the_ten_points_stand_corrected(name):
    rules, said = POINTS[name]
    advice = ADVICE[name]
    assert set(rules) <= set(advice.rules)
    both = advice.instead.en + advice.instead.zh + advice.said.en + advice.said.zh
    assert all(part.replace(",", "") in both.replace(",", "") for part in said)


def facts_of(day, amount, **mode):
    return parse_facts(
        {
            "acts": [{"date": day, "amount_obtained": amount, "processed": False}],
            "intent": {"fabricated_evidence": True},
            "person": {"age": 30},
            "mode": {"telecom": "no", **mode},
        },
        date(2026, 6, 1),
    )


def test_point_1_and_2_the_article_and_the_optional_fine_are_those_of_the_day():
    old = assess(facts_of("2025-12-31", 195), date(2026, 6, 1)).of("PSAPL-49-OLD")
    new = assess(facts_of("2026-01-01", 195), date(2026, 6, 1)).of("PSAPL-58")
    assert old.rule.articles == ("49",)
    assert old.rule.assess.outcome["base"]["fine_optional"] is True
    assert "可以并处" in old.rule.text.zh
    assert new.rule.articles == ("58",)
    assert new.rule.assess.outcome["base"] == {"any_of": [{"detention_days": [5, 10]}, {"fine_max": 2000}]}


def test_point_4_three_thousand_is_no_general_line():
    assert assess(facts_of("2026-05-01", 3500), date(2026, 6, 1)).of("CRIM-266").status == "depends"


def test_point_5_sums_are_certain_by_telecommunication_only():
    document = {
        "acts": [
            {"date": f"2026-0{month}-01", "amount_obtained": 1100, "processed": False} for month in (1, 3, 5)
        ],
        "intent": {"fabricated_evidence": True},
        "person": {"age": 30},
        "place": {"province": "HA"},
    }
    on = date(2026, 6, 1)
    by_telecom = assess(parse_facts({**document, "mode": {"telecom": "yes"}}, on), on).of("CRIM-266")
    without = assess(parse_facts({**document, "mode": {"telecom": "no"}}, on), on).of("CRIM-266")
    assert (by_telecom.status, by_telecom.basis) == ("possible", "telecom_2y")
    assert without.status == "not_met"


def test_every_province_that_has_lines_of_its_own_lies_inside_the_band():
    placed = [line for line in LAW.thresholds if line.province]
    assert {line.province for line in placed} <= PROVINCES.keys()
    assert all(300_000 <= line.large[0] <= line.large[1] <= 1_000_000 for line in placed)


def test_levels_are_those_that_are_shown():
    assert {rule.level for rule in LAW.rules.values()} == set(LEVELS)


def test_what_is_not_confirmed_says_what_is_to_be_verified():
    for rule in LAW.rules.values():
        assert rule.confidence == "C" or rule.unsettled or rule.note or rule.sources, rule.id
        assert rule.confidence not in {"K", "X"} or rule.unsettled, rule.id


def test_the_calendar_knows_the_days_on_which_something_changed():
    days = {change.day.isoformat() for change in LAW.calendar}
    assert {"2024-07-01", "2025-09-01", "2025-10-15", "2026-01-01", "2026-02-01", "2026-04-15"} <= days
    assert {"2026-08-02", "2026-09-01", "2025-04-22"} <= days


def test_both_languages_are_written_by_people():
    for rule in LAW.rules.values():
        assert re.search(r"[\u4e00-\u9fff]", rule.text.zh), rule.id
        assert re.search(r"[a-z]{3}", rule.text.en), rule.id
        assert not re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", rule.text.zh), rule.id
