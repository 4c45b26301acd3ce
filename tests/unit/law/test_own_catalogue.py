"""A catalogue of one's own: what it lacks is not found, and nothing ends in a `KeyError`."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from tests.sweeps import by_repr, check_each

from bixie.law import assess, assessment_document, catalogue_of_law, load_catalogue, parse_facts

LAW = catalogue_of_law()
ON = date(2026, 6, 1)
CASES = yaml.safe_load((Path(__file__).parents[2] / "fixtures" / "law" / "cases.yaml").read_text("utf-8"))
SERIOUS = {
    "acts": [{"date": "2026-03-10", "amount_obtained": 195, "amount_attempted": 400, "processed": False}],
    "intent": {"fabricated_evidence": True, "label_stripped": True, "prior_penalty_date": "2026-01-10"},
    "person": {"age": 15},
    "mode": {"threat": True},
    "afterwards": {"confession": True, "restitution": True},
}
OWN = """\
as_of: 2026-11-22
disclaimer: {zh: 供人工复核, en: For review}
laws:
  - {id: code, zh: 法, en: Code, from: 2021-01-01, to: null}
sources:
  - {id: book, zh: 书, en: A book, where: shelf}
rules:
  - id: OWN-1
    level: administrative
    law: code
    articles: ["1"]
    from: 2021-01-01
    to: null
    text: {zh: 自定条文, en: A provision of my own}
    flags: [{id: my_flag, when: minor}]
    confidence: C
    sources: [book]
assessments:
  - rule: OWN-1
    acts: [asked]
    when: {any: [fabricated_evidence, not_fraud_crime, not_extortion_crime]}
    tiers: TIERS
    limit: {id: OWN-1, from: act, months: 36}
    outcome: {}
"""


def without(*names):
    return replace(LAW, rules={name: rule for name, rule in LAW.rules.items() if name not in names})


def flags(facts, law, on=ON):
    return {flag.id for flag in assess(parse_facts(facts, on), on, law).flags}


def test_any_rule_may_be_missing():
    def check(name):
        assert assess(parse_facts(SERIOUS, ON), ON, without(name)).qualifications

    check_each(by_repr(sorted(LAW.rules)), check)


def test_the_rules_that_code_once_named_may_all_be_missing():
    law = without("LAB-10", "PSAPL-58", "PSAPL-16", "PSAPL-22", "PSAPL-23", "CIV-987", "CRIM-266")

    def check(case):
        facts = parse_facts(case["facts"], case["day"])
        assert assessment_document(assess(facts, case["day"], law))["qualifications"]

    check_each(((case["name"], case) for case in CASES), check)


def test_the_flag_of_an_entry_goes_with_the_entry():
    assert "evidence_of_intent" in flags(SERIOUS, LAW)
    assert "evidence_of_intent" not in flags(SERIOUS, without("LAB-10"))


@pytest.mark.parametrize("tiers", ["penalty", "fraud", "attempt", "extortion"])
@pytest.mark.parametrize("facts", [{}, {"acts": []}, SERIOUS], ids=["nothing", "no acts", "an act"])
def test_a_catalogue_without_lines_leaves_the_tier_open(tmp_path, tiers, facts):
    (tmp_path / "own.yaml").write_text(OWN.replace("TIERS", tiers), encoding="utf-8")
    found = assess(parse_facts(facts, ON), ON, load_catalogue(tmp_path))
    document = assessment_document(found)
    if facts is SERIOUS:
        assert found.of("OWN-1").is_open
        assert [flag["id"] for flag in document["flags"] if flag["rule"]] == ["my_flag"]
        assert "自定条文" in document["flags"][0]["explain"]["zh"] + document["deadlines"][0]["explain"]["zh"]
