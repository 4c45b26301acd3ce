"""Edits of content that are no damage: something removed, copied, pasted in or recoloured.

They widen what examiners are trained and tested on beyond the six kinds of damage.
"""

from collections.abc import Callable

import cv2
import numpy as np

from bench.attacks.attempts import plainest
from bench.attacks.damage import Damaged, visible_change
from bench.attacks.surface import Blob, Surface

__all__ = ["CONTENT_KINDS", "edit_content"]

_ATTEMPTS = 8


def _region(surface: Surface) -> Blob:
    rng = surface.rng
    return surface.blob(
        float(np.exp(rng.uniform(np.log(0.005), np.log(0.08)))),
        roughness=rng.uniform(0.1, 0.5),
        softness=rng.uniform(0.01, 0.08),
        elongation=rng.uniform(1.0, 2.5),
    )


def _blend(below: np.ndarray, above: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    result: np.ndarray = below * (1 - alpha[..., None]) + above * alpha[..., None]
    return result


def _removal(surface: Surface, donor: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Fill a region from its surroundings."""
    blob = _region(surface)
    hole = (blob.alpha > 0.02).astype(np.uint8)
    method = cv2.INPAINT_TELEA if surface.rng.random() < 0.5 else cv2.INPAINT_NS
    filled = cv2.inpaint(surface.rgb.astype(np.uint8), hole, 3 * surface.unit, method).astype(np.float32)
    return _blend(surface.rgb, filled + surface.grain(surface.rng.uniform(0, 3)), blob.alpha), blob.alpha


def _copy_move(surface: Surface, donor: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Cover a region with another part of the same picture."""
    blob = _region(surface)
    shift = [
        int(surface.rng.uniform(0.12, 0.45) * side * surface.rng.choice([-1, 1])) for side in surface.shape
    ]
    moved = np.roll(surface.rgb, shift, axis=(0, 1))
    if surface.rng.random() < 0.5:
        gain = float(
            np.clip(surface.tone(blob.centre, blob.radius) / max(float(moved.mean()), 1.0), 0.6, 1.6)
        )
        moved = np.clip(moved * gain, 0, 255)
    return _blend(surface.rgb, moved, blob.alpha), blob.alpha


def _paste(surface: Surface, donor: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Paste a patch of another picture; of this one, mirrored and turned, when there is no other."""
    blob = _region(surface)
    source = np.rot90(surface.rgb, 2) if donor is None else donor.astype(np.float32)
    height, width = surface.shape
    zoom = max(height / source.shape[0], width / source.shape[1]) * surface.rng.uniform(1.0, 1.6)
    scaled = cv2.resize(np.ascontiguousarray(source), None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    top = int(surface.rng.integers(0, scaled.shape[0] - height + 1))
    left = int(surface.rng.integers(0, scaled.shape[1] - width + 1))
    return _blend(surface.rgb, scaled[top : top + height, left : left + width], blob.alpha), blob.alpha


def _recolour(surface: Surface, donor: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Turn the hue, take the colour out, or darken a region, its texture kept."""
    rng = surface.rng
    blob = surface.blob(rng.uniform(0.01, 0.1), roughness=0.3, softness=rng.uniform(0.02, 0.1), follow=1.5)
    choice = rng.integers(0, 3)
    if choice == 0:
        hsv = cv2.cvtColor(surface.rgb / 255.0, cv2.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0] + rng.uniform(60, 300)) % 360
        hsv[..., 1] = np.clip(hsv[..., 1] * rng.uniform(1.0, 1.6) + 0.1, 0, 1)
        changed = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB) * 255.0
    elif choice == 1:
        grey = surface.luminance[..., None]
        changed = np.repeat(grey, 3, axis=2) * rng.uniform(0.6, 1.3)
    else:
        changed = surface.rgb * np.array(rng.uniform(0.25, 0.8, 3), np.float32)
    return _blend(surface.rgb, np.clip(changed, 0, 255), blob.alpha), blob.alpha


_EDITORS: dict[str, Callable[[Surface, np.ndarray | None], tuple[np.ndarray, np.ndarray]]] = {
    "removal": _removal,
    "copy_move": _copy_move,
    "paste": _paste,
    "recolour": _recolour,
}
CONTENT_KINDS = tuple(_EDITORS)


def edit_content(
    rgb: np.ndarray, kind: str, rng: np.random.Generator, donor: np.ndarray | None = None
) -> Damaged:
    """Change content in one region.

    Parameters
    ----------
    rgb, donor : ndarray, shape (h, w, 3), uint8
        `donor` is another picture of any size, for ``paste``.
    kind : str
        One of `CONTENT_KINDS`.

    Returns
    -------
    Damaged
        `look` repeats the kind. The mask follows the same rule as for damage.
    """

    def draw() -> tuple[float, Damaged]:
        surface = Surface(rgb.astype(np.float32), rng)
        after, alpha = _EDITORS[kind](surface, donor)
        after = np.clip(after, 0, 255).round()
        mask = visible_change(surface.rgb, after, alpha, solid=True, unit=surface.unit)
        keep = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
        painted = np.where(keep[..., None], after, surface.rgb).astype(np.uint8)
        score = min(1.0, float(np.count_nonzero(mask)) / (0.002 * mask.size))
        if mask.any():
            score *= min(1.0, float(np.abs(after - surface.rgb).max(axis=2)[mask > 0].mean()) / 20.0)
        return score, Damaged(painted, mask, kind, kind)

    return plainest(draw, _ATTEMPTS)
