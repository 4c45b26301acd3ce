"""``/law``: questions in plain words become facts; the answer says what may apply, why, and what to do."""

import re
from datetime import date

import pytest

from bixie.law import parse_facts
from bixie.law.facts_template import QUESTIONED
from bixie.web.law.questions import GROUPS, facts_of

FACTS = {
    "acts.0.date": "2026-03-10",
    "acts.0.amount_obtained": "195.00",
    "acts.0.goods_returned": "no",
    "acts.0.refund_decided_by": "platform",
    "intent.fabricated_evidence": "yes",
    "person.age": "30",
    "place.province": "GD",
    "place.guangdong_class": "1",
    "mode.telecom": "no",
}


def text(answer):
    return answer.body.decode()


def test_every_fact_has_a_question_and_no_question_speaks_of_files():
    for group in GROUPS:
        asked = {one.name for one in group.questions}
        assert asked | {"platform_auto_refund"} >= set(QUESTIONED[group.name].model_fields)
        for one in group.questions:
            for said in (one.text.zh, one.text.en):
                assert said
                assert not re.search(r'"|\bnull\b|\bFalse:|false 表示', said)


def test_what_is_typed_is_what_is_assessed():
    document = facts_of(FACTS, 1)
    assert document["acts"] == [
        {
            "date": "2026-03-10",
            "amount_obtained": "195.00",
            "goods_returned": False,
            "refund_decided_by": "platform",
        }
    ]
    assert document["person"] == {"age": 30}
    assert document["place"] == {"province": "GD", "guangdong_class": 1}
    assert parse_facts(document, date(2026, 4, 1)).fabricated_evidence is True
    assert facts_of({"acts.0.date": " ", "intent.continuous": ""}, 1) == {}


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "向平台要原始记录"), ("en", "Ask the platform for the original records")]
)
def test_a_clerk_is_told_what_to_do_first_and_why(service, language, said):
    clerk = service.browsers["clerk"]
    clerk.get(f"/law?lang={language}")
    answer = clerk.send("/law", csrf=clerk.csrf(), acts="1", **FACTS)
    assert answer.status == 200
    assert said in text(answer)
    assert 'value="195.00"' in text(answer)
    assert "<details" in text(answer)


def test_another_act_is_asked_for_and_what_was_typed_stays(service):
    clerk = service.browsers["clerk"]
    page = text(clerk.send("/law", csrf=clerk.csrf(), acts="1", more="1", **FACTS))
    assert 'name="acts.1.date"' in page
    assert 'value="2026-03-10"' in page


def test_wrong_answers_are_refused_with_the_form(service):
    clerk = service.browsers["clerk"]
    for wrong in ({"acts.0.date": "1990-01-01"}, {"acts.0.amount_obtained": "x"}, {"person.age": "999"}):
        answer = clerk.send("/law", csrf=clerk.csrf(), acts="1", **{**FACTS, **wrong})
        assert answer.status == 422
        assert 'role="alert"' in text(answer)
        assert "<form" in text(answer)
    assert clerk.send("/law", csrf="x", acts="1").status == 403
