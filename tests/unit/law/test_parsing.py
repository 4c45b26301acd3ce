"""Facts from files: what is read, and what is refused by the name of its key."""

import json
from datetime import date

import pytest

from bixie.kit.money import MoneyError
from bixie.law.errors import FactsError
from bixie.law.facts import MAX_ACTS
from bixie.law.parsing import MAX_FACTS_BYTES, parse_facts, read_facts

ON = date(2026, 6, 1)


def act(**values):
    return {"acts": [values]}


def test_nothing_said_is_nothing_known():
    facts = parse_facts({}, ON)
    assert facts.acts is None
    assert facts.age is None


def test_null_is_not_known():
    facts = parse_facts({"acts": None, "person": {"age": None}, "intent": None}, ON)
    assert (facts.acts, facts.age) == (None, None)


def test_no_acts_is_something_said():
    assert parse_facts({"acts": []}, ON).acts == ()


def test_every_key_arrives():
    facts = parse_facts(
        {
            "acts": [
                {"id": "1", "date": "2026-03-10", "amount_obtained": "195.5", "refund_decided_by": "platform"}
            ],
            "person": {"age": 30},
            "place": {"province": "CN-GD", "guangdong_class": 2},
            "mode": {"telecom": "unknown", "threat": False},
            "decision_date": "2026-04-01",
        },
        ON,
    )
    first = facts.acts[0]
    assert (first.index, first.date, first.amount_obtained) == (0, date(2026, 3, 10), 19550)
    assert first.platform_auto_refund is True
    assert (facts.province, facts.guangdong_class, facts.telecom, facts.threat) == ("GD", 2, None, False)
    assert facts.decision_date == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("document", "code", "field"),
    [
        ([], "facts.not_an_object", "facts"),
        ({"fact": 1}, "facts.unknown_key", "fact"),
        ({"acts": {}}, "facts.not_a_list", "acts"),
        ({"acts": [1]}, "facts.not_an_object", "acts[0]"),
        ({"intent": []}, "facts.not_an_object", "intent"),
        ({"intent": {"guilty": True}}, "facts.unknown_key", "intent.guilty"),
        (act(dat="2026-01-01"), "facts.unknown_key", "acts[0].dat"),
        (act(date="2026-02-30"), "facts.not_a_day", "acts[0].date"),
        (act(date=20260301), "facts.not_a_day", "acts[0].date"),
        (act(date="2026-03-01T10:00:00"), "facts.not_a_day", "acts[0].date"),
        (act(date="2026-06-02"), "facts.future_date", "acts[0].date"),
        (act(date="1997-09-30"), "facts.too_early", "acts[0].date"),
        (act(processed="no"), "facts.not_yes_or_no", "acts[0].processed"),
        (act(processed=1), "facts.not_yes_or_no", "acts[0].processed"),
        (act(id=""), "facts.not_a_text", "acts[0].id"),
        (act(id=17.5), "facts.not_a_text", "acts[0].id"),
        (act(id=10**5000), "facts.not_a_text", "acts[0].id"),
        (act(merchant=True), "facts.not_a_text", "acts[0].merchant"),
        (act(id="x" * 201), "facts.not_a_text", "acts[0].id"),
        (act(refund_decided_by="buyer"), "facts.not_one_of", "acts[0].refund_decided_by"),
        (
            act(refund_decided_by="merchant", platform_auto_refund=True),
            "facts.contradiction",
            "acts[0].refund_decided_by",
        ),
        (act(discovered=False, discovered_date="2026-01-01"), "facts.contradiction", "acts[0].discovered"),
        (act(date="2026-03-02", known_date="2026-03-01"), "facts.before_the_act", "acts[0].known_date"),
        (
            act(amount_obtained=2, amount_attempted=1),
            "facts.attempt_below_obtained",
            "acts[0].amount_attempted",
        ),
        ({"person": {"age": 131}}, "facts.not_an_age", "person.age"),
        ({"person": {"age": -1}}, "facts.not_an_age", "person.age"),
        ({"person": {"age": 17.5}}, "facts.not_an_age", "person.age"),
        ({"place": {"province": "HU"}}, "facts.unknown_province", "place.province"),
        ({"place": {"province": "湖南"}}, "facts.unknown_province", "place.province"),
        ({"place": {"province": 43}}, "facts.unknown_province", "place.province"),
        ({"place": {"province": "HK"}}, "facts.other_law", "place.province"),
        ({"place": {"province": "GD", "guangdong_class": 3}}, "facts.not_one_of", "place.guangdong_class"),
        ({"place": {"guangdong_class": 1}}, "facts.class_without_guangdong", "place.guangdong_class"),
        ({"mode": {"telecom": True}}, "facts.not_one_of", "mode.telecom"),
        ({"intent": {"prior_penalty_date": "2027-01-01"}}, "facts.future_date", "intent.prior_penalty_date"),
        ({**act(date="2026-03-02"), "decision_date": "2026-03-01"}, "facts.before_the_act", "decision_date"),
    ],
)
def test_what_is_wrong_is_refused_by_the_name_of_its_key(document, code, field):
    with pytest.raises(FactsError) as refused:
        parse_facts(document, ON)
    assert (refused.value.code, refused.value.values["field"]) == (code, field)
    assert field in refused.value.text.zh
    assert field in refused.value.text.en


