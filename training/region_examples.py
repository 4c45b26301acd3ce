"""Examples of regions to judge: aligned pairs, each with more edits laid over it, cut as examination cuts."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from bixie.examiners.derivation.change.change_network import predict_change
from bixie.examiners.derivation.change.regions.crops import (
    CHANNELS,
    FORM_CHANNELS,
    FORM_SIDE,
    SIDE,
    crop_forms,
    crop_regions,
)
from bixie.examiners.derivation.change.regions.features import FEATURE_NAMES, extract_region_features
from bixie.examiners.derivation.change.regions.splitting import split_regions
from training.edits import load_item
from training.injuries import injured
from training.light import compressed
from training.overlays import overlaid
from training.pairs import BELONGS, INVISIBLE_LEVELS
from training.wounds import wounded

__all__ = ["Examples", "collect"]

CLEAR = 0.5
"""A region is an example of what this share of its pixels is; the others teach nothing."""
_DAMAGED = 0.5
"""Share of damage, each of both painters as often, in what is laid over; the rest is marks.

The quick edits of `marks` are left out: their flat discs and smooth blobs are what stickers look like.
"""
_DULLED = 0.3
"""Share of the marks whose ink is made darker and greyer: by their form they are marks all the same."""

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Regions and what they are.

    Parameters
    ----------
    crops : ndarray, shape (n, channels, side, side), uint8
    forms : ndarray, shape (n, form channels, form side, form side), uint8
    numbers : ndarray, shape (n, features)
    kinds : ndarray, shape (n,)
        Indices of `CLASSES`.
    """

    crops: NDArray[np.uint8]
    forms: NDArray[np.uint8]
    numbers: NDArray[np.float64]
    kinds: NDArray[np.intp]

    @classmethod
    def joined(cls, parts: list["Examples"]) -> "Examples":
        """Return the examples of all parts, in order."""
        return cls(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("crops", "forms", "numbers", "kinds")
            )
        )


def _examples_of(item: dict) -> Examples:
    """Return an item's regions, as examination cuts them, and what each of them is."""
    counted = item["counts"] > 0
    maps = predict_change(item["exhibit"], item["aligned"], np.ones(counted.shape, bool))
    regions = split_regions(maps, cv2.dilate(item["counts"], np.ones((5, 5), np.uint8)) > 0)
    truth = np.where(item["annotated"] > 0, 1, np.where(item["changed"] > 0, 0, 2))
    size = len(np.bincount(regions.labels.ravel()))
    votes = np.stack(
        [np.bincount(regions.labels[counted & (truth == kind)], minlength=size) for kind in range(3)], axis=1
    )[regions.numbers]
    total = np.bincount(regions.labels.ravel())[regions.numbers]
    clear = votes.max(axis=1) >= CLEAR * total
    if not clear.any():
        empty = np.zeros((0, CHANNELS, SIDE, SIDE), np.uint8)
        formless = np.zeros((0, FORM_CHANNELS, FORM_SIDE, FORM_SIDE), np.uint8)
        return Examples(empty, formless, np.zeros((0, len(FEATURE_NAMES))), np.zeros(0, np.intp))
    numbers = extract_region_features(item["exhibit"], item["aligned"], maps, regions)
    crops = crop_regions(item["exhibit"], item["aligned"], regions)
    forms = crop_forms(item["exhibit"], item["aligned"], regions)
    return Examples(crops[clear], forms[clear], numbers[clear], votes.argmax(axis=1)[clear])


def _dulled(marked: Image, mask: NDArray[np.uint8], rng: np.random.Generator) -> Image:
    """Return a picture whose mark is darker and greyer than it was drawn."""
    grey = marked.mean(axis=2, keepdims=True)
    ink = (marked + rng.uniform(0.3, 1.0) * (grey - marked)) * rng.uniform(0.25, 1.0)
    cover = cv2.GaussianBlur(mask, (0, 0), 0.8).astype(np.float32)[..., None] / 255
    return np.asarray(marked + cover * (ink - marked), np.float32)


def _varied(item: dict, donor: NDArray[np.uint8], rng: np.random.Generator) -> dict:
    """Lay one to three more edits or marks over an item."""
    picture = item["exhibit"].astype(np.float32)
    changed, annotated, counts = (item[name].copy() for name in ("changed", "annotated", "counts"))
    for _ in range(int(rng.integers(1, 4))):
        before = picture
        if rng.random() < _DAMAGED:
            damage = wounded if rng.random() < 0.5 else injured
            picture, cover = damage(before, donor.astype(np.float32), rng)
            seen = np.abs(picture - before).max(axis=2) >= INVISIBLE_LEVELS
            changed[(cover > BELONGS) & seen], annotated[(cover > 0.5) & seen] = 255, 0
            counts[(cover > 0.03) & ~seen] = 0
        else:
            picture, mask = overlaid(before, rng)
            if rng.random() < _DULLED:
                picture = _dulled(picture, mask, rng)
            annotated[mask > 0], changed[mask > 0] = 255, 0
    exhibit = compressed(np.clip(picture, 0, 255).astype(np.uint8), rng, low=50)
    return item | {"exhibit": exhibit, "changed": changed, "annotated": annotated, "counts": counts}


def _examples_at(place: tuple[list[Path], int, int]) -> Examples:
    """Return the examples of one item of a pool, as it is and `again` times with more laid over it."""
    paths, number, again = place
    cv2.setNumThreads(1)
    item, donor = load_item(paths[number]), load_item(paths[number - 1])["exhibit"]
    parts = [_examples_of(item)]
    for turn in range(again):
        parts.append(_examples_of(_varied(item, donor, np.random.default_rng([number, turn, 17]))))
    return Examples.joined(parts)


def collect(pool: Path, again: int, workers: int) -> Examples:
    """Return the examples of a pool, each item also `again` times with more laid over it.

    Parameters
    ----------
    pool : Path
        As `training.aligned` writes it.
    """
    paths = sorted(pool.glob("*.npz"))
    places = [(paths, number, again) for number in range(len(paths))]
    with ProcessPoolExecutor(workers, get_context("spawn")) as processes:
        found = processes.map(_examples_at, places, chunksize=4)
        return Examples.joined(list(tqdm(found, desc=pool.name, total=len(places), unit="item")))
