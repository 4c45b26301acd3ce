"""Which finding does what to an exhibit's verdict: one table, the examination contract in data.

A code that no row names cannot refute or support anything: another package's examiner counts by its
calibrated weight, or informs.
"""

from enum import Enum

from bixie.examiners.results import Finding, Grade

__all__ = ["Effect", "effect_of"]


class Effect(Enum):
    """What a finding does to the verdict of its exhibit."""

    REFUTES = "refutes"
    SUSPECT = "suspect"
    SUPPORTS = "supports"
    BY_WEIGHT = "by weight"
    NONE = "none"


EFFECTS: dict[str, Effect] = {
    "derivation.known_picture_edited": Effect.REFUTES,
    "derivation.known_picture_annotated": Effect.NONE,
    "derivation.known_picture_unchanged": Effect.NONE,
    "derivation.same_product_seen": Effect.NONE,
    "derivation.direction_unknown": Effect.BY_WEIGHT,
    "reuse.other_claim": Effect.REFUTES,
    "reuse.later_claim": Effect.NONE,
    "credentials.generated": Effect.REFUTES,
    "credentials.ai_edited": Effect.SUSPECT,
    "credentials.broken": Effect.BY_WEIGHT,
    "credentials.present": Effect.NONE,
    "credentials.camera_capture": Effect.SUPPORTS,
    "camera.*": Effect.NONE,
    "capture.challenge_passed": Effect.SUPPORTS,
    "visit.agrees": Effect.SUPPORTS,
    "label.aigc.compliant": Effect.SUSPECT,
    "label.aigc.noncompliant": Effect.SUSPECT,
    "label.aigc.*": Effect.NONE,
    "label.iptc.*": Effect.SUSPECT,
    "label.generator.*": Effect.SUSPECT,
    "label.visible": Effect.SUSPECT,
    "label.removed.*": Effect.BY_WEIGHT,
    "label.source.*": Effect.NONE,
    "label.software.*": Effect.NONE,
}
"""By code; ``a.b.*`` stands for everything below ``a.b``. The longest row that fits decides."""

_CONCLUSIVE_ONLY = {Effect.REFUTES, Effect.SUSPECT, Effect.SUPPORTS}


def effect_of(finding: Finding) -> Effect:
    """Return what `finding` does to the verdict.

    A row that settles a verdict holds for conclusive findings only; the same code said statistically
    counts by weight, and an informative finding moves nothing.
    """
    if finding.grade is Grade.INFORMATIVE:
        return Effect.NONE
    effect = _row(finding.code)
    if finding.grade is Grade.STATISTICAL:
        return Effect.NONE if effect is Effect.NONE else Effect.BY_WEIGHT
    return effect if effect in _CONCLUSIVE_ONLY else Effect.NONE


def _row(code: str) -> Effect:
    if code in EFFECTS:
        return EFFECTS[code]
    parts = code.split(".")
    for length in range(len(parts) - 1, 0, -1):
        pattern = ".".join(parts[:length]) + ".*"
        if pattern in EFFECTS:
            return EFFECTS[pattern]
    return Effect.BY_WEIGHT
