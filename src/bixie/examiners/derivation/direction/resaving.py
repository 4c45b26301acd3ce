"""Save one picture with the other file's settings: where that gives the other file, it came first.

A file that was made from another one by editing a place and saving is, outside that place, what its own
settings make of the older picture. Saving is coarse, so the way back is closed: the older picture is not what
its settings make of the younger one, unless the older file is the coarser one. Then the younger one still
lies on the steps of the older one's tables (double compression, Lukáš and Fridrich 2003).

This needs both files on one pixel grid: a crop, but no scaling, turning or change of light.
The levels were set by hand on the calibration split; ``python -m bench direction`` measures what they give.
"""

import io
from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bixie.examiners.derivation.match.warping import Matrix
from bixie.imaging.structure.traces import Encoding

__all__ = ["Saved", "Younger", "younger_by_saving"]

Younger: TypeAlias = Literal["exhibit", "known"] | None
"""``"exhibit"``, ``"known"``, or None where saving does not tell."""

Window: TypeAlias = tuple[slice, slice]
"""Rows and columns."""

MAX_OFFSET = 0.75
"""Pixels by which the corners may miss a shift by whole pixels."""
MIN_SIDE = 64
"""Pixels of the overlap's sides below which nothing is compared."""
BLOCK = 8
MIN_DIFFERENCE = 0.3
"""Mean difference of a block, grey levels, from which there is something to explain."""
KEPT = 0.6
"""Share of these blocks, the least different ones, that is looked at: the others may hold the edit."""
MIN_BLOCKS = 48
"""Blocks below which a share of them says nothing."""
MAX_EXPLAINED_REST = 0.25
"""Rest of the difference, as a share of it, up to which saving explains it."""
MAX_CONTRADICTING_REST = 0.02
"""The same for the known picture, lower: a copy that was saved twice, more finely than a coarse original,
nearly gives the original when it is saved once more with the original's settings."""
MIN_UNEXPLAINED_REST = 0.5
"""Rest from which saving explains nothing; between the two it does not tell."""
FAR = 0.35
"""Steps between a coefficient of a file and that of the other picture from which it counts as far."""
MIN_FAR_SHARE = 0.2
"""Share of far coefficients from which rounding explains the difference: it spreads up to half a step."""
MAX_NEAR_SHARE = 0.12
"""The same, up to which the other picture lies on the steps of this file's table."""
EXACT = 0.02
"""Mean difference up to which two blocks are the same pixels."""
MIN_EXACT_SHARE = 0.7
"""Share of such blocks from which two pictures have the same pixels; the rest may hold the edit."""
MIN_CONTENT = 2.0
"""Standard deviation from which a block shows something: plain ground survives every saving as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """A decoded picture and how its file was encoded.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    encoding : Encoding or None
    """

    rgb: NDArray[np.uint8]
    encoding: Encoding | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What saving the other picture with this file's settings gives.

    Parameters
    ----------
    rest : float
        Part of the difference between both that it leaves unexplained, 0 = none.
    far : float
        Share of this file's coefficients, zeros left out, that lie far from those of the other picture.
    """

    rest: float
    far: float


def younger_by_saving(exhibit: Saved, known: Saved, homography: Matrix) -> Younger:
    """Return which of two pictures was saved from the other, as far as the pixels show it.

    Parameters
    ----------
    exhibit, known : Saved
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.
    """
    windows = _shared_windows(exhibit, known, homography)
    if windows is None:
        return None
    on_exhibit, on_known = windows
    if _is_lossless(exhibit) or _is_lossless(known):
        same = _are_same_pixels(exhibit.rgb[on_exhibit], known.rgb[on_known])
        return _younger_of_same_pixels(exhibit, known) if same else None
    of_exhibit = _read(exhibit, on_exhibit, known.rgb[on_known])
    of_known = _read(known, on_known, exhibit.rgb[on_exhibit])
    if of_exhibit is None or of_known is None:
        return None
    if _was_made_from(of_exhibit, of_known, MAX_EXPLAINED_REST):
        return "exhibit"
    return "known" if _was_made_from(of_known, of_exhibit, MAX_CONTRADICTING_REST) else None


def _shared_windows(exhibit: Saved, known: Saved, homography: Matrix) -> tuple[Window, Window] | None:
    """Return where each shows what both show, if both are on one grid of whole pixels."""
    if not (_on_file_grid(exhibit) and _on_file_grid(known)):
        return None
    shift = _whole_shift(homography, known.rgb.shape[:2])
    return None if shift is None else _overlap(exhibit.rgb.shape[:2], known.rgb.shape[:2], shift)