def test_an_amount_is_refused_by_the_name_of_its_key():
    with pytest.raises(MoneyError) as refused:
        parse_facts(act(amount_obtained="-3"), ON)
    assert refused.value.values["field"] == "acts[0].amount_obtained"


def test_one_act_written_twice_is_refused():
    one = {"date": "2026-03-01", "amount_obtained": 100, "merchant": "m"}
    with pytest.raises(FactsError) as refused:
        parse_facts({"acts": [one, {"date": "2026-03-02"}, dict(one)]}, ON)
    assert refused.value.code == "facts.overlapping_acts"
    assert refused.value.values == {"field": "acts[2]", "other": "acts[0]"}


def test_two_orders_of_one_day_are_told_apart_by_their_id():
    one = {"date": "2026-03-01", "amount_obtained": 100}
    facts = parse_facts({"acts": [{**one, "id": "A1"}, {**one, "id": "A2"}]}, ON)
    assert len(facts.acts) == 2


def test_a_number_may_name_an_order():
    assert parse_facts(act(id=6912345678901234567), ON).acts[0].id == "6912345678901234567"


def test_the_same_id_twice_is_refused():
    with pytest.raises(FactsError, match="overlapping_acts"):
        parse_facts({"acts": [{"id": "A1"}, {"id": "A1", "date": "2026-03-01"}]}, ON)


def test_ten_thousand_acts_are_refused_with_their_number():
    with pytest.raises(FactsError) as refused:
        parse_facts({"acts": [{}] * 10_000}, ON)
    assert refused.value.code == "facts.too_many_acts"
    assert refused.value.values == {"field": "acts", "count": 10_000, "limit": MAX_ACTS}


def written(tmp_path, data):
    path = tmp_path / "facts.json"
    path.write_bytes(data)
    return str(path)


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path):
    data = json.dumps({"person": {"age": 30}}).encode("utf-8-sig")
    assert read_facts(written(tmp_path, data), ON).age == 30


def test_amounts_in_a_file_are_exact(tmp_path):
    path = written(tmp_path, b'{"acts": [{"amount_obtained": 0.29}, {"amount_obtained": 100000000.01}]}')
    assert [one.amount_obtained for one in read_facts(path, ON).acts] == [29, 10_000_000_001]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "facts.not_json"),
        (b"{", "facts.not_json"),
        (b"\xff\xfe{", "facts.not_json"),
        (b"[" * 100_000, "facts.not_json"),
        (b'{"acts": [], "acts": []}', "facts.duplicate_key"),
        (b" " * (MAX_FACTS_BYTES + 1), "facts.too_large"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, data, code):
    with pytest.raises(FactsError) as refused:
        read_facts(written(tmp_path, data), ON)
    assert refused.value.code == code


def test_a_number_that_json_does_not_have_is_refused(tmp_path):
    with pytest.raises(MoneyError, match="not_an_amount"):
        read_facts(written(tmp_path, b'{"acts": [{"amount_obtained": NaN}]}'), ON)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FactsError, match="unreadable"):
        read_facts(str(tmp_path / "none.json"), ON)


def test_a_key_that_stands_twice_among_very_many_is_found_in_one_pass(tmp_path):
    keys = ",".join(f'"k{number}": 0' for number in range(60_000))
    with pytest.raises(FactsError) as refused:
        read_facts(written(tmp_path, f'{{{keys}, "k59998": 1}}'.encode()), ON)
    assert refused.value.code == "facts.duplicate_key"


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_lines_of_remarks_end_as_any_editor_ends_them(tmp_path, end):
    path = written(tmp_path, end.join([b"// when?", b'{"acts": [', b"  // none", b"]}"]))
    assert read_facts(path, ON).acts == ()
