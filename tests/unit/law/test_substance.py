"""The catalogue holds what the law says in substance: nothing that is shown passes it off as the wording."""

import importlib.util
import json
from datetime import date
from pathlib import Path

import pytest

from bixie.kit.messages import catalogue
from bixie.law import assess, assessment_document, catalogue_of_law, parse_facts
from bixie.law.assessment_lines import assessment_lines
from bixie.law.citation import name_with_id
from bixie.law.entries import CONFIDENCES
from bixie.law.entry_rendering import entry_document, entry_lines
from bixie.law.rendering import explain_flag, question_text

ON = date(2026, 11, 22)
LAW = catalogue_of_law()
LABEL = {"zh": "要点（不是原文）：", "en": "n substance (not the wording): "}
UNKNOWN = assess(parse_facts({}, ON), ON)
PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "generate_law.py"


def unlabelled(shown, language):
    """Return the rules whose substance is shown without its label, and how many are shown at all."""
    label = LABEL[language]
    texts = {rule.id: rule.text.in_(language) for rule in LAW.rules.values()}
    seen = [name for name, text in texts.items() if text in shown]
    return [name for name in seen if shown.count(texts[name]) != shown.count(label + texts[name])], len(seen)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_entry_labels_its_substance(language):
    shown = "\n".join(line for rule in LAW.rules.values() for line in entry_lines(LAW, rule, ON, language))
    assert unlabelled(shown, language) == ([], len(LAW.rules))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_assessment_labels_the_substance(language):
    open_rules = {one.rule.text.in_(language) for one in UNKNOWN.qualifications if one.is_open}
    assert unlabelled("\n".join(assessment_lines(UNKNOWN, language)), language) == ([], len(open_rules))
    document = json.dumps(assessment_document(UNKNOWN), ensure_ascii=False)
    wrong, shown = unlabelled(document, language)
    assert (wrong, shown >= len(open_rules)) == ([], True)


def test_an_entry_for_programs_carries_the_label():
    document = entry_document(LAW, LAW.rules["CIV-148"], ON)
    assert document["text_label"] == {"zh": "要点（不是原文）", "en": "In substance (not the wording)"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reference_labels_the_substance(language):
    spec = importlib.util.spec_from_file_location("generate_law", PAGE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert unlabelled(module.page(), language) == ([], len(LAW.rules))


def test_no_confidence_speaks_of_the_wording_as_confirmed():
    for key in (
        f"{kind}.{mark.lower()}" for kind in ("confidence", "confidence_name") for mark in CONFIDENCES
    ):
        said = catalogue("bixie.law").text(key)
        assert "已核对原文" not in said.zh
        assert "confirmed in the text" not in said.en.lower()
    assert "要点已与原文" in catalogue("bixie.law").text("confidence.c").zh


def test_an_application_is_no_part_of_the_substance():
    rescission = LAW.rules["CIV-148"]
    assert "商家" not in rescission.text.zh
    assert "商家因虚假图片同意退款" in rescission.note.zh


def test_fraud_leaves_room_for_special_provisions():
    assert LAW.rules["CRIM-266"].text.zh.endswith("本法另有规定的，依照规定。")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_question_is_asked_once(language):
    shown = "\n".join(assessment_lines(UNKNOWN, language))
    names = {name for one in UNKNOWN.qualifications if one.is_open for name in one.questions}
    assert "acts" in names
    assert {shown.count(question_text(name).in_(language)) for name in names} == {1}


def test_an_open_question_is_referred_to_by_its_number():
    lines = assessment_lines(UNKNOWN, "zh")
    assert "  1. 有哪些行为，分别发生在哪一天，金额多少？" in lines
    assert "     先要回答问题 1。" in lines
    assert "  ? 缺少问题 1、2 的答案" in lines


def test_a_question_about_one_of_several_acts_names_the_act():
    acts = [{"date": "2026-03-10", "amount_obtained": 100}, {"amount_obtained": 50}]
    lines = assessment_lines(assess(parse_facts({"acts": acts}, ON), ON), "en")
    assert any(
        line.startswith("  ? Missing: the answer to question") and "(acts 2)" in line for line in lines
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_notes_end_without_codes(language):
    late = {
        "acts": [{"date": "2026-03-10", "amount_obtained": 195}],
        "intent": {"fabricated_evidence": True},
        "person": {"age": 30},
    }
    found = assess(parse_facts(late, ON), ON)
    assert {"PSAPL-11", "time_barred_admin"} <= {flag.id for flag in found.flags}
    lines = assessment_lines(found, language)
    assert {f"  - {explain_flag(flag, LAW).in_(language)}" for flag in found.flags} <= set(lines)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_other_entries_are_named_with_their_codes_behind(language):
    (line,) = [
        line
        for line in entry_lines(LAW, LAW.rules["PSAPL-11"], ON, language)
        if line.startswith(("另见：", "See also: "))
    ]
    names = [name_with_id(LAW.rules[name]).in_(language) for name in ("CIV-987", "PSAPL-58")]
    assert line.endswith(("；" if language == "zh" else "; ").join(names))
