"""Labels are graded strictly, each fault with its clause."""

import pytest
from tests.makers.labels.blocks import aigc, label_json
from tests.unit.examiners.label.fields import field

from bixie.examiners.label.aigc import find_label
from bixie.examiners.label.grading import LabelGrade, grade


def graded(text, copies=1, **where):
    result, violations = grade(find_label(field(text, **where)), copies)
    return result, [(violation.clause, violation.what, violation.field) for violation in violations]


@pytest.mark.parametrize("text", [label_json(), aigc()])
def test_a_label_as_the_standard_wants_it_is_compliant(text):
    assert graded(text) == (LabelGrade.COMPLIANT, [])


E, J = "GB 45438-2025 E", "GB 45438-2025 E j)"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"Label": 1}, (E, "label_value", "Label")),
        ({"ContentProducer": ""}, (E, "missing", "ContentProducer")),
        ({"ProduceID": ""}, (E, "missing", "ProduceID")),
        ({"ReservedCode1": 5}, (E, "not_text", "ReservedCode1")),
        ({"ContentProducer": "Minimax Agent AI"}, (J, "characters", "ContentProducer")),
        ({"ContentProducer": "豆包"}, (J, "characters", "ContentProducer")),
        ({"ProduceID": "a\x07b"}, (J, "characters", "ProduceID")),
    ],
)
def test_each_fault_of_a_field_names_its_clause(changes, fault):
    assert graded(label_json(**changes)) == (LabelGrade.NONCOMPLIANT, [fault])


def test_two_copies_violate_6_1_c():
    assert graded(label_json(), copies=2) == (
        LabelGrade.NONCOMPLIANT,
        [("GB 45438-2025 6.1 c)", "copies", "")],
    )


def test_a_key_without_the_letters_violates_6_1():
    result = graded(label_json(), key="ImageDescription")
    assert result == (LabelGrade.NONCOMPLIANT, [("GB 45438-2025 6.1", "key", "")])


def test_a_label_without_meaning_is_inconclusive_whatever_else_is_wrong():
    result, faults = graded(label_json(Label="AIGC", ProduceID=""))
    assert result is LabelGrade.INCONCLUSIVE
    assert {what for _, what, _ in faults} == {"label_value", "missing"}


@pytest.mark.parametrize("meaning", ["2", "3"])
def test_a_platforms_label_needs_the_platforms_fields_only(meaning):
    platform = {"ContentProducer": "", "ProduceID": "", "ContentPropagator": "p", "PropagateID": "i"}
    assert graded(label_json(Label=meaning, **platform)) == (LabelGrade.COMPLIANT, [])
    assert graded(label_json(Label="1", **platform))[0] is LabelGrade.NONCOMPLIANT
