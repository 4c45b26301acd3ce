"""Why a rule is met, not met or open, said with the fact and the line it was compared with."""

from datetime import date

import pytest

from bixie.law import assess, parse_facts
from bixie.law.explanation import explain

ON = date(2026, 6, 1)
ACT = {"date": "2026-03-10", "amount_obtained": 195, "processed": False, "refund_decided_by": "merchant"}


def matter(*acts, **groups):
    return {
        "acts": list(acts) or [ACT],
        "intent": {"fabricated_evidence": True},
        "person": {"age": 30},
        "place": {"province": "GD", "guangdong_class": 1},
        "mode": {"telecom": "no"},
        **groups,
    }


def because(facts, rule, on=ON):
    found = explain(assess(parse_facts(facts, on), on))
    return {reason.condition: reason for reason in found.reasons[rule]}


def test_a_small_amount_is_no_crime_because_of_the_line_of_the_province():
    reason = because(matter(), "CRIM-266")["amount_fraud"]
    assert reason.met is False
    assert reason.text.zh == "195 元低于诈骗罪“数额较大”的起点（广东一类地区 6,000 元）"
    assert reason.text.en == (
        "195 yuan are below the line of criminal fraud, large amount (Guangdong class 1: 6,000 yuan)"
    )
    assert [line.id for line in reason.thresholds] == ["FR-GD-1"]
    assert reason.fact == "acts.amount_obtained"


def test_a_rule_that_fails_shows_only_what_fails():
    assert set(because(matter(), "CRIM-266")) == {"amount_fraud"}


def test_a_rule_that_may_apply_shows_what_is_met():
    met = because(matter(), "CIV-148")
    assert {reason.met for reason in met.values()} == {True}
    assert met["decided_by_merchant"].text.zh == "退款由商家同意"
    assert met["obtained"].text.zh == "已退款 195 元，商品没有退回"


def test_what_is_missing_is_asked():
    reason = because(matter(person={}), "PSAPL-58")["age_14"]
    assert reason.met is None
    assert reason.text.zh == "缺少：行为当天，行为人多少周岁？"
    assert reason.text.en.startswith("Missing: How old")


def test_an_amount_of_an_unknown_place_is_asked_about():
    facts = matter({**ACT, "amount_obtained": 5000}, place={})
    assert because(facts, "CRIM-266")["amount_fraud"].text.zh.startswith("缺少：适用哪个省份")


@pytest.mark.parametrize(
    ("acts", "groups", "zh"),
    [
        ([7000], {}, "7,000 元达到诈骗罪“数额较大”的起点（广东一类地区 6,000 元）"),
        ([7000, 100], {}, "单笔最高 7,000 元，达到诈骗罪“数额较大”的起点（广东一类地区 6,000 元）"),
        (
            [4000, 4000],
            {"intent": {"fabricated_evidence": True, "continuous": True}},
            "累计 8,000 元达到诈骗罪“数额较大”的起点（广东一类地区 6,000 元）",
        ),
        ([100, 200], {}, "合计 300 元也低于诈骗罪“数额较大”的起点（广东一类地区 6,000 元）"),
        (
            [4000, 4000],
            {"intent": {"fabricated_evidence": True, "continuous": False}},
            "单笔最高 4,000 元，依法可以累计的金额也低于诈骗罪“数额较大”的起点（广东一类地区 6,000 元）",
        ),
        (
            [195],
            {"mode": {"telecom": "unknown"}},
            "195 元低于诈骗罪“数额较大”的起点（广东一类地区 6,000 元；电信网络诈骗全国 3,000 元）",
        ),
    ],
)
def test_amounts_are_compared_in_words(acts, groups, zh):
    listed = [{**ACT, "id": str(number), "amount_obtained": fen} for number, fen in enumerate(acts)]
    assert because(matter(*listed, **groups), "CRIM-266")["amount_fraud"].text.zh == zh


def test_what_went_back_is_no_loss():
    found = because(matter({**ACT, "goods_returned": True}), "CIV-987")
    assert found["obtained"].text.zh == "商品已退回，没有留下商品或者款项"


def test_the_acts_that_a_reason_is_about_are_named():
    acts = [{**ACT, "id": "a"}, {**ACT, "id": "b", "refund_decided_by": "platform"}, {**ACT, "id": "c"}]
    found = because(matter(*acts), "CIV-148")
    assert found["decided_by_merchant"].acts == (0, 2)
    assert found["decided_by_merchant"].text.zh == "退款由商家同意（第 1、3 个行为）"


def test_many_acts_are_not_listed_one_by_one():
    acts = [{**ACT, "id": str(number)} for number in range(900)]
    text = because(matter(*acts), "CIV-148")["decided_by_merchant"].text
    assert text.zh == "退款由商家同意（第 1、2、3… 个行为）"
    assert len(text.en) < 80


def test_a_child_is_not_measured_by_the_line_of_a_crime():
    facts = matter({**ACT, "amount_obtained": 7000}, person={"age": 15})
    assert because(facts, "PSAPL-58")["not_fraud_crime"].text.zh == "行为时 15 周岁，未满 16 周岁，不构成该罪"


def test_a_crime_comes_before_the_penalty():
    text = because(matter({**ACT, "amount_obtained": 7000}), "PSAPL-58")["not_fraud_crime"].text
    assert text.zh.endswith("，应先看刑事条文")


def test_a_crime_long_past_is_barred():
    facts = matter({**ACT, "date": "2018-03-10", "amount_obtained": 7000})
    assert because(facts, "CRIM-266")["amount_fraud"].text.zh == "金额达到诈骗罪的起点，但追诉时效已过"


def test_three_threats_are_enough_whatever_the_amount():
    acts = [{**ACT, "id": str(number), "amount_obtained": 1} for number in range(3)]
    found = because(matter(*acts, mode={"threat": True}), "CRIM-274")
    assert found["amount_extortion"].text.zh == "二年内三次以上，不论数额"


def test_an_attempt_is_measured_by_the_huge_amount():
    facts = matter({**ACT, "amount_attempted": 500})
    found = because(facts, "CRIM-ATT-5")
    assert "诈骗罪未遂“数额巨大”的起点（广东一类地区 100,000 元）" in found["amount_attempt"].text.zh


def test_without_acts_every_reason_says_so():
    facts = {**matter(), "acts": []}
    assert because(facts, "CIV-987")["acts"].text.zh == "没有列出任何行为"


def test_a_finding_of_true_evidence_speaks_for_the_buyer():
    facts = matter(intent={"fabricated_evidence": False})
    assert because(facts, "CIV-987")["fabricated_evidence"].text.zh == "已由人确认证据真实"
