"""From findings to verdicts, for one exhibit and for the claim. Pure: findings in, verdict out."""

import math
from collections.abc import Iterable, Sequence

from bixie.examiners.effects import effect_of
from bixie.examiners.presentation import Effect
from bixie.examiners.results import ExhibitResult, Finding, Verdict

__all__ = ["MAX_BITS", "SUSPECT_THRESHOLD_BITS", "decided_by", "fuse_claim", "fuse_exhibit"]

SUSPECT_THRESHOLD_BITS = 3.0
"""Summed statistical evidence from which a photo is `suspect`.

At most 1 % of honest photos may pass it: ``make bench`` counts how many do, bench/README.md says how.
"""

MAX_BITS = 60.0
"""Scores are clipped here: no sum of findings says more than this."""

_CLAIM_ORDER = (Verdict.REFUTED, Verdict.SUSPECT, Verdict.SUPPORTED)
_DECIDES = {
    Verdict.REFUTED: (Effect.REFUTES,),
    Verdict.SUPPORTED: (Effect.SUPPORTS,),
    Verdict.SUSPECT: (Effect.SUSPECT, Effect.BY_WEIGHT),
}
"""Effects that a verdict rests on, the first that a finding has."""


def fuse_exhibit(findings: Iterable[Finding]) -> tuple[Verdict, float]:
    """Return the verdict of one readable exhibit, and its score.

    Parameters
    ----------
    findings : iterable of Finding

    Returns
    -------
    verdict : Verdict
        Refuted by a conclusive fact; else supported by one; else suspect by a fact that calls for the
        original, or by weight; else inconclusive.
    score_bits : float
        Finite, in ``-MAX_BITS..MAX_BITS``, comparable across files.
    """
    effects = [(finding, effect_of(finding)) for finding in findings]
    present = {effect for _, effect in effects}
    weight = _sum(finding for finding, effect in effects if effect is Effect.BY_WEIGHT)
    score = _sum(finding for finding, effect in effects if effect is not Effect.NONE)
    if Effect.REFUTES in present:
        return Verdict.REFUTED, score
    if Effect.SUPPORTS in present:
        return Verdict.SUPPORTED, score
    if Effect.SUSPECT in present or weight >= SUSPECT_THRESHOLD_BITS:
        return Verdict.SUSPECT, score
    return Verdict.INCONCLUSIVE, score


def decided_by(verdict: Verdict, findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that the verdict of an exhibit rests on, the strongest of its kind, or None.

    Parameters
    ----------
    verdict : Verdict
        From `fuse_exhibit`.
    findings : sequence of Finding
    """
    for effect in _DECIDES.get(verdict, ()):
        fitting = [finding for finding in findings if effect_of(finding) is effect]
        if fitting:
            return max(fitting, key=lambda finding: abs(finding.strength_bits))
    return None


def fuse_claim(exhibits: Sequence[ExhibitResult]) -> tuple[Verdict, float | None]:
    """Return the verdict of the claim, and the highest score of its readable exhibits.

    Every exhibit counts as offered in proof of the damage: nothing on the command line says otherwise.
    """
    verdicts = {exhibit.verdict for exhibit in exhibits}
    scores = [exhibit.score_bits for exhibit in exhibits if exhibit.score_bits is not None]
    verdict = next((v for v in _CLAIM_ORDER if v in verdicts), Verdict.INCONCLUSIVE)
    return verdict, max(scores, default=None)


def _sum(findings: Iterable[Finding]) -> float:
    """Add up strengths, one for each code: findings of one code are views of the same fact, not new facts."""
    strongest: dict[str, float] = {}
    for finding in findings:
        if abs(finding.strength_bits) > abs(strongest.get(finding.code, 0.0)):
            strongest[finding.code] = finding.strength_bits
    total = math.fsum(strongest.values())
    return max(-MAX_BITS, min(MAX_BITS, total))
