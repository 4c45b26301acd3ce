"""What comes out of an examiner is checked before a report carries it."""

import numpy as np
import pytest
from tests.unit.examiners.fakes import SENTENCE, finding

from bixie.examiners.presentation import Fact, Row, Topic
from bixie.examiners.results import Annotation, FileError, NotApplicable
from bixie.examiners.validation import validated
from bixie.kit.messages import Text


def test_findings_reasons_and_warnings_are_sorted_apart():
    said = validated([finding(), NotApplicable("test", SENTENCE), FileError("test.warning", SENTENCE)])
    assert (len(said.findings), len(said.not_applicable), len(said.warnings)) == (1, 1, 1)


def test_numbers_of_numpy_become_plain_numbers():
    data = {"a": np.float32(0.5), "b": np.arange(2), "c": (np.int64(3), np.bool_(True)), "d": {"e": None}}
    polygon = ((np.float64(1.6), np.int32(2)), (3, 4))
    (checked,) = validated([finding(strength_bits=np.float64(2.0), data=data, regions=(polygon,))]).findings
    assert checked.data == {"a": 0.5, "b": [0, 1], "c": [3, True], "d": {"e": None}}
    assert checked.regions == (((2, 2), (3, 4)),)
    assert type(checked.strength_bits) is float


def test_the_polygons_of_an_annotation_are_rounded_too():
    annotation = Annotation(np.zeros((2, 2), np.uint8), (((0.4, 1.6),),))
    (checked,) = validated([finding(annotation=annotation)]).findings
    assert checked.annotation.regions == (((0, 2),),)


@pytest.mark.parametrize(
    "wrong",
    [
        finding(strength_bits=float("nan")),
        finding(strength_bits=float("inf")),
        finding(strength_bits="strong"),
        finding(code="Not A Code"),
        finding(code="nodot"),
        finding(explain=Text(en="only English", zh="")),
        finding(row=Row(brief=Text(en="only English", zh=""))),
        finding(row=Row(Topic(Text(en="", zh="主题")))),
        finding(row=Row(facts=(Fact(SENTENCE, Text(en="", zh="")),))),
        finding(row=Row(facts=("no fact",))),
        finding(row={"brief": "no row"}),
        finding(data={"x": object()}),
        finding(data={"x": float("nan")}),
        finding(mask=np.zeros((2, 2, 3), np.uint8)),
        finding(mask=np.zeros((2, 2), bool)),
        finding(mask=np.zeros((0, 0), np.uint8)),
        finding(annotation=Annotation(np.zeros((2, 2)), ())),
        finding(regions=((1, 2, 3),)),
        "a sentence",
        None,
    ],
)
def test_what_a_report_cannot_carry_is_refused(wrong):
    with pytest.raises((TypeError, ValueError)):
        validated([wrong])
