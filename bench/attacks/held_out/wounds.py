"""Damage by the held-out painter, with the truth about where it is: `wound`."""

import cv2
import numpy as np

from bench.attacks.attempts import plainest
from bench.attacks.damage import THIN_KINDS, Damaged, visible_change
from bench.attacks.held_out.lines import LINES
from bench.attacks.held_out.openings import OPENINGS
from bench.attacks.held_out.scene import Painter, Scene
from bench.attacks.held_out.surfaces import SURFACES

__all__ = ["WOUND_KINDS", "wound"]

_PAINTERS: dict[str, Painter] = {**SURFACES, **LINES, **OPENINGS}
# Families mixed, so that a short plan meets lines and blobs.
WOUND_KINDS = (
    "stain_wet",
    "crack_branch",
    "hole_burn",
    "scratch_gouge",
    "tear_slit",
    "rot_mould",
    "stain_ring",
    "crack_star",
    "hole_puncture",
    "scratch_bundle",
    "tear_strip",
    "rot_brown",
    "stain_mud",
    "hole_frayed",
    "tear_corner",
    "stain_ink",
)

_ATTEMPTS = 10
_PLAIN_LEVELS = 22.0
"""Mean change inside the mask below which nobody would notice the damage: drawn again."""
_LARGEST = 0.3


def wound(rgb: np.ndarray, kind: str, rng: np.random.Generator, donor: np.ndarray) -> Damaged:
    """Paint one damage into a picture.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    kind : str
        One of `WOUND_KINDS`.
    donor : ndarray, shape (any, any, 3), uint8
        Another picture; what shows through tears and frayed holes.

    Returns
    -------
    Damaged
        Its `kind` is the family, for example ``tear``, its `look` the given kind. Damage that came out too
        faint, too small or over 30 % of the frame is drawn again, at most ten times; the plainest is kept.
    """
    family = kind.partition("_")[0]
    solid = family not in THIN_KINDS
    least = (0.003 if solid else 0.0006) * rgb.shape[0] * rgb.shape[1]

    def draw() -> tuple[float, Damaged]:
        painted, mask, strength = _painted(rgb, kind, rng, donor, solid=solid)
        area = int(np.count_nonzero(mask))
        within = 1.0 if area <= _LARGEST * mask.size else 0.1
        score = min(1.0, strength / _PLAIN_LEVELS) * min(1.0, area / least) * within
        return score, Damaged(painted, mask, family, kind)

    return plainest(draw, _ATTEMPTS)


def _painted(
    rgb: np.ndarray, kind: str, rng: np.random.Generator, donor: np.ndarray, *, solid: bool
) -> tuple[np.ndarray, np.ndarray, float]:
    """Paint once: the picture, the mask, and the mean change inside it."""
    scene = Scene(rgb.astype(np.float32), rng, donor)
    after, alpha = _PAINTERS[kind](scene)
    # What is painted must not be cleaner than a photograph is.
    grain = rng.normal(0, 1.6, (*scene.size, 1)) * (alpha > 0.3)[..., None]
    after = np.clip(after + grain, 0, 255).round().astype(np.float32)
    unit = max(scene.size) / 640
    mask = visible_change(scene.rgb, after, np.asarray(alpha, np.float32), solid=solid, unit=unit)
    near = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
    painted = np.where(near[..., None], after, scene.rgb).astype(np.uint8)
    change = np.abs(after - scene.rgb).max(axis=2)
    return painted, mask, float(change[mask > 0].mean()) if mask.any() else 0.0
