"""Every worked case of the law, and that each says what it is: a possible qualification, never a finding."""

from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

from bixie.law import assess, assessment_document, parse_facts
from bixie.law.schemas import assessment_schema, facts_schema

CASES = yaml.safe_load((Path(__file__).parents[1] / "fixtures" / "law" / "cases.yaml").read_text("utf-8"))
CRIMES = ("CRIM-266", "CRIM-ATT-5", "CRIM-274")


@pytest.fixture(params=CASES, ids=[case["name"] for case in CASES])
def case(request):
    return request.param


def assessed(case):
    return assess(parse_facts(case["facts"], case["day"]), case["day"])


def test_the_case_says_what_it_must(case):
    found = assessed(case)
    for rule, expected in case["rules"].items():
        status, _, tier = expected.partition(" ")
        one = found.of(rule)
        assert one.status == status, rule
        if tier:
            assert one.tier == tier, rule
    for rule, questions in case.get("asks", {}).items():
        assert set(questions) <= set(found.of(rule).questions), rule
    for name, attribute in (("basis", "basis"), ("confidence", "confidence")):
        for rule, value in case.get(name, {}).items():
            assert getattr(found.of(rule), attribute) == value
    for rule, indices in case.get("acts", {}).items():
        assert list(found.of(rule).acts) == indices


def test_the_case_raises_its_flags(case):
    found = assessed(case)
    raised = {flag.id for flag in found.flags}
    assert set(case.get("flags", ())) <= raised
    assert not set(case.get("no_flags", ())) & raised
    for name, until in case.get("deadlines", {}).items():
        assert date.fromisoformat(str(until)) in [item.until for item in found.deadlines if item.id == name]


def test_no_other_crime_is_suggested(case):
    found = assessed(case)
    named = {*case["rules"], *case.get("others_criminal", ())}
    assert [rule for rule in CRIMES if rule not in named and found.of(rule).is_open] == []


def test_the_documents_are_as_published(case):
    jsonschema.Draft202012Validator(facts_schema()).validate(case["facts"])
    document = assessment_document(assessed(case))
    jsonschema.Draft202012Validator(assessment_schema()).validate(document)
    for one in document["qualifications"]:
        assert "This is a possible qualification for human review, not a finding." in one["explain"]["en"]
        assert "以上是可能的定性，供人工复核，不是认定结论。" in one["explain"]["zh"]
        assert one["law"]["en"] in one["explain"]["en"]


def test_the_cases_cover_the_list():
    numbers = {case["name"].split()[0] for case in CASES}
    assert {*map(str, range(1, 13)), *"abcdefg"} <= numbers
