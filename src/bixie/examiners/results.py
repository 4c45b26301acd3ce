"""Typed results of an examination: finding, exhibit, claim. Nothing here computes.

The words and codes are those of the examination contract (docs/reference/report.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from bixie.examiners.presentation import Presentation, Row
from bixie.kit.messages import Text

__all__ = [
    "Annotation",
    "ClaimResult",
    "Comparison",
    "ComparisonView",
    "ExhibitResult",
    "FileError",
    "Finding",
    "Grade",
    "KnownResult",
    "NotApplicable",
    "Provenance",
    "Verdict",
    "View",
]


class Grade(StrEnum):
    """What kind of statement a finding is."""

    CONCLUSIVE = "conclusive"
    """A fact that a lay person can check on the page."""
    STATISTICAL = "statistical"
    """Calibrated, with an error rate."""
    INFORMATIVE = "informative"
    """Worth knowing; moves nothing."""


class Verdict(StrEnum):
    """What an exhibit, or a claim, comes to. It speaks of files, never of persons."""

    REFUTED = "refuted"
    SUSPECT = "suspect"
    INCONCLUSIVE = "inconclusive"
    SUPPORTED = "supported"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pictures that let a person check a finding with their own eyes.

    Parameters
    ----------
    exhibit, registered : ndarray, shape (h, w, 3), uint8 sRGB
        The exhibit and the known picture brought onto the exhibit's grid, both reduced to the same
        viewing size. Where the known picture does not reach, `registered` repeats nothing: see `covered`.
    covered : ndarray, shape (h, w), bool
        True where the known picture reaches.
    """

    exhibit: np.ndarray
    registered: np.ndarray
    covered: np.ndarray


@dataclass(frozen=True, slots=True)
class View:
    """A picture encoded for looking at on the report page: small enough to keep for every exhibit.

    Parameters
    ----------
    jpeg : bytes
        A baseline JPEG, sRGB.
    width, height : int
        Pixels of that JPEG; the proportions are those of the exhibit's displayed grid.
    """

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """A `Comparison`, encoded. The exhibit's own view is repeated only where its preview is another picture.

    Parameters
    ----------
    registered : View
        The known picture on the exhibit's grid; hatched where it does not reach.
    exhibit : View or None
        The frame of a video that was compared; None when the exhibit's preview shows the same.
    hatched : bool
        Whether a part that a person would notice is hatched.
    reach : (float, float, float, float)
        Left, top, right and bottom of what the known picture covers, as shares of width and height.
    """

    registered: View
    exhibit: View | None = None
    hatched: bool = False
    reach: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Annotation:
    """Marks drawn onto a picture (circles, arrows, text, blur, stickers): a mask of their own."""

    mask: np.ndarray
    regions: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about an exhibit.

    Parameters
    ----------
    examiner : str
        Name of the examiner that says it.
    code : str
        Stable dotted code, for example ``derivation.known_picture_edited``.
    grade : Grade
    strength_bits : float
        log2 likelihood ratio. Positive speaks for "not a plain photo of these goods as they
        arrived", negative for a plain capture, 0 is neutral.
    explain, limits : Text
        What was found, and what it does not say.
    regions : tuple of polygons
        Each polygon is a tuple of (x, y) in pixels of the displayed grid of the exhibit.
    mask : ndarray or None
        Shape (height, width) of the displayed grid or any smaller shape of the same proportions,
        uint8, 255 = changed. Enlarged to the displayed grid when saved.
    annotation : Annotation or None
        Marks drawn onto the picture.
    known : str or None
        The known picture's path exactly as the caller gave it.
    same_shot : bool
        Whether the exhibit and `known` are the same photograph.
    comparison : Comparison or None
        For the report page only; never in the document. The runner takes it out and keeps its encoded
        form in `ExhibitResult.comparisons`.
    data : dict
        Examiner-specific facts, JSON types only.
    row : Row
        How the page sets the finding out: its topic and its facts in words. Never in the document.
    """

    examiner: str
    code: str
    grade: Grade
    strength_bits: float
    explain: Text
    limits: Text
    regions: tuple[tuple[tuple[int, int], ...], ...] = ()
    mask: np.ndarray | None = None
    annotation: Annotation | None = None
    known: str | None = None
    same_shot: bool = False
    comparison: Comparison | None = None
    data: dict[str, Any] = field(default_factory=dict)
    row: Row = field(default_factory=Row)


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """An examiner that cannot tell, and why. Never a sign of anything."""

    examiner: str
    reason: Text


@dataclass(frozen=True, slots=True)
class FileError:
    """Why a file could not be examined, or a warning about it: a stable code and a sentence."""

    code: str
    text: Text

    def to_dict(self) -> dict[str, str]:
        """Return ``{"code", "en", "zh"}``."""
        return {"code": self.code, **self.text.to_dict()}


@dataclass(frozen=True, slots=True)
class ExhibitResult:
    """Everything that was found about one file of the claim.

    Parameters
    ----------
    path : str
        Exactly as given (inside a folder: joined to it).
    sha256, media_type : str or None
        None when the file could not be read.
    width, height : int or None
        Pixels of the displayed grid (EXIF orientation applied).
    verdict : Verdict
    score_bits : float or None
        Comparable across files; None when unreadable.
    findings : tuple of Finding
    comparisons : tuple of ComparisonView or None
        Empty, or one entry for each of `findings`.
    facts : dict
        About the file, for the report page: ``size_bytes``.
    preview : View or None
        The exhibit at viewing size, for the report page.
    presentations : mapping of str to Presentation
        Of the examiners that looked at the file, by name, in their order.
    id : str or None
        By which a store knows the file; `path` is then its name.
    """

    path: str
    sha256: str | None
    media_type: str | None
    width: int | None
    height: int | None
    verdict: Verdict
    score_bits: float | None
    findings: tuple[Finding, ...] = ()
    comparisons: tuple[ComparisonView | None, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()
    error: FileError | None = None
    warnings: tuple[FileError, ...] = ()
    timing_ms: dict[str, float] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    preview: View | None = None
    presentations: Mapping[str, Presentation] = field(default_factory=dict)
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a record says of a known picture: since when it is kept, and by whom.

    Parameters
    ----------
    since : str
        As `bixie.kit.timestamps.format_timestamp` writes it.
    by : str
        Id of the person, key or program that gave it.
    role : str
        What it is there for.
    event : int
        Number of the ledger's event that says so.
    before_claim : bool
        Whether that stands before the event that the first file of a claim for the order was received.
    clock_agrees : bool
        Whether the times of the two events say the same as their order, which counts.
    fixed_camera : bool
        Whether it was marked as taken by a camera that stands still, as at a packing station.
    """

    since: str
    by: str
    role: str
    event: int
    before_claim: bool
    clock_agrees: bool = True
    fixed_camera: bool = False


@dataclass(frozen=True, slots=True)
class KnownResult:
    """A known picture as it was received; `preview` is a small picture of it, for the report page.

    A store knows it by `id`; `path` is then its name.
    """

    path: str
    sha256: str | None
    error: FileError | None = None
    kept: Provenance | None = None
    preview: View | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim's exhibits, fused."""

    verdict: Verdict
    score_bits: float | None
    exhibits: tuple[ExhibitResult, ...]
    known: tuple[KnownResult, ...]
    warnings: tuple[FileError, ...] = ()
