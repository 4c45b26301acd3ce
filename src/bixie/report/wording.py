"""A verdict in plain words, the same on the page and in the terminal.

The sentence follows from the verdict and from the finding that decided it; the longest key that fits is used.
"""

from collections import Counter
from collections.abc import Iterator

from bixie.examiners.effects import Effect, effect_of
from bixie.examiners.results import ClaimResult, ExhibitResult, Finding, Grade, Verdict
from bixie.kit.messages import Text, catalogue

__all__ = ["claim_headline", "deciding_finding", "headline", "meaning", "verdict_name", "weight_in_words"]

_PACKAGE = "bixie.report"

_DECIDES = {
    Verdict.REFUTED: (Effect.REFUTES,),
    Verdict.SUSPECT: (Effect.SUSPECT, Effect.BY_WEIGHT),
    Verdict.SUPPORTED: (Effect.SUPPORTS,),
}

_TELLING = (
    "derivation.known_picture_unchanged",
    "derivation.known_picture_annotated",
    "derivation.direction_unknown",
    "derivation.same_product_seen",
)
"""Where nothing decides, what the reader wants to hear first."""

_WEIGHTS = (
    (10.0, "weight.very_strong"),
    (6.6, "weight.strong"),
    (3.3, "weight.moderate"),
    (1.0, "weight.weak"),
)
"""Bits of a likelihood ratio from which a clue is called so: odds of 2, 10, 100 and 1000."""


def verdict_name(verdict: Verdict) -> Text:
    """Return the verdict's name."""
    return _text(f"verdict.{verdict.value}")


def headline(exhibit: ExhibitResult) -> Text:
    """Return what was found about one file, in one plain sentence."""
    return _text(_longest("headline", exhibit))


def meaning(exhibit: ExhibitResult) -> Text:
    """Return what that means and what to do next."""
    return _text(_longest("meaning", exhibit))


def claim_headline(result: ClaimResult) -> Text:
    """Return what was found about the claim, in one plain sentence."""
    total = len(result.exhibits)
    if total == 1:
        return headline(result.exhibits[0])
    if all(exhibit.verdict is Verdict.UNREADABLE for exhibit in result.exhibits):
        return _text("claim.unreadable", total=total)
    deciding = [exhibit for exhibit in result.exhibits if exhibit.verdict is result.verdict]
    if result.verdict is Verdict.INCONCLUSIVE:
        return _text("claim.inconclusive", total=total)
    codes = Counter(finding.code for exhibit in deciding if (finding := deciding_finding(exhibit)))
    number = "one" if len(deciding) == 1 else "many"
    code = next(iter(codes)) if len(codes) == 1 else ""
    keys = (f"claim.{result.verdict.value}.{code}.{number}", f"claim.{result.verdict.value}.{number}")
    key = next(key for key in keys if key in catalogue(_PACKAGE).sentences)
    return _text(key, total=total, count=len(deciding))


def deciding_finding(exhibit: ExhibitResult) -> Finding | None:
    """Return the finding that the verdict of `exhibit` rests on, or that tells most where nothing decides."""
    for effect in _DECIDES.get(exhibit.verdict, ()):
        fitting = [finding for finding in exhibit.findings if effect_of(finding) is effect]
        if fitting:
            return max(fitting, key=lambda finding: abs(finding.strength_bits))
    telling = [finding for finding in exhibit.findings if finding.code in _TELLING]
    return min(telling, key=lambda finding: _TELLING.index(finding.code), default=None)


def weight_in_words(finding: Finding) -> Text:
    """Return how much `finding` weighs, in words; odds for a statistical one."""
    if finding.grade is Grade.CONCLUSIVE:
        return _text("weight.fact")
    if finding.grade is Grade.INFORMATIVE:
        return _text("weight.informative")
    size = abs(finding.strength_bits)
    words = next((key for least, key in _WEIGHTS if size >= least), None)
    if words is None:
        return _text("weight.negligible")
    key = "weight.against" if finding.strength_bits > 0 else "weight.for"
    odds = f"{float(f'{2 ** min(size, 30):.2g}'):,.0f}"
    name = _text(words)
    return Text(en=_text(key, words=name.en, odds=odds).en, zh=_text(key, words=name.zh, odds=odds).zh)


def _longest(kind: str, exhibit: ExhibitResult) -> str:
    finding = deciding_finding(exhibit)
    key = f"{kind}.{exhibit.verdict.value}"
    fitting = (f"{key}.{part}" for part in _prefixes(finding.code if finding else ""))
    return next((longer for longer in fitting if longer in catalogue(_PACKAGE).sentences), key)


def _prefixes(code: str) -> Iterator[str]:
    parts = code.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])


def _text(key: str, **values: object) -> Text:
    return catalogue(_PACKAGE).text(key, **values)
