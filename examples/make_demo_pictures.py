"""Make the pictures of ``bixie demo``: ``python -m examples.make_demo_pictures``.

Photographs that are kept as found stand in the folder already. The others are made from these: damage painted
into a listing photo, a photo that carries the label of an AI tool, and photos of packing. The folder's
PROVENANCE.md says what each picture is.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.attacks.damage import apply_damage
from bench.attacks.light import relight
from bench.attacks.parcel import pack
from examples.make_example import packed
from PIL import Image
from tests.makers.labels.blocks import aigc, exif

__all__ = ["DAMAGED", "PACKED", "PICTURES", "make"]

PICTURES = Path(__file__).resolve().parents[1] / "src/bixie/assembly/demo/pictures"
_QUALITY = 82
_ENLARGED = 1.6
"""A photo of a phone is larger than what shops publish."""


@dataclass(frozen=True, slots=True)
class _Damage:
    """How a buyer's picture is made from a listing photo.

    Parameters
    ----------
    listing : str
        File of the listing photo.
    kind, look : str
        Of `bench.attacks.damage`.
    seed : int
        Chosen by looking: where the damage lies, and its shape.
    crop : (left, top, right, bottom)
        Of the listing photo, in pixels: nobody delivers the whole frame.
    """

    listing: str
    kind: str
    look: str
    seed: int
    crop: tuple[int, int, int, int]


DAMAGED = {
    "claim-oranges-mould.jpg": _Damage("listing-oranges.jpg", "rot", "fuzzy_mould", 31, (28, 4, 340, 300)),
    "claim-melon-bruise.jpg": _Damage("listing-melon.jpg", "rot", "soft_spot", 31, (8, 30, 344, 336)),
    "claim-tshirt-stain.jpg": _Damage("listing-tshirt.jpg", "stain", "grease", 33, (10, 96, 392, 520)),
    "claim-cardigan-hole.jpg": _Damage("listing-cardigan.jpg", "hole", "puncture", 12, (60, 14, 530, 370)),
    "claim-jumper-stain.jpg": _Damage("listing-jumper.jpg", "stain", "coffee", 33, (30, 8, 486, 292)),
}
PACKED = {
    "packing-melon.jpg": ("listing-melon.jpg", "DEMO-1002"),
    "packing-cardigan.jpg": ("listing-cardigan.jpg", "DEMO-2002"),
    "packing-sneakers.jpg": ("listing-sneakers.jpg", "DEMO-2004"),
}
_LABELLED = ("claim-apple-enhanced.jpg", "claim-apple-original.jpg")
"""An honest photo, and what a phone's app made of it: brighter, with the label that such apps write."""


def _read(name: str) -> np.ndarray:
    return np.asarray(Image.open(PICTURES / name).convert("RGB"))


def _write(name: str, rgb: np.ndarray, metadata: bytes = b"") -> None:
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "JPEG", quality=_QUALITY, exif=metadata)
    (PICTURES / name).write_bytes(out.getvalue())


def _damaged(one: _Damage) -> np.ndarray:
    rng = np.random.default_rng(one.seed)
    painted = Image.fromarray(apply_damage(_read(one.listing), one.kind, rng, look=one.look).rgb)
    left, top, right, bottom = one.crop
    size = round((right - left) * _ENLARGED), round((bottom - top) * _ENLARGED)
    photo = np.asarray(painted.crop(one.crop).resize(size, Image.Resampling.BICUBIC))
    return relight(pack(photo, {}), rng, 0.4).rgb


def _enhanced(rgb: np.ndarray) -> np.ndarray:
    brighter = 255 * (rgb / 255.0) ** 0.85
    return np.asarray(np.clip(brighter, 0, 255), np.uint8)


def make() -> None:
    """Write every picture that is made."""
    for name, damage in DAMAGED.items():
        _write(name, _damaged(damage))
    for name, (listing, order) in PACKED.items():
        rng = np.random.default_rng(8)
        _write(name, packed(_read(listing)[..., ::-1], rng, ("SAMPLE WAYBILL", order))[..., ::-1])
    name, original = _LABELLED
    label = aigc(ContentProducer="001191110000DEMO0000000001", ProduceID="demo-enhanced-0001")
    _write(name, _enhanced(_read(original)), b"Exif\0\0" + exif(UserComment=b"ASCII\0\0\0" + label.encode()))


if __name__ == "__main__":
    make()
