"""Paint damage into a picture and say honestly where it is: `apply_damage`.

The mask outlines what a person would outline as different: pixels whose change can be seen, no others.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from bench.attacks.attempts import plainest
from bench.attacks.lines import CRACKS, SCRATCHES, Painter
from bench.attacks.openings import HOLES, TEARS
from bench.attacks.spots import ROTS, STAINS
from bench.attacks.surface import Surface

__all__ = ["BLOB_KINDS", "DAMAGE_KINDS", "LOOKS", "THIN_KINDS", "Damaged", "apply_damage", "visible_change"]

LOOKS: dict[str, dict[str, Painter]] = {
    "crack": CRACKS,
    "stain": STAINS,
    "hole": HOLES,
    "rot": ROTS,
    "scratch": SCRATCHES,
    "tear": TEARS,
}
DAMAGE_KINDS = tuple(LOOKS)
THIN_KINDS = ("crack", "scratch")
BLOB_KINDS = ("stain", "hole", "rot", "tear")

VISIBLE_LEVELS = 8.0
"""A change of this many levels of 255 in some channel is taken to be visible."""
_PLAIN_LEVELS = 22.0
"""Mean change inside the mask below which the damage would not be noticed by a buyer: drawn again."""
_ATTEMPTS = 10


@dataclass(frozen=True)
class Damaged:
    """A damaged picture.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    mask : ndarray, shape (h, w), uint8
        255 = changed, else 0.
    kind, look : str
        `look` is the variant of the kind.
    """

    rgb: np.ndarray
    mask: np.ndarray
    kind: str
    look: str


def visible_change(
    before: np.ndarray, after: np.ndarray, alpha: np.ndarray, *, solid: bool, unit: float
) -> np.ndarray:
    """Outline what can be seen of a change.

    Parameters
    ----------
    before, after : ndarray, shape (h, w, 3), float32, 0..255
    alpha : ndarray, shape (h, w), float32
        Opacity of what was added; where it is 0 nothing counts.
    solid : bool
        True for blobs: specks inside the outline where the colours happen to agree belong to it.
    unit : float
        Pixels per pixel of a picture with a long side of 640.

    Returns
    -------
    ndarray, shape (h, w), uint8, 0 or 255
    """
    delta = np.abs(after - before).max(axis=2)
    if solid:
        delta = cv2.GaussianBlur(delta, (0, 0), 0.8 * unit)
    seen = ((delta > VISIBLE_LEVELS) & (alpha > 0.02)).astype(np.uint8) * 255
    if not solid:
        return np.asarray(seen)
    size = 2 * round(2.0 * unit) + 1
    closed = cv2.morphologyEx(
        seen, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    )
    closed = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    holes, labels, stats, _ = cv2.connectedComponentsWithStats(255 - closed, connectivity=4)
    small = [i for i in range(1, holes) if stats[i, cv2.CC_STAT_AREA] < 60 * unit * unit]
    closed[np.isin(labels, small)] = 255
    return np.asarray(closed)


def _paint(
    rgb: np.ndarray, painter: Painter, rng: np.random.Generator, *, solid: bool
) -> tuple[np.ndarray, np.ndarray, float]:
    surface = Surface(rgb.astype(np.float32), rng)
    after, alpha = painter(surface)
    after = np.clip(after, 0, 255).round()
    mask = visible_change(surface.rgb, after, alpha, solid=solid, unit=surface.unit)
    keep = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
    painted = np.where(keep[..., None], after, surface.rgb).astype(np.uint8)
    delta = np.abs(after - surface.rgb).max(axis=2)
    return painted, mask, float(delta[mask > 0].mean()) if mask.any() else 0.0


def apply_damage(rgb: np.ndarray, kind: str, rng: np.random.Generator, *, look: str | None = None) -> Damaged:
    """Paint one damage of `kind` into a picture.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    kind : str
        One of `DAMAGE_KINDS`.
    look : str, optional
        One of ``LOOKS[kind]``; drawn when not given.

    Returns
    -------
    Damaged
        Blobs cover about 0.2 % to 12 % of the frame; lines are 1 to 6 pixels wide at a long side of 640.

    Notes
    -----
    Damage that came out too faint or out of the frame is drawn again (at most ten times; the most
    visible attempt wins), because a mask over something nobody can see would measure nothing.
    """
    solid = kind in BLOB_KINDS
    least = (0.002 if solid else 0.0006) * rgb.shape[0] * rgb.shape[1]

    def draw() -> tuple[float, Damaged]:
        name = look or str(rng.choice(list(LOOKS[kind])))
        painted, mask, strength = _paint(rgb, LOOKS[kind][name], rng, solid=solid)
        area = int(np.count_nonzero(mask))
        enough = min(1.0, area / least)
        within = 1.0 if area <= 0.14 * mask.size else 0.1
        score = min(1.0, strength / _PLAIN_LEVELS) * enough * within
        return score, Damaged(painted, mask, kind, name)

    return plainest(draw, _ATTEMPTS)
