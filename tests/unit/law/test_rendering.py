"""What is said: citations as lawyers write them, sentences for every id, sources that can be followed."""

from dataclasses import replace
from datetime import date

import pytest

from bixie.kit.messages import catalogue
from bixie.law import assess, assessment_document, catalogue_of_law, parse_facts
from bixie.law.assessment import Deadline, Flag
from bixie.law.citation import cite, rule_name
from bixie.law.conditions import ACT_CONDITIONS, OVERALL_CONDITIONS
from bixie.law.flags import FLAG_CONDITIONS, GENERAL_FLAGS
from bixie.law.loading import catalogue_folder
from bixie.law.reasons import FACTS
from bixie.law.rendering import explain_deadline, explain_flag

ON = date(2026, 6, 1)
LAW = catalogue_of_law()
FLAGS = {*GENERAL_FLAGS, *(flag.id for rule in LAW.rules.values() for flag in rule.flags)}
SAID = catalogue("bixie.law").sentences
FULL = {
    "acts": [{"date": "2026-03-10", "amount_obtained": 12_000, "processed": False}],
    "intent": {"fabricated_evidence": True},
    "person": {"age": 30},
    "place": {"province": "ZJ"},
    "mode": {"telecom": "no"},
}


def document(facts):
    return assessment_document(assess(parse_facts(facts, ON), ON))


def entry(facts, rule):
    return next(one for one in document(facts)["qualifications"] if one["rule"] == rule)


@pytest.mark.parametrize(
    ("articles", "zh", "en"),
    [
        (("58",), "第58条", "art. 58"),
        (("49(2)",), "第49条第2款", "art. 49(2)"),
        (("16(1)(3)",), "第16条第1款第3项", "art. 16(1)(3)"),
        (("287之二",), "第287条之二", "art. 287之二"),
        (("122", "985"), "第122条、第985条", "arts 122, 985"),
    ],
)
def test_articles_are_cited_as_lawyers_write_them(articles, zh, en):
    rule = replace(LAW.rules["PSAPL-58"], articles=articles)
    assert cite(rule).zh == rule.law.name.zh + zh
    assert cite(rule).en == f"{rule.law.name.en}, {en}"


def test_a_law_without_a_known_article_is_cited_alone():
    rule = replace(LAW.rules["PSAPL-58"], articles=())
    assert cite(rule) == rule.law.name


def test_every_assessed_rule_and_limit_has_a_short_name():
    limits = {rule.assess.limit.id for rule in LAW.rules.values() if rule.assess and rule.assess.limit}
    for rule in LAW.rules.values():
        if rule.assess or rule.id in limits:
            assert rule.title is not None, rule.id
            assert rule.title.zh in rule_name(rule).zh
            assert rule.id not in rule_name(rule).en


def test_every_result_leads_back_to_article_date_and_source():
    for one in document(FULL)["qualifications"]:
        assert one["law"]["zh"]
        assert one["sources"]
        assert all(source["where"] for source in one["sources"])
        assert one["law"]["from"] is not None


def test_a_crime_names_the_lines_it_was_measured_by():
    crime = entry(FULL, "CRIM-266")
    assert [line["id"] for line in crime["thresholds"]] == ["FR-ZJ"]
    assert "6,000" in crime["explain"]["en"]
    assert "6,000 元" in crime["explain"]["zh"]
    lines = next(line for line in LAW.thresholds if line.id == "FR-ZJ")
    assert {source["id"] for source in crime["sources"]} >= set(lines.sources)


def test_outcomes_follow_the_tier():
    assert entry(FULL, "CRIM-266")["outcome"] == {
        "imprisonment_years_max": 3,
        "detention_or_control": True,
        "fine": True,
    }
    assert entry(FULL, "PSAPL-58")["outcome"] is None
    small = {**FULL, "acts": [{"date": "2026-03-10", "amount_obtained": 195}]}
    assert entry(small, "PSAPL-58")["outcome"] == {
        "any_of": [{"detention_days": [5, 10]}, {"fine_max": 2000}]
    }


def test_questions_are_asked_in_both_languages():
    questions = entry({**FULL, "person": {}}, "CRIM-266")["questions"]
    assert [question["id"] for question in questions] == ["age"]
    assert all(question["en"] and question["zh"] for question in questions)


def test_every_condition_says_why():
    amounts = {"not_fraud_crime", "not_extortion_crime"}
    for name in {*ACT_CONDITIONS, *OVERALL_CONDITIONS, "in_force", "serious_circumstances"} - amounts:
        assert name in FACTS
        for answer in ("yes", "no"):
            # Without a payment a loss is a question: proven costs may be one.
            assert f"because.{name}.{answer}" in SAID or (name, answer) == ("loss", "no"), name


def test_no_reason_is_left_over():
    names = {key.split(".")[1] for key in SAID if key.startswith("because.") and key.count(".") == 2}
    assert names - {"below", "reached"} <= set(FACTS)


def test_every_flag_and_time_limit_has_its_sentence():
    effects = [rule.assess.effect for rule in LAW.rules.values() if rule.assess and rule.assess.effect]
    for name in (*FLAGS, *effects):
        assert explain_flag(Flag(name, None), LAW).zh
    limits = {rule.assess.limit.id for rule in LAW.rules.values() if rule.assess and rule.assess.limit}
    for name in (*limits, "LAB-9", "CRIM-87"):
        assert explain_deadline(Deadline(name, ON, 0), LAW).zh


def test_no_sentence_is_left_over():
    flags = {f"flag.{name.lower().replace('-', '_')}" for name in FLAGS}
    flags |= {
        f"flag.{rule.assess.effect}" for rule in LAW.rules.values() if rule.assess and rule.assess.effect
    }
    assert {key for key in SAID if key.startswith("flag.")} == flags


def test_a_flag_or_limit_without_a_sentence_is_explained_by_its_rule():
    rule = LAW.rules["LAB-10"]
    assert rule.text.zh in explain_flag(Flag("of_my_own", "LAB-10"), LAW).zh
    assert cite(rule).en in explain_deadline(Deadline("LAB-10", ON, 0), LAW).en


def test_no_condition_of_flags_is_left_over():
    assert {flag.when for rule in LAW.rules.values() for flag in rule.flags} == set(FLAG_CONDITIONS)


def test_no_condition_is_left_over():
    written = catalogue_folder().joinpath("assessments.yaml").read_text(encoding="utf-8")
    for name in (*ACT_CONDITIONS, *OVERALL_CONDITIONS):
        assert name in written
