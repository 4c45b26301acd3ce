"""What a finding does to a verdict: the table of the examination contract."""

import pytest
from tests.unit.examiners.fakes import PixelExaminer, finding

from bixie.examiners import effects
from bixie.examiners.effects import declared_effects, effect_of
from bixie.examiners.presentation import Effect, Presentation
from bixie.examiners.registry import own_examiners, presentation_of
from bixie.examiners.results import Grade

CONCLUSIVE = Grade.CONCLUSIVE
REFUTES, SUSPECT, SUPPORTS, BY_WEIGHT, NONE = (
    Effect.REFUTES, Effect.SUSPECT, Effect.SUPPORTS, Effect.BY_WEIGHT, Effect.NONE,
)  # fmt: skip

CONTRACT = {
    "derivation": {
        "derivation.known_picture_edited": REFUTES,
        "derivation.known_picture_annotated": NONE,
        "derivation.known_picture_unchanged": NONE,
        "derivation.same_product_seen": NONE,
        "derivation.direction_unknown": BY_WEIGHT,
    },
    "credentials": {
        "credentials.generated": REFUTES,
        "credentials.ai_edited": SUSPECT,
        "credentials.broken": BY_WEIGHT,
        "credentials.present": NONE,
        "credentials.camera_capture": SUPPORTS,
    },
    "camera": {"camera.*": NONE},
    "label": {
        "label.aigc.compliant": SUSPECT,
        "label.aigc.noncompliant": SUSPECT,
        "label.aigc.*": NONE,
        "label.iptc.*": SUSPECT,
        "label.generator.*": SUSPECT,
        "label.visible": SUSPECT,
        "label.removed.*": BY_WEIGHT,
        "label.source.*": NONE,
        "label.software.*": NONE,
    },
    "no folder yet": {
        "reuse.other_claim": REFUTES,
        "reuse.later_claim": NONE,
        "capture.challenge_passed": SUPPORTS,
        "visit.agrees": SUPPORTS,
    },
}
"""The table of the examination contract (docs/reference/report.md), by who declares each row."""

EFFECT_OF_A_FACT = {
    "derivation.known_picture_edited": REFUTES,
    "reuse.other_claim": REFUTES,
    "credentials.generated": REFUTES,
    "derivation.known_picture_annotated": NONE,
    "derivation.known_picture_unchanged": NONE,
    "derivation.same_product_seen": NONE,
    "derivation.direction_unknown": NONE,
    "reuse.later_claim": NONE,
    "credentials.ai_edited": SUSPECT,
    "label.aigc.compliant": SUSPECT,
    "label.aigc.noncompliant": SUSPECT,
    "label.iptc.composite": SUSPECT,
    "label.generator.some.tool": SUSPECT,
    "label.visible": SUSPECT,
    "label.aigc.possible": NONE,
    "label.aigc.suspected": NONE,
    "label.aigc.inconclusive": NONE,
    "label.source.composite": NONE,
    "label.software.editor": NONE,
    "label.removed.strip": NONE,
    "credentials.present": NONE,
    "credentials.broken": NONE,
    "camera.thumbnail_differs": NONE,
    "credentials.camera_capture": SUPPORTS,
    "capture.challenge_passed": SUPPORTS,
    "visit.agrees": SUPPORTS,
}


def test_the_installed_examiners_declare_exactly_the_table_of_the_contract():
    declared = {one.name: dict(presentation_of(one).effects) for one in own_examiners()}
    assert declared == {name: rows for name, rows in CONTRACT.items() if name != "no folder yet"}
    assert declared_effects() == {code: effect for rows in CONTRACT.values() for code, effect in rows.items()}


@pytest.mark.parametrize("name", [one.name for one in own_examiners()])
def test_an_examiner_declares_codes_of_its_own_only(name):
    assert all(code.startswith(f"{name}.") for code in CONTRACT[name])


def test_two_examiners_that_declare_one_code_are_a_defect(monkeypatch):
    twice = Presentation(Presentation.unnamed("x").words, effects={"reuse.other_claim": NONE})
    monkeypatch.setattr(effects, "own_examiners", lambda: (PixelExaminer(presentation=twice),))
    with pytest.raises(ValueError, match=r"reuse\.other_claim"):
        declared_effects.__wrapped__()


@pytest.mark.parametrize(("code", "effect"), EFFECT_OF_A_FACT.items())
def test_a_conclusive_fact_has_the_effect_of_the_contract(code, effect):
    assert effect_of(finding(code, CONCLUSIVE)) is effect


@pytest.mark.parametrize(
    "code",
    [
        "derivation.direction_unknown",
        "label.removed.strip",
        "credentials.broken",
        "credentials.generated",
        "other.package",
    ],
)
def test_statistical_findings_count_by_weight(code):
    assert effect_of(finding(code, Grade.STATISTICAL)) is Effect.BY_WEIGHT


@pytest.mark.parametrize("code", sorted(declared_effects()))
def test_an_informative_finding_never_moves_anything(code):
    assert effect_of(finding(code.replace("*", "x"), Grade.INFORMATIVE)) is Effect.NONE


def test_a_refuting_code_said_statistically_only_counts_by_weight():
    assert effect_of(finding("derivation.known_picture_edited", Grade.STATISTICAL)) is Effect.BY_WEIGHT


@pytest.mark.parametrize("code", ["plugin.anything", "plugin", "deriv.known_picture_edited", "label.iptc"])
def test_a_conclusive_code_that_the_table_does_not_name_moves_nothing(code):
    assert effect_of(finding(code, CONCLUSIVE)) is Effect.NONE


def test_a_neutral_row_holds_for_statistical_findings_too():
    assert effect_of(finding("label.software.editor", Grade.STATISTICAL)) is Effect.NONE
