"""A verdict in plain words, the same on the page and in the terminal.

The sentence follows from the verdict and from the finding that decided it. The examiner of that finding
brings it, under the longest key that fits; where it brings none, general words are used. Where no finding
tells anything, the title says what was not compared.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from bixie.examiners.fusion import decided_by
from bixie.examiners.presentation import Presentation
from bixie.examiners.results import ClaimResult, ExhibitResult, Finding, Grade, KnownResult, Verdict
from bixie.kit.messages import Text, catalogue
from bixie.report.comparison_gap import comparison_gap

__all__ = [
    "CUT_OFF",
    "claim_headline",
    "deciding_finding",
    "examiner_name",
    "headline",
    "likelihood_ratio",
    "meaning",
    "presentation_in",
    "strength_in_words",
    "verdict_name",
    "weight_in_words",
]

_PACKAGE = "bixie.report"

CUT_OFF = frozenset({"imaging.truncated", "imaging.damaged"})
"""Warnings that a part of the picture is missing: what cannot be seen may hold anything."""

_WEIGHTS = (
    (10.0, "weight.very_strong"),
    (6.6, "weight.strong"),
    (3.3, "weight.moderate"),
    (1.0, "weight.weak"),
)
"""Levels of a sign and the bits at which they begin: likelihood ratios of 1000, 100, 10 and 2.

They describe how much a sign weighs. None of them is the probability of anything.
"""

_SHOWN_RATIO_BITS = 30.0
"""Likelihood ratios are shown up to 2 ** 30: nothing that is measured here supports a greater one."""


def verdict_name(verdict: Verdict) -> Text:
    """Return the verdict's name."""
    return _text(f"verdict.{verdict.value}")


def presentation_in(exhibit: ExhibitResult, examiner: str) -> Presentation:
    """Return how the examiner with this name presents what it found about `exhibit`."""
    return exhibit.presentations.get(examiner) or Presentation.unnamed(examiner)


def examiner_name(exhibit: ExhibitResult, examiner: str) -> Text:
    """Return what a reader calls the examiner with this name."""
    return presentation_in(exhibit, examiner).name


def headline(exhibit: ExhibitResult, known: Sequence[KnownResult]) -> Text:
    """Return what was found about one file, in one plain sentence.

    Parameters
    ----------
    exhibit : ExhibitResult
    known : sequence of KnownResult
        The known pictures of its claim.
    """
    return _sentence("headline", exhibit, known)


def meaning(exhibit: ExhibitResult, known: Sequence[KnownResult]) -> Text:
    """Return what that means and what to do next; parameters as for `headline`."""
    return _sentence("meaning", exhibit, known)


def claim_headline(result: ClaimResult) -> Text:
    """Return what was found about the claim, in one plain sentence: the most telling thing of all files."""
    total = len(result.exhibits)
    if total == 1:
        return headline(result.exhibits[0], result.known)
    if all(exhibit.verdict is Verdict.UNREADABLE for exhibit in result.exhibits):
        return _text("claim.unreadable", total=total)
    deciding = [exhibit for exhibit in result.exhibits if exhibit.verdict is result.verdict]
    if result.verdict is Verdict.INCONCLUSIVE:
        deciding = _most_telling(deciding)
        gap = comparison_gap(result.known)
        general = "claim.inconclusive" if gap is None else f"claim.inconclusive.{gap.value}"
        return _title("claim.inconclusive", deciding, total) or _text(general, total=total)
    number = _number(deciding)
    title = _title(f"claim.{result.verdict.value}", deciding, total)
    return title or _text(f"claim.{result.verdict.value}.{number}", total=total, count=len(deciding))


def _most_telling(exhibits: Sequence[ExhibitResult]) -> list[ExhibitResult]:
    """Return the files with the most telling code of all, where nothing decides."""
    order = [code for exhibit in exhibits for one in exhibit.presentations.values() for code in one.telling]
    exhibits = [exhibit for exhibit in exhibits if not _is_cut_off(exhibit)]
    codes = {finding.code for exhibit in exhibits if (finding := deciding_finding(exhibit))}
    first = min(codes, key=lambda code: order.index(code) if code in order else len(order), default=None)
    return [one for one in exhibits if first and (found := deciding_finding(one)) and found.code == first]