def _was_made_from(of_one: _Reading, of_other: _Reading, max_rest: float) -> bool:
    """Whether the first file was made from the other one."""
    if of_one.rest > max_rest or of_one.far < MIN_FAR_SHARE:
        return False
    return of_other.rest >= MIN_UNEXPLAINED_REST or of_other.far <= MAX_NEAR_SHARE


def _whole_shift(homography: Matrix, shape: tuple[int, int]) -> tuple[int, int] | None:
    """Return the shift by whole pixels that the homography is, or None."""
    height, width = shape
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    moved = (cv2.perspectiveTransform(corners, homography) - corners)[0]
    shift = np.round(np.median(moved, axis=0))
    if not np.isfinite(moved).all() or np.abs(moved - shift).max() > MAX_OFFSET:
        return None
    return int(shift[0]), int(shift[1])


def _overlap(
    exhibit: tuple[int, int], known: tuple[int, int], shift: tuple[int, int]
) -> tuple[Window, Window] | None:
    """Return the overlap's rows and columns in the exhibit and in the known picture."""
    spans = []
    for ours, theirs, moved in zip(exhibit, known, reversed(shift), strict=True):
        first, last = max(0, moved), min(ours, theirs + moved)
        if last - first < MIN_SIDE:
            return None
        spans.append((slice(first, last), slice(first - moved, last - moved)))
    (rows, known_rows), (columns, known_columns) = spans
    return (rows, columns), (known_rows, known_columns)


def _on_file_grid(picture: Saved) -> bool:
    """Whether the pixels are those of the file: not reduced, not turned, nothing cut off."""
    encoding = picture.encoding
    return encoding is not None and picture.rgb.shape[:2] == (encoding.height, encoding.width)


def _is_lossless(picture: Saved) -> bool:
    return picture.encoding is not None and not picture.encoding.tables


def _are_same_pixels(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    ours, theirs = _luma(one), _luma(other)
    shows = np.minimum(_cut(ours).std(axis=(2, 3)), _cut(theirs).std(axis=(2, 3))) >= MIN_CONTENT
    difference = _blocks(np.abs(ours - theirs))[shows]
    return len(difference) >= MIN_BLOCKS and bool((difference <= EXACT).mean() >= MIN_EXACT_SHARE)


def _younger_of_same_pixels(exhibit: Saved, known: Saved) -> Younger:
    """Pixels that came out of a JPEG and were kept without loss since are younger than the JPEG."""
    if _is_lossless(exhibit) == _is_lossless(known):
        return None
    return "exhibit" if _is_lossless(exhibit) else "known"


def _read(file: Saved, window: Window, other: NDArray[np.uint8]) -> _Reading | None:
    """Save `other`, in this file's frame, with this file's settings."""
    if file.encoding is None or _is_lossless(file):
        return None
    canvas = file.rgb.copy()
    canvas[window] = other
    saved = _luma(_save(canvas, file.encoding))[window]
    own, theirs = _luma(file.rgb[window]), _luma(other)
    phase = tuple(slice(-part.start % BLOCK, None) for part in window)
    difference, rest = (_blocks(np.abs(own - two)[phase]) for two in (theirs, saved))
    explains = difference > MIN_DIFFERENCE
    if explains.sum() < MIN_BLOCKS / KEPT:
        return None
    kept = explains & (difference <= np.quantile(difference[explains], KEPT))
    return _Reading(
        rest=float(rest[kept].sum() / difference[kept].sum()),
        far=_far_share(_cut(own[phase])[kept], _cut(theirs[phase])[kept], file.encoding.tables[0]),
    )


def _far_share(own: NDArray[np.float32], other: NDArray[np.float32], table: tuple[int, ...]) -> float:
    steps = np.reshape(np.asarray(table, np.float32), (BLOCK, BLOCK))
    ours, theirs = (_DCT @ (blocks - 128) @ _DCT.T / steps for blocks in (own, other))
    used = np.abs(ours) > 0.5
    used[:, 0, 0] = False
    return float((np.abs(theirs - ours)[used] > FAR).mean()) if used.any() else 0.0


def _save(rgb: NDArray[np.uint8], encoding: Encoding) -> NDArray[np.uint8]:
    """Encode as JPEG and decode."""
    tables = [list(table) for table in encoding.tables]
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", qtables=tables, subsampling=encoding.subsampling)
    return np.asarray(Image.open(buffer).convert("RGB"))


def _luma(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), np.float32)


def _cut(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return every whole block, shape (rows, columns, 8, 8)."""
    rows, columns = (side // BLOCK for side in values.shape)
    cut = values[: rows * BLOCK, : columns * BLOCK]
    return cut.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2)


def _blocks(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of every whole block."""
    return np.asarray(_cut(values).mean(axis=(2, 3)))


_DCT = cv2.dct(np.eye(BLOCK, dtype=np.float32), flags=cv2.DCT_ROWS).T
"""Matrix of the cosine transform: rows are its basis."""
