"""What comes out of an examiner is checked before a report carries it."""

import numpy as np
import pytest
from tests.unit.examiners.fakes import SENTENCE, finding

from bixie.examiners.presentation import Fact, Row, Topic
from bixie.examiners.results import Annotation, Comparison, FileError, NotApplicable
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


PICTURE, COVERED = np.zeros((2, 3, 3), np.uint8), np.ones((2, 3), bool)
MORE_THAN_A_REPORT_CARRIES = {
    "rank is text": finding(row=Row(Topic(SENTENCE, rank="z"))),
    "rank is None": finding(row=Row(Topic(SENTENCE, rank=None))),
    "unknown sign": finding(row=Row(Topic(SENTENCE, sign="star"))),
    "mark is no bool": finding(row=Row(Topic(SENTENCE, mark=np.ones(2)))),
    "facts are None": finding(row=Row(facts=None)),
    "brief in numbers": finding(row=Row(brief=Text(en=5, zh=6))),
    "explain is a str": finding(explain="x"),
    "examiner is no name": finding(examiner=5),
    "examiner is empty": finding(examiner=""),
    "code is no text": finding(code=5),
    "unknown grade": finding(grade="weird"),
    "known is no path": finding(known=["a.jpg"]),
    "same_shot is an array": finding(same_shot=np.ones(2)),
    "mask is no array": finding(mask=5),
    "annotation is no annotation": finding(annotation=5),
    "huge coordinate": finding(regions=(((10**400, 2), (1, 1), (3, 3)),)),
    "infinite coordinate": finding(regions=(((float("inf"), 2), (1, 1), (3, 3)),)),
    "huge coordinate of a mark": finding(
        annotation=Annotation(np.zeros((2, 2), np.uint8), (((10**400, 2),),))
    ),
    "huge number in data": finding(data={"a": [10**5000]}),
    "huge strength": finding(strength_bits=10**400),
    "data is no dict": finding(data="abc"),
    "comparison is a number": finding(comparison=5),
    "comparison of a grey picture": finding(comparison=Comparison(PICTURE, PICTURE[..., 0], COVERED)),
    "comparison of floats": finding(comparison=Comparison(PICTURE / 2, PICTURE, COVERED)),
    "comparison of other shapes": finding(comparison=Comparison(PICTURE, PICTURE, COVERED.T)),
    "empty comparison": finding(comparison=Comparison(PICTURE[:0], PICTURE[:0], COVERED[:0])),
    "reason is a str": NotApplicable("test", "x"),
    "reason is None": NotApplicable("test", None),
    "reason of a list": NotApplicable(["p"], SENTENCE),
    "reason of nobody": NotApplicable("", SENTENCE),
    "warning without text": FileError("a.b", None),
    "warning in one language": FileError("a.b", Text(en="x", zh="")),
    "warning without code": FileError(5, SENTENCE),
    "warning with an odd code": FileError("Not A Code", SENTENCE),
}


def accepted(output):
    try:
        validated([output])
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def test_whatever_report_and_page_would_fail_on_later_is_refused():
    assert [name for name, wrong in MORE_THAN_A_REPORT_CARRIES.items() if accepted(wrong)] == []


def test_a_comparison_and_a_large_number_are_carried():
    said = finding(comparison=Comparison(PICTURE, PICTURE, COVERED), data={"size_bytes": 2**63})
    (checked,) = validated([said]).findings
    assert checked.comparison is said.comparison
    assert checked.data == {"size_bytes": 2**63}
