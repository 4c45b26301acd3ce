"""From findings to verdicts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.examiners.fakes import finding

from bixie.examiners.fusion import MAX_BITS, SUSPECT_THRESHOLD_BITS, fuse_claim, fuse_exhibit
from bixie.examiners.results import ExhibitResult, Grade, Verdict

EDITED = finding("derivation.known_picture_edited", Grade.CONCLUSIVE, 20.0)
AI_EDITED = finding("credentials.ai_edited", Grade.CONCLUSIVE, 4.0)
CAPTURED = finding("credentials.camera_capture", Grade.CONCLUSIVE, -12.0)
UNCHANGED = finding("derivation.known_picture_unchanged", Grade.CONCLUSIVE, 0.0)


def exhibit(verdict, score_bits=0.0):
    return ExhibitResult("a.jpg", "0" * 64, "image/jpeg", 4, 3, verdict, score_bits)


def test_nothing_found_is_inconclusive_with_a_score_of_zero():
    assert fuse_exhibit([]) == (Verdict.INCONCLUSIVE, 0.0)


def test_a_refuting_fact_outweighs_proof_of_capture():
    assert fuse_exhibit([CAPTURED, EDITED])[0] is Verdict.REFUTED


def test_proof_of_capture_supports_unless_something_refutes():
    assert fuse_exhibit([CAPTURED, AI_EDITED])[0] is Verdict.SUPPORTED


def test_an_ai_tool_that_touched_the_file_is_suspect():
    assert fuse_exhibit([AI_EDITED])[0] is Verdict.SUSPECT


def test_the_known_picture_itself_is_inconclusive():
    assert fuse_exhibit([UNCHANGED]) == (Verdict.INCONCLUSIVE, 0.0)


@pytest.mark.parametrize(
    ("bits", "verdict"),
    [
        (SUSPECT_THRESHOLD_BITS, Verdict.SUSPECT),
        (SUSPECT_THRESHOLD_BITS - 0.1, Verdict.INCONCLUSIVE),
        (-30.0, Verdict.INCONCLUSIVE),
    ],
)
def test_statistical_evidence_is_suspect_from_the_threshold(bits, verdict):
    assert fuse_exhibit([finding(strength_bits=bits)]) == (verdict, bits)


def test_weights_of_different_codes_add_up():
    half = SUSPECT_THRESHOLD_BITS / 2
    assert fuse_exhibit([finding("a.a", strength_bits=half), finding("b.b", strength_bits=half)])[0] is (
        Verdict.SUSPECT
    )


def test_one_fact_seen_in_several_known_pictures_counts_once():
    half = SUSPECT_THRESHOLD_BITS / 2
    many = [finding("a.a", strength_bits=half, known=f"{number}.jpg") for number in range(9)]
    assert fuse_exhibit(many) == (Verdict.INCONCLUSIVE, half)


def test_an_informative_finding_does_not_change_the_score():
    assert fuse_exhibit([finding(grade=Grade.INFORMATIVE, strength_bits=50.0)]) == (Verdict.INCONCLUSIVE, 0.0)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(-1e300, 1e300))))
def test_the_score_is_finite_and_bounded_whatever_the_strengths(parts):
    _, score = fuse_exhibit(finding(f"x.{code}", strength_bits=bits) for code, bits in parts)
    assert math.isfinite(score)
    assert -MAX_BITS <= score <= MAX_BITS


@pytest.mark.parametrize(
    ("verdicts", "claim"),
    [
        (["inconclusive", "refuted", "suspect"], "refuted"),
        (["supported", "suspect"], "suspect"),
        (["supported", "inconclusive", "unreadable"], "supported"),
        (["inconclusive", "unreadable"], "inconclusive"),
        (["unreadable"], "inconclusive"),
    ],
)
def test_the_claim_takes_the_gravest_verdict_first(verdicts, claim):
    assert fuse_claim([exhibit(Verdict(verdict)) for verdict in verdicts])[0] is Verdict(claim)


def test_the_claim_scores_as_its_highest_readable_exhibit():
    exhibits = [
        exhibit(Verdict.INCONCLUSIVE, -2.0),
        exhibit(Verdict.SUSPECT, 6.5),
        exhibit(Verdict.UNREADABLE, None),
    ]
    assert fuse_claim(exhibits)[1] == 6.5


def test_a_claim_without_a_readable_exhibit_has_no_score():
    assert fuse_claim([exhibit(Verdict.UNREADABLE, None)]) == (Verdict.INCONCLUSIVE, None)
