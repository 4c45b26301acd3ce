"""A verdict in plain words."""

from dataclasses import replace

import pytest
from tests import made_up

from bixie.examiners.results import Grade, Verdict
from bixie.report.wording import (
    claim_headline,
    deciding_finding,
    headline,
    meaning,
    verdict_name,
    weight_in_words,
)

UNCHANGED = made_up.edited(
    code="derivation.known_picture_unchanged", strength_bits=0.0, regions=(), mask=None
)
SAME_PRODUCT = made_up.edited(
    code="derivation.same_product_seen", grade=Grade.INFORMATIVE, strength_bits=0.0, regions=(), mask=None
)


def inconclusive(*findings):
    return made_up.exhibit(verdict=Verdict.INCONCLUSIVE, findings=findings)


@pytest.mark.parametrize(
    ("exhibit", "en", "zh"),
    [
        (made_up.exhibit(), "made from your own picture", "用您提供的图片改出来的"),
        (inconclusive(UNCHANGED), "your own picture, unchanged", "没有改动"),
        (inconclusive(made_up.annotated()), "marks drawn on it", "标注"),
        (inconclusive(SAME_PRODUCT), "have something in common", "有相同的东西"),
        (inconclusive(made_up.by_weight(2.0)), "probably the same shot", "同一次拍摄"),
        (inconclusive(), "Nothing found that settles", "没有找到能下结论"),
        (
            made_up.exhibit(verdict=Verdict.SUSPECT, findings=(made_up.by_weight(7.0),)),
            "same shot",
            "同一次拍摄",
        ),
        (made_up.unreadable(), "could not be examined", "没能检验"),
    ],
)
def test_one_file_is_described_by_what_decides_it(exhibit, en, zh):
    assert en in headline(exhibit).en
    assert zh in headline(exhibit).zh


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_name_a_sentence_and_a_meaning(verdict):
    exhibit = made_up.exhibit(verdict=verdict, findings=())
    for text in (verdict_name(verdict), headline(exhibit), meaning(exhibit)):
        assert text.en
        assert text.zh


def test_an_edit_outranks_an_annotation_beside_it():
    exhibit = made_up.exhibit(findings=(made_up.annotated(), made_up.edited()))
    assert deciding_finding(exhibit).code == "derivation.known_picture_edited"


def test_where_nothing_decides_the_most_telling_finding_is_named():
    assert deciding_finding(inconclusive(SAME_PRODUCT, UNCHANGED)) is not SAME_PRODUCT


def test_a_claim_of_one_file_is_described_by_that_file():
    exhibit = made_up.exhibit()
    assert claim_headline(made_up.claim(exhibit)) == headline(exhibit)


@pytest.mark.parametrize(
    ("exhibits", "en"),
    [
        ((made_up.exhibit(), made_up.honest()), "Of 2 files, one was made from your own picture"),
        (
            (made_up.exhibit(), made_up.exhibit("b.jpg"), made_up.honest()),
            "Of 3 files, 2 were made from your own pictures",
        ),
        (
            (
                made_up.exhibit(),
                made_up.exhibit(findings=(made_up.edited(code="reuse.other_claim"),)),
            ),
            "Of 2 files, plain facts speak against 2",
        ),
        ((made_up.honest(), made_up.honest()), "In 2 files, nothing was found that settles the matter"),
        ((made_up.unreadable(), made_up.unreadable()), "None of the 2 files could be examined"),
        (
            (made_up.exhibit(verdict=Verdict.SUSPECT, findings=(made_up.by_weight(7.0),)), made_up.honest()),
            "Of 2 files, one needs a second look",
        ),
    ],
)
def test_a_claim_of_several_files_counts_what_decides_it(exhibits, en):
    assert claim_headline(made_up.claim(*exhibits)).en == en


@pytest.mark.parametrize(
    ("finding", "en"),
    [
        (made_up.edited(), "You can check this yourself"),
        (made_up.annotated(), "It moves nothing"),
        (made_up.by_weight(0.4), "Says next to nothing"),
        (made_up.by_weight(2.0), "Weak clue against a plain photo: about 4 times"),
        (made_up.by_weight(4.0), "Moderate clue against a plain photo: about 16 times"),
        (made_up.by_weight(-7.0), "Strong clue for a plain photo: about 130 times"),
        (made_up.by_weight(11.0), "Very strong clue against a plain photo: about 2,000 times"),
    ],
)
def test_the_weight_of_a_finding_is_said_in_words(finding, en):
    assert weight_in_words(finding).en.startswith(en)


def test_both_languages_of_a_weight_name_the_same_odds():
    text = weight_in_words(replace(made_up.by_weight(8.0)))
    assert "260" in text.en
    assert "260" in text.zh
