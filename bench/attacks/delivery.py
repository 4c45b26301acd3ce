"""Bring a picture to us the way claim photos travel, and keep the truth about it: `deliver`.

Every delivery ends in a lossy encoding drawn from the same distribution, so that neither size nor format nor
metadata tells an edited picture from an unedited one, or a known picture from an honest one.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from bench.attacks.annotation import ANNOTATION_KINDS, annotate
from bench.attacks.cutout import background, cutout
from bench.attacks.frames import collage, screenshot
from bench.attacks.geometry import MIN_SIDE, crop, mirror, perspective, rotate, scale, scaled_to
from bench.attacks.light import relight
from bench.attacks.parcel import Parcel, pack, settle

__all__ = ["DELIVERY_KINDS", "Delivered", "Encoded", "deliver", "encode", "encode_lossy"]


@dataclass(frozen=True)
class Encoded:
    """A picture file.

    Parameters
    ----------
    data : bytes
    suffix : str
        ``.jpg`` or ``.webp``.
    quality : int
    """

    data: bytes
    suffix: str
    quality: int


@dataclass(frozen=True)
class Delivered:
    """A picture as it reached us, and the truth about it.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
        Decoded from `encoded`.
    masks : dict of ndarray, shape (h, w), uint8, 0 or 255
        The masks that were given, on this grid, plus ``annotation`` if marks were drawn on the way.
    homography : ndarray, shape (3, 3)
        From pixels of the known picture to pixels of this one.
    valid : ndarray, shape (h, w), uint8
        255 where content of the known picture is shown.
    kept : float
        Part of the known picture's frame that is shown, 0..1.
    filled : float
        Part of this frame that it fills, 0..1.
    encoded : Encoded
    kind : str
    steps : tuple of str
        What was done, in order.
    """

    rgb: np.ndarray
    masks: dict[str, np.ndarray]
    homography: np.ndarray
    valid: np.ndarray
    kept: float
    filled: float
    encoded: Encoded
    kind: str
    steps: tuple[str, ...]


def encode(rgb: np.ndarray, suffix: str, quality: int, subsampling: str = "4:2:0") -> Encoded:
    """Encode without metadata."""
    buffer = io.BytesIO()
    image = Image.fromarray(rgb)
    if suffix == ".webp":
        image.save(buffer, "WEBP", quality=quality, method=2)
    else:
        image.save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    return Encoded(buffer.getvalue(), suffix, quality)


def encode_lossy(rgb: np.ndarray, rng: np.random.Generator, low: int = 40, high: int = 95) -> Encoded:
    """Encode as JPEG of quality `low` to `high`, 4:2:0 or 4:4:4, seldom as WebP."""
    quality = int(rng.integers(low, high + 1))
    if rng.random() < 0.12:
        return encode(rgb, ".webp", max(quality, 50))
    return encode(rgb, ".jpg", quality, "4:2:0" if rng.random() < 0.7 else "4:4:4")


def _decode(encoded: Encoded) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(encoded.data)).convert("RGB"))


def _recompress(parcel: Parcel, rng: np.random.Generator, low: int, high: int) -> Parcel:
    return parcel.with_pixels(_decode(encode(parcel.rgb, ".jpg", int(rng.integers(low, high + 1)))))


def _same(parcel: Parcel, rng: np.random.Generator, other: np.ndarray) -> Parcel:
    return parcel


def _chat(parcel: Parcel, rng: np.random.Generator, other: np.ndarray) -> Parcel:
    """Pass through a messenger: long side at most 1280 or 640, compressed twice."""
    height, width = parcel.shape
    longest = 1280 if rng.random() < 0.6 else 640
    factor = min(1.0, longest / max(height, width))
    factor = max(factor, min(1.0, MIN_SIDE / min(height, width)))
    if factor < 1.0:
        parcel = scaled_to(parcel, (round(width * factor), round(height * factor)))
    return _recompress(parcel, rng, 60, 75)


def _overlay(parcel: Parcel, rng: np.random.Generator, other: np.ndarray) -> Parcel:
    """Draw one to three marks; what they cover is theirs, not the damage's."""
    rgb, drawn = parcel.rgb, np.zeros(parcel.shape, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        marked = annotate(rgb, str(rng.choice([kind for kind in ANNOTATION_KINDS if kind != "mosaic"])), rng)
        rgb = marked.rgb
        drawn = np.maximum(drawn, marked.mask.astype(np.float32) / 255.0)
    masks = {name: mask * (1 - drawn) for name, mask in parcel.masks.items() if name != "annotation"}
    masks["annotation"] = np.maximum(parcel.masks.get("annotation", drawn), drawn)
    return Parcel(rgb, masks, parcel.valid, parcel.homography)


Step = Callable[[Parcel, np.random.Generator, np.ndarray], Parcel]
_STEPS: dict[str, Step] = {
    "same": _same,
    "crop": lambda parcel, rng, other: crop(parcel, rng),
    "crop_quarter": lambda parcel, rng, other: crop(parcel, rng, 0.25, 0.28, least=1),
    "scale": lambda parcel, rng, other: scale(parcel, rng),
    "rotate": lambda parcel, rng, other: rotate(parcel, rng),
    "mirror": lambda parcel, rng, other: mirror(parcel, rng),
    "perspective": lambda parcel, rng, other: perspective(parcel, rng),
    "light": lambda parcel, rng, other: relight(parcel, rng),
    "screenshot": lambda parcel, rng, other: screenshot(parcel, rng),
    "collage": collage,
    "overlay": _overlay,
    "cutout": cutout,
    "chat": _chat,
}
_MILD: dict[str, Step] = {
    **{name: _STEPS[name] for name in ("mirror", "screenshot", "collage", "overlay", "chat")},
    "crop": lambda parcel, rng, other: crop(parcel, rng, 0.6, 0.95),
    "scale": lambda parcel, rng, other: scale(parcel, rng, 0.5, 1.6),
    "rotate": lambda parcel, rng, other: rotate(parcel, rng, 12.0),
    "perspective": lambda parcel, rng, other: perspective(parcel, rng, 0.08),
    "light": lambda parcel, rng, other: relight(parcel, rng, 0.7),
}
# In the order in which they happen: a picture is edited, then photographed off a screen, then sent.
_ORDER = (
    "overlay",
    "crop",
    "mirror",
    "rotate",
    "perspective",
    "light",
    "scale",
    "collage",
    "screenshot",
    "chat",
)
DELIVERY_KINDS = (*_STEPS, "combo")
_MIN_KEPT = 0.4
_ATTEMPTS = 12


def _plan(kind: str, rng: np.random.Generator) -> tuple[str, ...]:
    if kind != "combo":
        return (kind,)
    chosen = set(rng.choice(_ORDER, size=int(rng.integers(2, 4)), replace=False).tolist())
    return tuple(name for name in _ORDER if name in chosen)


def _kept(shape: tuple[int, int], parcel: Parcel) -> float:
    """Part of the known frame, of the given shape, that the parcel shows."""
    grid = np.ones((64, 64), np.float32)
    zoom = np.diag([shape[1] / 64, shape[0] / 64, 1.0])
    onto = np.linalg.inv(parcel.homography @ zoom)
    shown = cv2.warpPerspective(parcel.valid, onto, (64, 64), flags=cv2.INTER_NEAREST)
    return float((shown * grid).mean())


def _usable(kind: str, parcel: Parcel, kept: float) -> bool:
    if kind == "crop_quarter":
        return kept >= 0.24
    if kind == "cutout":
        return float(parcel.valid.mean()) >= 0.25
    return kept >= _MIN_KEPT and min(parcel.shape) >= MIN_SIDE


def deliver(
    rgb: np.ndarray,
    masks: dict[str, np.ndarray],
    kind: str,
    rng: np.random.Generator,
    others: Sequence[np.ndarray] = (),
) -> Delivered:
    """Deliver a picture.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    masks : dict of ndarray, shape (h, w), uint8, 0 or 255
        Whatever should travel along, for example ``{"damage": mask}``.
    kind : str
        One of `DELIVERY_KINDS`.
    others : sequence of pictures, uint8
        Second pictures for collages and backgrounds; drawn backgrounds where there are none.

    Returns
    -------
    Delivered

    Notes
    -----
    Except for the quarter crop and the cut-out, a delivery that leaves less than 40 % of the frame or a
    short side under 200 pixels (where the picture had more) is drawn again.
    """
    small = min(rgb.shape[:2]) < MIN_SIDE
    for _ in range(_ATTEMPTS):
        parcel, plan = pack(rgb, masks), _plan(kind, rng)
        for name in plan:
            other = (
                others[int(rng.integers(0, len(others)))]
                if len(others)
                else background(rng, (640, 480), None)
            )
            step = (_MILD if kind == "combo" else _STEPS)[name]
            parcel = step(parcel, rng, other)
        kept = _kept(rgb.shape[:2], parcel)
        if small or _usable(kind, parcel, kept):
            break
    encoded = encode_lossy(parcel.rgb, rng, *((60, 75) if plan[-1] == "chat" else (40, 95)))
    hard = {name: settle(mask) for name, mask in parcel.masks.items()}
    valid = (parcel.valid > 0.5).astype(np.uint8) * 255
    return Delivered(
        _decode(encoded), hard, parcel.homography, valid, kept, float((valid > 0).mean()), encoded, kind, plan
    )
