"""A suggested remedy shows its arithmetic in both languages, and says what it rests on."""

import pytest

from bixie.cases.claims.errors import ClaimError
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.settlement import Situation, suggest

OPTIONS = claim_options()
CUP = Situation("damaged", True, 19_900, 30, "fragile")


def test_the_arithmetic_is_shown():
    found = suggest(CUP, OPTIONS)
    first, second = found.remedies[:2]
    assert (first.service, first.refund) == ("refund_only", 5_970)
    assert first.lines[0].text.zh == "退款 30% × 199 元 = 59.70 元"
    assert first.lines[0].text.en == "refund 30 % of 199 CNY = 59.70 CNY"
    assert second.service == "exchange"
    assert second.sum_text.zh == "119.40 + 12 + 12 + 3 - 59.70，合计 86.70 元"
    assert "第二十四条" in found.law.zh
    assert "30%" in found.assumes.zh


def test_a_shops_own_costs_count():
    dear = OPTIONS.costs.model_copy(update={"shipping": {"general": 100_000}})
    lines = suggest(CUP, OPTIONS, dear).remedies[-1].lines
    assert {line.code: line.minor for line in lines}["shipping"] == 100_000


def test_nothing_that_has_arrived_is_paid_whole():
    found = suggest(Situation("not_received", False, 5_000), OPTIONS)
    assert {one.service: one.refund for one in found.remedies} == {"refund_only": 5_000, "replenish": 0}


def test_intact_goods_are_returned_at_the_buyers_cost():
    (back,) = suggest(Situation("seven_day_return", True, 5_000), OPTIONS).remedies
    assert [(line.code, line.side) for line in back.lines] == [
        ("refund", "merchant"),
        ("return_shipping", "buyer"),
        ("handling", "merchant"),
        ("residual", "merchant"),
    ]


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation("bored", True, 100, 10), "claims.no_such_reason"),
        (Situation("damaged", True, None, 10), "claims.price_unknown"),
        (Situation("damaged", True, 0, 10), "claims.price_unknown"),
        (Situation("damaged", True, 100, 20), "claims.no_such_level"),
        (Situation("damaged", True, 100), "claims.no_such_level"),
    ],
)
def test_what_cannot_be_suggested_is_refused(situation, code):
    with pytest.raises(ClaimError) as caught:
        suggest(situation, OPTIONS)
    assert caught.value.code == code
