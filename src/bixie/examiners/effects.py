"""Which finding does what to an exhibit's verdict: the examination contract, put together from its parts.

Each of Bixie's examiners declares the effects of its codes in its own folder. A code that no row names cannot
refute or support anything: a finding of another package counts by its calibrated weight, or informs.
"""

from collections.abc import Mapping
from functools import cache

from bixie.examiners.presentation import Effect
from bixie.examiners.registry import own_examiners, presentation_of
from bixie.examiners.results import Finding, Grade

__all__ = ["declared_effects", "effect_of"]

_WITHOUT_FOLDER = {
    "reuse.other_claim": Effect.REFUTES,
    "reuse.later_claim": Effect.NONE,
    "capture.challenge_passed": Effect.SUPPORTS,
    "visit.agrees": Effect.SUPPORTS,
}
"""Rows of the contract whose examiner has no folder yet. A row moves there when the folder is made."""

_CONCLUSIVE_ONLY = {Effect.REFUTES, Effect.SUSPECT, Effect.SUPPORTS}


@cache
def declared_effects() -> Mapping[str, Effect]:
    """Return the effects by code; ``a.b.*`` stands for every code below ``a.b``.

    Raises
    ------
    ValueError
        If two examiners declare the same code.
    """
    rows = dict(_WITHOUT_FOLDER)
    for examiner in own_examiners():
        for code, effect in presentation_of(examiner).effects.items():
            if code in rows:
                raise ValueError(f"{examiner.name} declares {code}, which is declared already")
            rows[code] = effect
    return rows


def effect_of(finding: Finding) -> Effect:
    """Return what `finding` does to the verdict.

    A row that settles a verdict holds for conclusive findings only. A statistical finding with the same
    code counts by weight, and an informative one moves nothing.
    """
    if finding.grade is Grade.INFORMATIVE:
        return Effect.NONE
    effect = _declared(finding.code)
    if finding.grade is Grade.STATISTICAL:
        return Effect.NONE if effect is Effect.NONE else Effect.BY_WEIGHT
    return effect if effect in _CONCLUSIVE_ONLY else Effect.NONE


def _declared(code: str) -> Effect:
    """Return the row that fits `code` best: its own, else the longest pattern."""
    rows = declared_effects()
    if code in rows:
        return rows[code]
    parts = code.split(".")
    for length in range(len(parts) - 1, 0, -1):
        pattern = ".".join(parts[:length]) + ".*"
        if pattern in rows:
            return rows[pattern]
    return Effect.BY_WEIGHT
