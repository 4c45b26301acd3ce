"""How AI labels and marks of programs stand on the page."""

import pytest

from bixie.examiners.label.presentation import row_of_mark, row_of_trace

ENTITY = {"name": "Example Co.", "service": "Example Draw", "source": "list", "as_of": "2026-01-01"}
PRODUCER = {
    "written": "0011…",
    "code": "0011…",
    "uscc": "91110000802100433B",
    "valid": True,
    "entity": ENTITY,
}
LABEL = {
    "grade": "compliant",
    "label": "1",
    "producer": PRODUCER,
    "propagator": None,
    "violations": [],
    "copies": 1,
}


def facts(row):
    return {fact.name.en: fact.value.en for fact in row.facts}


@pytest.mark.parametrize(
    ("code", "data", "topic", "mark"),
    [
        ("label.aigc.compliant", LABEL, "AI mark", True),
        ("label.iptc.ai_system", {}, "AI mark", True),
        ("label.generator.comfyui", {}, "AI mark", True),
        ("label.visible", {}, "AI mark", True),
        ("label.source.known", {}, "Stated source", False),
        ("label.software.editor", {}, "Program", False),
    ],
)
def test_each_mark_gets_its_topic(code, data, topic, mark):
    row = row_of_mark(code, data)
    assert (row.topic.name.en, row.topic.mark) == (topic, mark)


def test_a_trace_of_removal_counts_as_a_mark():
    assert (row_of_trace().topic.name.en, row_of_trace().topic.mark) == ("Mark removed", True)


@pytest.mark.parametrize(
    ("producer", "part"),
    [
        (PRODUCER, "names Example Co. · Example Draw (91110000802100433B); anyone can write"),
        (PRODUCER | {"entity": None}, "not in the list used here; anyone can write"),
        (PRODUCER | {"valid": False}, "malformed"),
        (PRODUCER | {"code": None, "written": "A {curious} name"}, "“A {curious} name”; anyone can write"),
    ],
)
def test_a_label_says_who_is_named_and_that_anyone_can_write_it(producer, part):
    row = row_of_mark("label.aigc.compliant", LABEL | {"producer": producer})
    assert part in facts(row)["Written by"]
    assert "can be forged" in row.brief.en


def test_faults_of_a_label_are_counted():
    faults = [{"clause": "5.2", "what": "copies", "field": ""}] * 2
    noncompliant = LABEL | {"grade": "noncompliant", "violations": faults, "copies": 2}
    said = facts(row_of_mark("label.aigc.noncompliant", noncompliant))
    assert (said["Form"], said["Copies"]) == ("not as GB 45438-2025 requires, points: 2", "2")
    assert facts(row_of_mark("label.aigc.compliant", LABEL))["Form"] == "as GB 45438-2025 requires"


@pytest.mark.parametrize("kind", ["compliant", "noncompliant", "possible", "suspected", "inconclusive"])
def test_every_label_has_a_short_sentence(kind):
    brief = row_of_mark(f"label.aigc.{kind}", LABEL).brief
    assert brief.en
    assert brief.zh
