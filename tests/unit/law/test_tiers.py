"""How grave amounts are: each unknown alone, what it asks, and the windows of two years."""

from datetime import date

import pytest

from bixie.law.entries import SourceLocation, Threshold
from bixie.law.tiers import Amount, Scale, count_in_two_years

ON = date(2026, 6, 1)
YUAN = 100


def line(name, large, huge=100_000, **values):
    given = {"province": "ZJ", "group": None, "telecom": False, "lowered_if": (), "lowered_large": None}
    given |= {
        "lowered_huge": None,
        "sums_multiple": False,
        "unverified": False,
        "note": None,
        "confidence": "C",
    }
    low, high = large if isinstance(large, tuple) else (large, large)
    return Threshold(
        id=name,
        offence="fraud",
        start=None,
        end=None,
        large=(low * YUAN, high * YUAN),
        huge=(huge * YUAN, huge * YUAN),
        extra=(500_000 * YUAN,) * 2,
        sources=("book",),
        location=SourceLocation("x.yaml", 1),
        **(given | values),
    )


def amount(yuan, day="2026-05-01", *, processed=False):
    low, high = yuan if isinstance(yuan, tuple) else (yuan, yuan)
    return Amount(day and date.fromisoformat(day), low * YUAN, high * YUAN, processed)


PROVINCE = [line("FR-X", 6_000)]
TELECOM = line("FR-TELECOM", 3_000, 30_000, telecom=True)


def tiering(amounts, lines=PROVINCE, question="provincial_line", **known):
    given = {"telecom": False, "telecom_line": TELECOM, "continuous": False}
    return Scale(amounts, ON, lines, question, **(given | known)).tiering()


@pytest.mark.parametrize(
    ("yuan", "tier"), [(5_999, 0), (6_000, 1), (99_999, 1), (100_000, 2), (499_999, 2), (500_000, 3)]
)
def test_an_amount_is_measured_against_the_lines(yuan, tier):
    found = tiering([amount(yuan)])
    assert (found.low, found.high, found.questions) == (tier, tier, frozenset())


def test_nothing_is_no_tier():
    found = tiering([])
    assert (found.low, found.high) == (0, 0)
    assert found.reaches(1).truth is False


SEVERAL = [amount(4_000, "2026-01-01"), amount(4_000, "2026-05-01")]
UNKNOWN = {
    "the line": ([amount(5_000)], {"lines": [line("FR-X", (3_000, 10_000))]}, {"provincial_line"}),
    "the place": (
        [amount(5_000)],
        {"lines": [line("A", 4_000), line("B", 6_000)], "question": "place"},
        {"place"},
    ),
    "telecommunication": ([amount(5_000)], {"telecom": None}, {"telecom"}),
    "continuity": (SEVERAL, {"continuous": None}, {"continuity"}),
    "earlier penalties": (
        [amount(4_000, "2026-01-01", processed=None), amount(4_000)],
        {"continuous": True},
        {"processed"},
    ),
    "the amount": ([amount((0, 8_000))], {}, {"amount"}),
    "the day": ([amount(8_000, None)], {}, {"act_date"}),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_leaves_both_open_and_is_asked(name):
    amounts, known, questions = UNKNOWN[name]
    found = tiering(amounts, **known)
    assert (found.low, found.high) == (0, 1)
    assert found.questions == questions
    assert found.reaches(1).truth is None


def test_an_unknown_that_changes_nothing_is_not_asked():
    found = tiering([amount(20_000)], telecom=None, continuous=None)
    assert (found.low, found.high, found.questions) == (1, 1, frozenset())


def test_only_the_unknowns_that_move_the_tier_are_asked():
    found = tiering([amount(5_000, processed=None)], telecom=None, continuous=None)
    assert found.questions == {"telecom"}


def test_two_unknowns_that_only_together_matter_are_both_asked():
    amounts = [amount(3_500, "2026-01-01", processed=None), amount(3_500)]
    found = tiering(amounts, continuous=None)
    assert found.questions == {"continuity", "processed"}


def test_a_sum_says_on_what_it_rests():
    assert tiering(SEVERAL, continuous=True).basis == "practice_continuous"
    assert tiering(SEVERAL, continuous=True).confidence() == "K"
    assert tiering([amount(2_000, "2026-01-01"), amount(2_000)], telecom=True).basis == "telecom_2y"
    three = [*SEVERAL, amount(100, "2026-03-01")]
    assert tiering(three, [line("FR-X", 6_000, sums_multiple=True)]).basis == "province_rule"


def test_what_one_act_reaches_needs_no_sum():
    assert tiering([*SEVERAL, amount(7_000)], continuous=True).basis is None


def test_a_lowered_line_counts_only_when_confirmed_and_is_worth_asking():
    lines = [line("FR-X", 6_000, lowered_if=("unspecified_many",), lowered_large=3_000 * YUAN)]
    assert tiering([amount(4_000)], lines, unspecified_many=True).low == 1
    missing = tiering([amount(4_000)], lines, unspecified_many=None)
    assert (missing.high, missing.hints) == (0, {"unspecified_many"})
    assert missing.reaches(1).questions == {"unspecified_many"}
    assert tiering([amount(4_000)], lines, unspecified_many=False).hints == frozenset()


def test_acts_by_telecommunication_add_up_for_two_years_only():
    within = [amount(1_600, "2024-05-02"), amount(1_600, "2026-05-02")]
    beyond = [amount(1_600, "2024-05-01"), amount(1_600, "2026-05-02")]
    assert tiering(within, telecom=True).low == 1
    assert tiering(beyond, telecom=True).high == 0


def test_a_barred_act_counts_for_nothing():
    old = tiering([amount(7_000, "2021-05-31")])
    assert (old.high, old.expired) == (0, True)
    assert tiering([amount(7_000, "2021-06-01")]).low == 1
    assert tiering([amount(100_000, "2021-05-31")]).low == 2  # a huge amount is prosecuted for longer
    assert not tiering([amount(10, "2021-05-31")]).expired


@pytest.mark.parametrize(
    ("days", "counts"),
    [
        ([], (0, 0)),
        (["2026-01-01"], (1, 1)),
        (["2024-01-01", "2026-01-01", "2026-01-02"], (2, 2)),
        (["2024-01-01", "2025-01-01", "2026-01-01"], (3, 3)),
        ([None, "2026-01-01"], (1, 2)),
    ],
)
def test_acts_are_counted_within_two_years(days, counts):
    assert count_in_two_years([day and date.fromisoformat(day) for day in days]) == counts
