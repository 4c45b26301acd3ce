"""What a finding does to a verdict: the table of the examination contract."""

import pytest
from tests.unit.examiners.fakes import finding

from bixie.examiners.effects import EFFECTS, Effect, effect_of
from bixie.examiners.results import Grade

CONCLUSIVE = Grade.CONCLUSIVE


@pytest.mark.parametrize(
    ("code", "effect"),
    [
        ("derivation.known_picture_edited", Effect.REFUTES),
        ("reuse.other_claim", Effect.REFUTES),
        ("credentials.generated", Effect.REFUTES),
        ("derivation.known_picture_unchanged", Effect.NONE),
        ("credentials.ai_edited", Effect.SUSPECT),
        ("label.aigc.compliant", Effect.SUSPECT),
        ("label.aigc.noncompliant", Effect.SUSPECT),
        ("label.iptc.composite", Effect.SUSPECT),
        ("label.generator.some.tool", Effect.SUSPECT),
        ("label.visible", Effect.SUSPECT),
        ("label.aigc.possible", Effect.NONE),
        ("label.aigc.suspected", Effect.NONE),
        ("label.source.composite", Effect.NONE),
        ("label.software.editor", Effect.NONE),
        ("credentials.present", Effect.NONE),
        ("camera.thumbnail_differs", Effect.NONE),
        ("credentials.camera_capture", Effect.SUPPORTS),
        ("capture.challenge_passed", Effect.SUPPORTS),
        ("visit.agrees", Effect.SUPPORTS),
    ],
)
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


@pytest.mark.parametrize("code", sorted(EFFECTS))
def test_an_informative_finding_never_moves_anything(code):
    assert effect_of(finding(code.replace("*", "x"), Grade.INFORMATIVE)) is Effect.NONE


def test_a_refuting_code_said_statistically_only_counts_by_weight():
    assert effect_of(finding("derivation.known_picture_edited", Grade.STATISTICAL)) is Effect.BY_WEIGHT


@pytest.mark.parametrize("code", ["plugin.anything", "plugin", "deriv.known_picture_edited", "label.iptc"])
def test_a_conclusive_code_that_the_table_does_not_name_moves_nothing(code):
    assert effect_of(finding(code, CONCLUSIVE)) is Effect.NONE


def test_a_neutral_row_holds_for_statistical_findings_too():
    assert effect_of(finding("label.software.editor", Grade.STATISTICAL)) is Effect.NONE