def _title(key: str, deciding: Sequence[ExhibitResult], total: int) -> Text | None:
    """Return the title that an examiner brings for what all `deciding` files rest on."""
    findings = [(one, finding) for one in deciding if (finding := deciding_finding(one))]
    if not findings or len({finding.examiner for _, finding in findings}) != 1:
        return None
    exhibit, finding = findings[0]
    words = presentation_in(exhibit, finding.examiner)
    number, shared = _number(deciding), _shared_prefix([one.code for _, one in findings])
    titles = (
        words.sentence(f"{key}.{part}.{number}", total=total, count=len(deciding))
        for part in _prefixes(shared)
    )
    return next((title for title in titles if title is not None), None)


def _shared_prefix(codes: Sequence[str]) -> str:
    """Return the dotted beginning that all `codes` have in common."""
    columns = zip(*(code.split(".") for code in codes), strict=False)
    same = takewhile(lambda column: len(set(column)) == 1, columns)
    return ".".join(column[0] for column in same)


def _number(files: Sequence[ExhibitResult]) -> str:
    return "one" if len(files) == 1 else "many"


def deciding_finding(exhibit: ExhibitResult) -> Finding | None:
    """Return the finding that the verdict of `exhibit` rests on, or that tells most where nothing decides."""
    deciding = decided_by(exhibit.verdict, exhibit.findings)
    if deciding is not None:
        return deciding
    order = [code for one in exhibit.presentations.values() for code in one.telling]
    telling = [finding for finding in exhibit.findings if finding.code in order]
    return min(telling, key=lambda finding: order.index(finding.code), default=None)


def strength_in_words(bits: float) -> Text:
    """Return the level of a sign, such as "strong", whichever way it points.

    Parameters
    ----------
    bits : float
        Log2 of a likelihood ratio, either sign.
    """
    level = next((key for min_bits, key in _WEIGHTS if abs(bits) >= min_bits), None)
    if level is not None:
        return _text(level)
    return _text("weight.slight" if bits else "weight.none")


def weight_in_words(finding: Finding) -> Text:
    """Return how much `finding` weighs, in words; the level for a statistical one."""
    if finding.grade is Grade.CONCLUSIVE:
        return _text("weight.fact")
    if finding.grade is Grade.INFORMATIVE:
        return _text("weight.informative")
    strength = strength_in_words(finding.strength_bits)
    if abs(finding.strength_bits) < _WEIGHTS[-1][0]:
        return _text("weight.negligible", strength=strength)
    return _text("weight.against" if finding.strength_bits > 0 else "weight.for", strength=strength)


def likelihood_ratio(finding: Finding) -> str | None:
    """Return the likelihood ratio of a statistical `finding`, rounded to two digits; None for other grades.

    It is never less than one: the sign of ``strength_bits`` says which way it points.
    """
    if finding.grade is not Grade.STATISTICAL:
        return None
    return f"{float(f'{2 ** min(abs(finding.strength_bits), _SHOWN_RATIO_BITS):.2g}'):,.0f}"


def _sentence(kind: str, exhibit: ExhibitResult, known: Sequence[KnownResult]) -> Text:
    key = f"{kind}.{exhibit.verdict.value}"
    finding = deciding_finding(exhibit)
    if finding is not None:
        words = presentation_in(exhibit, finding.examiner)
        cut_off = (".cut_off",) if _is_cut_off(exhibit) else ()
        endings = (*cut_off, *((".recorded",) if _is_recorded(finding, known) else ()), "")
        keys = (f"{key}.{part}{ending}" for part in _prefixes(finding.code) for ending in endings)
        fitting = map(words.sentence, keys)
        own = next((sentence for sentence in fitting if sentence is not None), None)
        if own is not None:
            return own
    gap = comparison_gap(known) if exhibit.verdict is Verdict.INCONCLUSIVE and finding is None else None
    if gap is None and finding is None and _is_cut_off(exhibit) and exhibit.verdict is Verdict.INCONCLUSIVE:
        return _text(f"{key}.cut_off")
    return _text(key if gap is None else f"{key}.{gap.value}")


def _is_recorded(finding: Finding, known: Sequence[KnownResult]) -> bool:
    """Return whether a ledger shows that the finding's known picture was there before the claim."""
    return any(one.path == finding.known and one.kept and one.kept.before_claim for one in known)


def _is_cut_off(exhibit: ExhibitResult) -> bool:
    return any(warning.code in CUT_OFF for warning in exhibit.warnings)


def _prefixes(code: str) -> Iterator[str]:
    parts = code.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])


def _text(key: str, **values: object) -> Text:
    return catalogue(_PACKAGE).text(key, **values)
