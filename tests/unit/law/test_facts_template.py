"""The empty form of facts: every key with its question, and read back as facts that say nothing."""

import json
from datetime import date

import pytest

from bixie.law import FactsError, assess, parse_facts, read_facts
from bixie.law.facts_template import QUESTIONED, facts_template

ON = date(2026, 6, 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_key_has_a_question_above_it(language):
    lines = facts_template(language).splitlines()
    for model in QUESTIONED.values():
        for key in model.model_fields.keys() - {"platform_auto_refund"}:
            at = next(number for number, line in enumerate(lines) if line.strip().startswith(f'"{key}"'))
            assert lines[at - 1].strip().startswith("// ")
            assert len(lines[at - 1].strip()) > len("// ")


def test_the_form_is_read_as_facts_that_say_nothing(tmp_path):
    path = tmp_path / "事实.json"
    path.write_text(facts_template("zh"), encoding="utf-8")
    found = assess(read_facts(str(path), ON), ON)
    nothing = assess(parse_facts({"acts": [{}]}, ON), ON)
    assert [one.status for one in found.qualifications] == [one.status for one in nothing.qualifications]


def test_a_form_that_was_filled_in_is_assessed(tmp_path):
    path = tmp_path / "facts.json"
    text = facts_template("zh").replace('"amount_obtained": null', '"amount_obtained": 195')
    text = text.replace('"date": null', '"date": "2026-03-10"').replace('"age": null', '"age": 30')
    path.write_text(text, encoding="utf-8")
    facts = read_facts(str(path), ON)
    assert facts.acts is not None
    assert (facts.acts[0].amount_obtained, facts.age) == (19_500, 30)


def test_only_whole_lines_are_comments(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"acts": [{"id": "// 1"}]}), encoding="utf-8")
    assert read_facts(str(path), ON).acts[0].id == "// 1"
    path.write_text('{"acts": [] // none\n}', encoding="utf-8")
    with pytest.raises(FactsError) as refused:
        read_facts(str(path), ON)
    assert refused.value.code == "facts.not_json"
