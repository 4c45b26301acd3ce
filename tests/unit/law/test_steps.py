"""What can be done now: in order, with last days, and nothing whose time has passed shown as open."""

from datetime import date

from bixie.law import assess, parse_facts
from bixie.law.explanation import explain

ACT = {"date": "2026-03-10", "amount_obtained": 195, "processed": False, "refund_decided_by": "platform"}
FACTS = {
    "acts": [ACT],
    "intent": {"fabricated_evidence": True, "goods_kept": True},
    "person": {"age": 30},
    "place": {"province": "GD", "guangdong_class": 1},
    "mode": {"telecom": "no"},
}


def steps(facts, on):
    return {step.entry.id: step for step in explain(assess(parse_facts(facts, on), on)).steps}


def limits(step):
    return {limit.id: (limit.state, limit.until) for limit in step.limits}


def test_the_steps_come_in_the_order_of_the_catalogue_with_their_last_days():
    found = steps(FACTS, date(2026, 4, 1))
    assert list(found) == ["STEP-RECORDS", "STEP-APPEAL", "STEP-CIVIL", "STEP-REGULATOR", "STEP-POLICE"]
    assert limits(found["STEP-RECORDS"]) == {"PLAT-62": ("running", date(2029, 3, 10))}
    assert limits(found["STEP-CIVIL"]) == {"CIV-188": ("running", date(2029, 3, 10))}
    police = {"LAB-9": ("running", date(2026, 9, 10)), "PSAPL-25": ("running", date(2026, 9, 10))}
    assert limits(found["STEP-POLICE"]) == police
    assert {step.status for step in found.values()} == {"possible"}


def test_a_limit_that_has_passed_stands_at_the_step_and_asks_what_would_help():
    police = steps(FACTS, date(2026, 11, 22))["STEP-POLICE"]
    assert police.status == "depends"
    assert limits(police) == {"PSAPL-25": ("unless_discovered", date(2026, 9, 10))}
    assert police.questions == ("discovered",)


def test_a_step_is_over_once_its_limits_have_passed():
    undiscovered = {**FACTS, "acts": [{**ACT, "discovered": False}]}
    police = steps(undiscovered, date(2026, 11, 22))["STEP-POLICE"]
    assert police.status == "expired"
    assert limits(police) == {"PSAPL-25": ("passed", date(2026, 9, 10))}
    assert [rule.id for rule in police.rules] == ["PSAPL-58"]


def test_a_stricter_reading_opens_nothing_beside_the_usual_one():
    open_reading = {**FACTS, "mode": {"telecom": "unknown"}}
    police = steps(open_reading, date(2026, 11, 22))["STEP-POLICE"]
    assert police.status == "depends"
    assert [rule.id for rule in police.rules] == ["PSAPL-58"]
    undiscovered = {**open_reading, "acts": [{**ACT, "discovered": False}]}
    assert steps(undiscovered, date(2026, 11, 22))["STEP-POLICE"].status == "expired"


def test_two_limits_of_one_step_are_both_named():
    agreed = {**FACTS, "acts": [{**ACT, "refund_decided_by": "merchant"}]}
    civil = steps(agreed, date(2027, 6, 1))["STEP-CIVIL"]
    assert civil.status == "possible"
    assert limits(civil) == {
        "CIV-152": ("from_knowledge", date(2027, 3, 10)),
        "CIV-188": ("running", date(2029, 3, 10)),
    }


def test_a_prosecution_that_has_passed_for_the_lower_tier_is_counted_for_the_higher():
    unknown = {**FACTS, "acts": [{"date": "2021-05-31", "processed": False}], "place": {}}
    on = date(2026, 6, 1)  # five years have passed, the fifteen of a huge amount have not
    found = assess(parse_facts(unknown, on), on)
    assert found.of("CRIM-266").is_open
    assert [one.until for one in found.deadlines if one.id == "CRIM-87"] == [date(2036, 5, 31)]
    assert limits(steps(unknown, on)["STEP-POLICE"])["CRIM-87"] == ("running", date(2036, 5, 31))


def test_a_buyer_whose_evidence_is_true_is_left_in_peace():
    assert steps({**FACTS, "intent": {"fabricated_evidence": False}}, date(2026, 4, 1)) == {}


def test_what_is_not_known_is_asked_before_the_police():
    police = steps({**FACTS, "intent": {}}, date(2026, 4, 1))["STEP-POLICE"]
    assert police.status == "depends"
    assert police.questions == ("fabricated_evidence",)
