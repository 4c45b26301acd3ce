"""A report as it is kept: its document, page and masks as bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bixie.examiners.fusion import decided_by
from bixie.examiners.results import ClaimResult, ExhibitResult
from bixie.kit.messages import Language
from bixie.report.document import json_bytes, to_document
from bixie.report.page.render import render_page
from bixie.report.record import Record
from bixie.report.saving import DOCUMENT, PAGE, mask_files, page_bytes

__all__ = ["FinishedReport", "finish"]


@dataclass(frozen=True, slots=True)
class FinishedReport:
    """A report as it is kept.

    Parameters
    ----------
    document : bytes
        ``bixie.report/1``.
    files : dict of str to bytes
        ``index.html`` and the masks, by the path relative to the document.
    verdict : str
        Of the claim.
    verdicts : tuple of str
        Of the claim's files, in the order of the report.
    deciders : tuple of str or None
        Of each file the examiner whose finding its verdict rests on; None for a verdict that rests on none.
    """

    document: bytes
    files: Mapping[str, bytes] = field(repr=False)
    verdict: str
    verdicts: tuple[str, ...]
    deciders: tuple[str | None, ...]

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file by its path, the masks first: whoever finds the document finds what it names."""
        yield from ((name, content) for name, content in self.files.items() if name != PAGE)
        yield DOCUMENT, self.document
        yield PAGE, self.files[PAGE]


def finish(result: ClaimResult, record: Record, language: Language = "zh") -> FinishedReport:
    """Return the report of a result.

    Parameters
    ----------
    result : ClaimResult
    record : Record
    language : {"zh", "en"}
        Shown first on the page; it holds both.
    """
    return FinishedReport(
        json_bytes(to_document(result, record, with_masks=True)),
        {PAGE: page_bytes(render_page(result, record, language=language)), **dict(mask_files(result))},
        str(result.verdict),
        tuple(str(one.verdict) for one in result.exhibits),
        tuple(map(_decider, result.exhibits)),
    )


def _decider(exhibit: ExhibitResult) -> str | None:
    found = decided_by(exhibit.verdict, exhibit.findings)
    return None if found is None else found.examiner
