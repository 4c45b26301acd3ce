"""What is measured: anything that answers "is this one of the known pictures, and what was changed?"."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from bixie.examiners.known import KnownPictures, load_known
from bixie.examiners.results import ExhibitResult, Finding, Grade
from bixie.report.examination import examine
from bixie.report.saving import on_displayed_grid

__all__ = ["Answer", "Bixie", "Subject"]

_LINKS = "derivation.known_picture_"
_DIRECTION = "derivation.direction_unknown"
_EDITED = ("derivation.known_picture_edited", _DIRECTION)


@dataclass(frozen=True)
class Answer:
    """What a subject says about one claim photo.

    Parameters
    ----------
    known : tuple of Path
        The known pictures that it says the photo is derived from.
    conclusive : bool
        Whether one of these statements is graded conclusive.
    codes : tuple of str
        Everything it said.
    edited : bool
        Whether it says that content was changed.
    mask, annotation : ndarray, shape (h, w) of the claim photo, uint8, or None
        255 = changed, 255 = drawn onto.
    verdict : str
        What all examiners together make of the photo; empty for a subject that gives none.
    trouble : str
        Why it could not answer; empty when it could.
    """

    known: tuple[Path, ...] = ()
    conclusive: bool = False
    codes: tuple[str, ...] = ()
    edited: bool = False
    mask: np.ndarray | None = None
    annotation: np.ndarray | None = None
    verdict: str = ""
    trouble: str = ""


class Subject(Protocol):
    """Something that can be measured."""

    name: str

    def answer(self, claim: Path, known: Sequence[Path]) -> Answer:
        """Look at one claim photo against known pictures."""
        ...


@lru_cache(maxsize=64)
def _loaded(path: str) -> KnownPictures:
    return load_known([path], workers=1)


def _together(paths: Sequence[str]) -> KnownPictures:
    """Join known pictures that are read once each, whatever set they are asked for in."""
    each = [_loaded(path) for path in paths]
    return KnownPictures(
        tuple(picture for one in each for picture in one.pictures),
        tuple(result for one in each for result in one.results),
        tuple(paths),
        tuple(warning for one in each for warning in one.warnings),
    )


def _enlarged(mask: np.ndarray | None, width: int, height: int) -> np.ndarray | None:
    if mask is None:
        return None
    return on_displayed_grid(mask, width, height)


class Bixie:
    """The library as a caller uses it."""

    name = "bixie"

    def answer(self, claim: Path, known: Sequence[Path]) -> Answer:
        """Examine one claim photo with the known pictures vouched for."""
        report = examine([claim], _together([str(path) for path in known]), workers=1, keep_views=False)
        exhibit = report.claim.exhibits[0]
        if exhibit.error is not None:
            return Answer(verdict=exhibit.verdict, trouble=exhibit.error.code)
        return _read(exhibit)


def _read(exhibit: ExhibitResult) -> Answer:
    links = [f for f in exhibit.findings if f.code.startswith(_LINKS) or f.code == _DIRECTION]
    stopped = [
        n.reason.en for n in exhibit.not_applicable if n.examiner == "derivation" and "error" in n.reason.en
    ]
    assert exhibit.width is not None
    assert exhibit.height is not None
    size = (exhibit.width, exhibit.height)
    return Answer(
        known=tuple(Path(link.known) for link in links if link.known is not None),
        conclusive=any(link.grade is Grade.CONCLUSIVE for link in links),
        codes=tuple(finding.code for finding in exhibit.findings),
        edited=any(link.code in _EDITED for link in links),
        mask=_joined([_enlarged(link.mask, *size) for link in links if link.code in _EDITED]),
        annotation=_joined([_enlarged(_marks(link), *size) for link in links]),
        verdict=exhibit.verdict,
        trouble=stopped[0] if stopped else "",
    )


def _marks(finding: Finding) -> np.ndarray | None:
    return None if finding.annotation is None else finding.annotation.mask


def _joined(masks: Sequence[np.ndarray | None]) -> np.ndarray | None:
    present = [mask for mask in masks if mask is not None]
    return np.maximum.reduce(present) if present else None
