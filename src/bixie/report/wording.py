"""A verdict in plain words, the same on the page and in the terminal.

The sentence follows from the verdict and from the finding that decided it. The examiner of that finding
brings it, under the longest key that fits; where it brings none, general words are used.
"""

from collections.abc import Iterator, Mapping, Sequence

from bixie.examiners.fusion import decided_by
from bixie.examiners.presentation import Presentation
from bixie.examiners.results import ClaimResult, ExhibitResult, Finding, Grade, Verdict
from bixie.kit.messages import Text, catalogue

__all__ = [
    "claim_headline",
    "deciding_finding",
    "examiner_name",
    "headline",
    "meaning",
    "presentation_in",
    "verdict_name",
    "weight_in_words",
]

_PACKAGE = "bixie.report"

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


def presentation_in(exhibit: ExhibitResult, examiner: str) -> Presentation:
    """Return how the examiner with this name presents what it found about `exhibit`."""
    return exhibit.presentations.get(examiner) or Presentation.unnamed(examiner)


def examiner_name(exhibit: ExhibitResult, examiner: str) -> Text:
    """Return what a reader calls the examiner with this name."""
    return presentation_in(exhibit, examiner).name


def headline(exhibit: ExhibitResult) -> Text:
    """Return what was found about one file, in one plain sentence."""
    return _sentence("headline", exhibit)


def meaning(exhibit: ExhibitResult) -> Text:
    """Return what that means and what to do next."""
    return _sentence("meaning", exhibit)


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
    values = {"total": total, "count": len(deciding)}
    number = "one" if len(deciding) == 1 else "many"
    title = _title(f"claim.{result.verdict.value}", number, deciding, values)
    return title or _text(f"claim.{result.verdict.value}.{number}", **values)


def _title(
    key: str, number: str, deciding: Sequence[ExhibitResult], values: Mapping[str, int]
) -> Text | None:
    """Return the title that an examiner brings where all `deciding` files rest on one code."""
    findings = [(one, finding) for one in deciding if (finding := deciding_finding(one))]
    if len({finding.code for _, finding in findings}) != 1:
        return None
    exhibit, finding = findings[0]
    words = presentation_in(exhibit, finding.examiner)
    return words.sentence(f"{key}.{finding.code}.{number}", **values)


def deciding_finding(exhibit: ExhibitResult) -> Finding | None:
    """Return the finding that the verdict of `exhibit` rests on, or that tells most where nothing decides."""
    deciding = decided_by(exhibit.verdict, exhibit.findings)
    if deciding is not None:
        return deciding
    order = [code for one in exhibit.presentations.values() for code in one.telling]
    telling = [finding for finding in exhibit.findings if finding.code in order]
    return min(telling, key=lambda finding: order.index(finding.code), default=None)


def weight_in_words(finding: Finding) -> Text:
    """Return how much `finding` weighs, in words; odds for a statistical one."""
    if finding.grade is Grade.CONCLUSIVE:
        return _text("weight.fact")
    if finding.grade is Grade.INFORMATIVE:
        return _text("weight.informative")
    size = abs(finding.strength_bits)
    words = next((key for min_bits, key in _WEIGHTS if size >= min_bits), None)
    if words is None:
        return _text("weight.negligible")
    key = "weight.against" if finding.strength_bits > 0 else "weight.for"
    odds = f"{float(f'{2 ** min(size, 30):.2g}'):,.0f}"
    name = _text(words)
    return Text(en=_text(key, words=name.en, odds=odds).en, zh=_text(key, words=name.zh, odds=odds).zh)


def _sentence(kind: str, exhibit: ExhibitResult) -> Text:
    key = f"{kind}.{exhibit.verdict.value}"
    finding = deciding_finding(exhibit)
    if finding is not None:
        words = presentation_in(exhibit, finding.examiner)
        fitting = (words.sentence(f"{key}.{part}") for part in _prefixes(finding.code))
        own = next((sentence for sentence in fitting if sentence is not None), None)
        if own is not None:
            return own
    return _text(key)


def _prefixes(code: str) -> Iterator[str]:
    parts = code.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])


def _text(key: str, **values: object) -> Text:
    return catalogue(_PACKAGE).text(key, **values)
