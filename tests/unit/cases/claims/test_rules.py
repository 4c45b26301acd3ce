"""A claim is checked field by field: what is wrong is named, and what is right passes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.sweeps import check_each

from bixie.cases.claims.drafts import ClaimDraft, DraftExhibit, EarlierClaim, ItemFacts, OrderFacts
from bixie.cases.claims.errors import FaultyClaimError
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.remaining import goods_left, largest_amount, pieces_left
from bixie.cases.claims.rules import (
    check_claim,
    check_exhibits,
    check_number,
    missing_evidence,
    period_over,
)

OPTIONS = claim_options()
NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
ORDER = OrderFacts(
    items={0: ItemFacts(2, 5_000, "fragile"), 1: ItemFacts(1, 3_000), 2: ItemFacts(3, None, "food")},
    paid=20_000,
    ordered_at=NOW - timedelta(days=5),
)
CLAIM = ClaimDraft("refund_only", "damaged", True, ((0, 1),), 5_000, "CNY")


def picture(number, role="damage", media_type="image/jpeg"):
    return DraftExhibit(f"exhibit_{number}", role, media_type, f"{number:064x}")


def faults(claim, earlier=(), order=ORDER, **more):
    try:
        check_claim(claim, order, earlier, OPTIONS, NOW, **more)
    except FaultyClaimError as error:
        listed = error.members()["fields"]
        return [(one["field"], one["code"].removeprefix("claims.")) for one in listed]
    return []


def earlier(service="refund_only", state="settled", items=((0, 1),), amount=0, previous=None, case="case_1"):
    return EarlierClaim(case, service, items, state, amount, previous)


def test_a_good_claim_passes():
    assert faults(CLAIM) == []
    assert faults(ClaimDraft("replenish", "not_received", False, ((1, 1), (2, 3)))) == []


WRONG = {
    "service": (replace(CLAIM, service="gift"), [("service", "no_such_service")]),
    "reason": (replace(CLAIM, reason="bored"), [("reason", "no_such_reason")]),
    "exchange of what has not arrived": (
        ClaimDraft("exchange", "not_received", False, ((0, 1),)),
        [("service", "service_needs_goods"), ("reason", "service_without_reason")],
    ),
    "damage of what has not arrived": (replace(CLAIM, received=False), [("received", "reason_for_received")]),
    "late though received": (
        replace(CLAIM, reason="delivery_late"),
        [("received", "reason_for_not_received")],
    ),
    "refund for a change of mind": (
        replace(CLAIM, reason="changed_mind"),
        [("reason", "service_without_reason")],
    ),
    "food reason for a cup": (replace(CLAIM, reason="spoiled"), [("items[0]", "reason_of_other_goods")]),
    "label of another reason": (replace(CLAIM, label="mouldy"), [("label", "no_such_label")]),
    "no items": (replace(CLAIM, items=()), [("items", "no_items")]),
    "not in order": (
        replace(CLAIM, items=((0, 1), (7, 1))),
        [("items[1].position", "item_not_in_order")],
    ),
    "twice": (replace(CLAIM, items=((0, 1), (0, 1))), [("items[1].position", "item_twice")]),
    "too many pieces": (replace(CLAIM, items=((0, 3),)), [("items[0].count", "count_too_high")]),
    "no pieces": (replace(CLAIM, items=((0, 0),), amount=1), [("items[0].count", "count_not_positive")]),
    "no amount": (replace(CLAIM, amount=None), [("amount", "amount_missing")]),
    "worth of an exchange": (
        replace(CLAIM, service="exchange", amount=5_001),
        [("amount.minor", "amount_too_high")],
    ),
    "another currency": (replace(CLAIM, currency="USD"), [("amount.currency", "other_currency")]),
    "no currency": (replace(CLAIM, currency=None), [("amount.currency", "other_currency")]),
    "nothing": (replace(CLAIM, amount=0), [("amount.minor", "amount_not_positive")]),
    "negative": (replace(CLAIM, amount=-1), [("amount.minor", "amount_not_positive")]),
    "more than was paid": (replace(CLAIM, amount=5_001), [("amount.minor", "amount_too_high")]),
    "other without words": (replace(CLAIM, reason="other", text=" "), [("text", "text_missing")]),
    "a long text": (replace(CLAIM, text="裂" * 501), [("text", "text_too_long")]),
    "ten thousand exhibits": (
        replace(CLAIM, exhibits=tuple(picture(1) for _ in range(10_000))),
        [("exhibits", "too_many_exhibits")],
    ),
    "ten pictures": (
        replace(CLAIM, exhibits=tuple(map(picture, range(10)))),
        [("exhibits", "too_many_pictures")],
    ),
    "two videos": (
        replace(CLAIM, exhibits=(picture(1, media_type="video/mp4"), picture(2, media_type="video/mp4"))),
        [("exhibits", "too_many_videos")],
    ),
    "one file twice": (replace(CLAIM, exhibits=(picture(1), picture(1))), [("exhibits[1]", "exhibit_twice")]),
    "same bytes twice": (
        replace(CLAIM, exhibits=(picture(1), replace(picture(1), exhibit="exhibit_2"))),
        [("exhibits[1]", "exhibit_twice")],
    ),
    "unknown role": (replace(CLAIM, exhibits=(picture(1, "proof"),)), [("exhibits[0].role", "no_such_role")]),
    "video of a waybill": (
        replace(CLAIM, exhibits=(picture(1, "waybill", "video/mp4"),)),
        [("exhibits[0].role", "picture_expected")],
    ),
    "previous nothing": (
        replace(CLAIM, previous="case_9"),
        [("previous", "previous_unknown")],
    ),
}


def test_what_is_wrong_is_named_by_its_field():
    def check(case):
        claim, expected = case
        assert faults(claim) == expected

    check_each(WRONG.items(), check)


def test_all_faults_of_a_claim_are_named_at_once():
    claim = replace(CLAIM, items=((9, 1),), currency="EUR", text="x" * 501, exhibits=(picture(1, "proof"),))
    assert [field for field, _ in faults(claim)] == [
        *("items[0].position", "amount.currency", "text", "exhibits[0].role")
    ]


def test_goods_of_an_unknown_category_take_every_reason():
    assert faults(ClaimDraft("refund_only", "spoiled", True, ((1, 1),), 3_000, "CNY")) == []


def test_a_claim_before_the_order_is_refused():
    assert faults(CLAIM, order=replace(ORDER, ordered_at=NOW + timedelta(seconds=1))) == [
        ("order", "before_the_order")
    ]


def test_the_sixth_claim_on_an_item_is_refused():
    five = [earlier("repair", "ended", case=f"case_{number}") for number in range(5)]
    assert faults(CLAIM, five[:4]) == []
    assert faults(CLAIM, five) == [("items[0].position", "too_many_claims")]
    assert faults(CLAIM, five, claims_per_item=6) == []
    assert faults(replace(CLAIM, items=((1, 1),), amount=3_000), five) == []


def test_pieces_of_an_open_or_returned_claim_are_not_claimed_again():
    both = replace(CLAIM, items=((0, 2),), amount=1)
    for one in (earlier(state="open"), earlier("return_refund")):
        assert faults(both, [one]) == [("items[0].count", "count_too_high")]
        assert faults(replace(CLAIM, amount=1), [one]) == []
    gone = earlier("return_refund", items=((0, 2),))
    assert faults(replace(CLAIM, amount=1), [gone]) == [("items[0].count", "nothing_left")]


def test_goods_that_the_buyer_kept_can_be_claimed_again():
    for service in ("refund_only", "replenish", "repair"):
        assert faults(replace(CLAIM, items=((0, 2),), amount=1), [earlier(service, items=((0, 2),))]) == []
    assert faults(replace(CLAIM, items=((0, 2),)), [earlier("return_refund", "ended")]) == []


def test_a_claim_on_exchanged_goods_names_the_case_that_exchanged_them():
    exchanged = earlier("exchange")
    both = replace(CLAIM, items=((0, 2),), amount=1)
    assert faults(both, [exchanged]) == [("items[0].count", "previous_missing")]
    new = replace(CLAIM, previous="case_1")
    assert faults(new, [exchanged]) == []
    assert faults(replace(both, previous="case_1"), [earlier("exchange", "open")]) == [
        ("items[0].count", "count_too_high")
    ]
    assert faults(replace(both, previous="case_1"), [earlier("refund_only", "ended")]) == []
    again = earlier("exchange", previous="case_1", case="case_2")
    assert faults(new, [exchanged, again]) == [("items[0].count", "previous_missing")]
    assert faults(replace(CLAIM, previous="case_2"), [exchanged, again]) == []
    assert pieces_left(0, ORDER, [exchanged, again]) == 1


def test_the_amount_is_bounded_by_what_earlier_claims_have_left():
    paid = earlier(amount=3_000)
    assert largest_amount(((0, 1),), ORDER, []) == 5_000
    assert largest_amount(((0, 2),), ORDER, [paid]) == 7_000
    assert largest_amount(((0, 1),), ORDER, [paid]) == 5_000
    assert largest_amount(((0, 2),), ORDER, [replace(paid, state="ended")]) == 10_000
    assert largest_amount(((1, 1),), ORDER, [paid]) == 3_000
    # An amount for two lines counts for each by its value: 8,000 of 10,000 and 3,000.
    shared = earlier(amount=6_500, items=((0, 2), (1, 1)))
    assert largest_amount(((1, 1),), ORDER, [shared]) == 3_000 - 1_500


def test_without_a_price_only_the_orders_total_counts():
    assert largest_amount(((2, 1),), ORDER, []) == 20_000
    assert largest_amount(((0, 1), (2, 1)), ORDER, [earlier(amount=15_000)]) == 5_000
    assert largest_amount(((2, 1),), replace(ORDER, paid=None), []) is None
    dear = ClaimDraft("refund_only", "damaged", True, ((2, 1),), 10**9, "CNY")
    assert faults(dear) == [("amount.minor", "amount_too_high")]
    assert faults(dear, order=replace(ORDER, paid=None)) == []


def test_a_total_below_the_prices_bounds_a_discounted_order():
    assert largest_amount(((0, 2),), replace(ORDER, paid=8_000), []) == 8_000


def test_missing_evidence_is_told_and_refuses_nothing():
    claim = replace(CLAIM, exhibits=(picture(1, "whole"), picture(2, "damage")))
    roles = [one.role for one in claim.exhibits]
    missing = missing_evidence(claim.reason, "fragile", roles, OPTIONS)
    assert [(one.role, one.need, one.count) for one in missing] == [
        ("angle", "required", 1),
        ("packaging", "required", 1),
        ("waybill", "helpful", 1),
    ]
    assert faults(claim) == []


def test_one_side_does_not_fill_a_case():
    check_exhibits([picture(number) for number in range(9)], OPTIONS, already=31)
    with pytest.raises(FaultyClaimError) as caught:
        check_exhibits([picture(99)], OPTIONS, already=40)
    assert caught.value.problems[0].code == "claims.too_many_in_case"
    with pytest.raises(FaultyClaimError) as caught:
        check_number(range(21), OPTIONS)
    assert caught.value.problems[0].code == "claims.too_many_exhibits"


def test_a_period_that_is_over_is_told_and_refuses_nothing():
    claim = ClaimDraft("return_refund", "seven_day_return", True, ((0, 1),), 5_000, "CNY")
    # Delivered on Friday, 20 November in China: Friday the 27th is the last day.
    delivered = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    last = datetime(2026, 11, 27, 15, 59, tzinfo=UTC)
    assert period_over(claim.reason, delivered, last, OPTIONS) is None
    said = period_over(claim.reason, delivered, last + timedelta(minutes=2), OPTIONS)
    assert "2026-11-27" in said.zh
    assert faults(claim, order=replace(ORDER, delivered_at=delivered, ordered_at=None)) == []
    assert period_over(claim.reason, None, NOW, OPTIONS) is None
    assert period_over("damaged", delivered, NOW, OPTIONS) is None


def test_a_period_that_ends_on_a_day_off_ends_on_the_next_working_day():
    # Delivered on Sunday, 15 November: the seventh day is Sunday the 22nd, so Monday still counts.
    delivered = datetime(2026, 11, 15, 1, 0, tzinfo=UTC)
    assert (
        period_over("seven_day_return", delivered, datetime(2026, 11, 23, 15, 0, tzinfo=UTC), OPTIONS) is None
    )
    assert period_over("seven_day_return", delivered, datetime(2026, 11, 23, 17, 0, tzinfo=UTC), OPTIONS)


@pytest.mark.parametrize(
    ("granted", "service", "previous", "left"),
    [
        ([earlier("exchange")], "exchange", None, 1),
        ([earlier("exchange")], "exchange", "case_1", 1),  # of the piece that the exchange sent
        ([earlier("return_refund", items=((0, 2),))], "replenish", None, 0),
        ([earlier("replenish", items=((0, 2),))], "replenish", None, 0),
        ([earlier("replenish", items=((0, 2),))], "replenish", "case_1", 2),  # lost on the way again
        ([earlier("replenish", items=((0, 2),))], "return_refund", None, 2),
        ([earlier("repair", items=((0, 2),))], "exchange", None, 2),
    ],
)
def test_decisions_of_one_order_count_its_pieces_once(granted, service, previous, left):
    assert goods_left(0, ORDER, granted, service, previous) == left
