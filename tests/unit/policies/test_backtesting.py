"""What would have changed on earlier decisions, counted by outcome and by rule."""

from tests.unit.policies.packs import changed

from bixie.policies import Facts, backtest, builtin_packs, evaluate, parse_pack, record_of

PACK = builtin_packs()[0]
SMALL = Facts(
    service="refund_only",
    stage="after_sales",
    reason="damaged",
    amount_minor=3900,
    outcome_minor=3900,
    currency="CNY",
    evidence_verdict="inconclusive",
    examined=True,
    exhibit_roles=["damage", "whole"],
    merchant_options=["refund_only_without_person"],
    refund_only_count=1,
    buyer_asks_person=False,
    basis="policy",
    confirmed_by_person=False,
    outcome_kind="refund",
)
LARGE = SMALL.model_copy(update={"amount_minor": 90_000, "outcome_minor": 90_000})
REFUSED = Facts(
    outcome_kind="refuse",
    stage="platform",
    basis="ruling",
    amount_minor=90_000,
    currency="CNY",
    evidence_verdict="none",
    confirmed_by_person=True,
    served_buyer=True,
    served_merchant=True,
)
RECORDS = [
    record_of(PACK, facts, evaluate(PACK, facts), {"kind": facts.outcome_kind})
    for facts in (SMALL, LARGE, REFUSED, REFUSED)
]


def test_under_its_own_pack_nothing_changes():
    found = backtest(PACK, RECORDS)
    assert (found.decisions, found.unchanged) == (4, 4)
    assert all(row.before == row.after for row in found.rules)


def test_stricter_numbers_show_as_counts_by_outcome_and_by_rule():
    strict = changed(
        ("refund_only_amount: 5000", "refund_only_amount: 1000"),
        ("second_review_above: 500000", "second_review_above: 50000"),
    )
    found = backtest(parse_pack(strict.encode(), "pack.yaml"), RECORDS)
    rows = {row.outcome: row for row in found.outcomes}
    assert (found.decisions, found.unchanged) == (4, 1)
    assert rows["refund"].changes["now_needs_person"] == 1
    assert rows["refuse"].changes["now_second_review"] == 2
    assert {row.rule: (row.before, row.after) for row in found.rules if row.before != row.after} == {
        "small-refund-only": (1, 0),
        "large-amount-is-reviewed-twice": (0, 2),
    }


def test_a_looser_pack_shows_what_would_have_needed_no_person():
    loose = changed(("refund_only_amount: 5000", "refund_only_amount: 100000"))
    rows = backtest(parse_pack(loose.encode(), "pack.yaml"), RECORDS).outcomes
    assert {row.outcome: row.changes["now_without_person"] for row in rows} == {"refund": 1, "refuse": 0}


def test_the_table_of_no_decisions_is_empty():
    found = backtest(PACK, [])
    assert (found.decisions, found.outcomes, found.rules) == (0, (), ())
    assert found.as_dict()["schema"] == "bixie.backtest/1"
