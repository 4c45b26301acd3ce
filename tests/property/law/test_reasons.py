"""Every result says why, in both languages, and nothing whose time has passed stands open."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.law.matters import ON, matters

from bixie.law import assess, assessment_document, catalogue_of_law, parse_facts
from bixie.law.reasons import FACTS
from bixie.law.schemas import facts_schema

RULES = {rule.id for rule in catalogue_of_law().rules.values() if rule.assess}
GROUPS = {
    name: facts_schema()["$defs"][part]["properties"]
    for name, part in {
        "acts": "ActEntry",
        "intent": "Intent",
        "person": "Person",
        "mode": "Mode",
        "afterwards": "Afterwards",
    }.items()
}


def documents(facts):
    return assessment_document(assess(parse_facts(facts, ON), ON))


def test_the_facts_that_reasons_name_are_keys_of_the_facts():
    for fact in FACTS.values():
        group, _, key = fact.partition(".")
        assert group in GROUPS
        assert not key or key in GROUPS[group]


@settings(max_examples=60, deadline=None)
@given(matters(), st.sampled_from(["as drawn", "no acts", "unknown acts"]))
def test_every_entry_says_why_in_both_languages(facts, acts):
    facts = copy.deepcopy(facts)
    if acts != "as drawn":
        facts["acts"] = [] if acts == "no acts" else None
    found = documents(facts)["qualifications"]
    assert {one["rule"] for one in found} == RULES
    for one in found:
        assert one["because"], one["rule"]
        for reason in one["because"]:
            assert reason["zh"]
            assert reason["en"]
            assert one["rule"] not in reason["zh"]
        met = {reason["met"] for reason in one["because"]}
        # What decides is of the kind that the status says.
        expected = {"not_met": {False}, "expired": {False}, "possible": {True}, "alternative": {True}}
        if one["status"] in expected:
            assert met == expected[one["status"]], one["rule"]
        else:
            assert None in met, one["rule"]


@settings(max_examples=60, deadline=None)
@given(matters())
def test_no_limit_that_has_passed_stands_open(facts):
    found = documents(facts)
    today = ON.isoformat()
    for one in found["qualifications"]:
        states = {limit["state"] for limit in one["time_limits"]}
        if one["status"] in {"possible", "alternative"} and states:
            assert states & {"running", "stopped"}, one["rule"]
        if states == {"passed"}:
            assert one["status"] in {"expired", "not_met"}, one["rule"]
    for limit in (limit for one in found["qualifications"] for limit in one["time_limits"]):
        assert limit["state"] != "running" or limit["until"] >= today
        assert limit["state"] != "passed" or limit["until"] is None or limit["until"] < today
    for deadline in found["deadlines"]:
        assert deadline["until"] >= today
    for step in found["steps"]:
        states = {limit["state"] for limit in step["time_limits"]}
        if states == {"passed"}:
            assert step["status"] == "expired", step["id"]
