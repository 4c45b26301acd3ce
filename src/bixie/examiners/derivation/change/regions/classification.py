"""Tell what a region of difference is: changed content, a mark drawn onto the picture, or neither.

The change network looks at pixels. A person also sees the whole thing: what it looks like and its form, in
crops of their own (`region_crops`), and a few numbers (`region_numbers`), weighed together by two more small
networks (`training/regions.py`).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned
from bixie.examiners.derivation.change.change_network import ChangeMaps
from bixie.examiners.derivation.change.regions.crops import crop_forms, crop_regions
from bixie.examiners.derivation.change.regions.features import extract_region_features
from bixie.examiners.derivation.change.regions.splitting import Regions
from bixie.examiners.derivation.networks import load_network

__all__ = [
    "CLASSES",
    "ENSEMBLE",
    "classify_regions",
    "ensemble_probabilities",
    "region_classes",
    "smooth_in_groups",
]

CLASSES = ("changed", "annotated", "neither")
SURE = 0.8
"""Probability from which a region needs no company."""
MIN_SURE = 0.5
"""Probability that some region must reach before anything is called damage: more likely damage than not.

To take a mark for damage accuses somebody. `training/README.md` says what this and more would cost.
"""
ONE_INK = 40.0
"""Grey levels, in every channel, within which pieces may be of one ink: damage that a mark touches is not."""
MIN_ODDS = 1e-3
ENSEMBLE = {
    "region_network.onnx": ("crops", "numbers"),
    "region_form_network.onnx": ("crops", "forms", "numbers"),
}
"""Who is asked, and what each of them sees. Where one errs the other often does not (ADR 20)."""


def classify_regions(aligned: Aligned, maps: ChangeMaps, regions: Regions) -> NDArray[np.float64]:
    """Return what each region is, as probabilities of `CLASSES`, shape (n, 3).

    Parameters
    ----------
    aligned : Aligned
    maps : ChangeMaps
    regions : Regions
    """
    if not len(regions.numbers):
        return np.zeros((0, len(CLASSES)))
    seen: dict[str, NDArray[Any]] = {
        "crops": crop_regions(aligned.exhibit, aligned.known, regions),
        "forms": crop_forms(aligned.exhibit, aligned.known, regions),
        "numbers": extract_region_features(aligned.exhibit, aligned.known, maps, regions),
    }
    return smooth_in_groups(ensemble_probabilities(seen), regions, aligned.exhibit)


def ensemble_probabilities(seen: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
    """Return what all of `ENSEMBLE` say of regions, averaged, shape (n, 3).

    Parameters
    ----------
    seen : mapping of str to ndarray
        ``crops`` and ``forms`` as `region_crops` has them, ``numbers`` as `region_numbers`; n of each.
    """
    answers = []
    for name, sees in ENSEMBLE.items():
        net = load_network(name)
        for one in sees:
            net.setInput(seen[one].astype(np.float32), one)
        answers.append(np.array(net.forward(), np.float64))
    return np.asarray(np.mean(answers, axis=0))


def region_classes(odds: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return what to call each region: the likeliest of `CLASSES`, but no damage that nothing makes sure.

    Parameters
    ----------
    odds : ndarray, shape (n, 3)
        Of `classify_regions`.

    Returns
    -------
    ndarray, shape (n,)
        Indices of `CLASSES`. Where no region is damage with `MIN_SURE`, those that lean towards it are what
        they are next likely to be; one that is sure vouches for all.
    """
    damage = CLASSES.index("changed")
    kinds = np.asarray(odds.argmax(axis=1))
    if odds[kinds == damage, damage].max(initial=0.0) >= MIN_SURE:
        return kinds
    others = odds.copy()
    others[:, damage] = -1.0
    return np.asarray(others.argmax(axis=1))


def smooth_in_groups(
    odds: NDArray[np.float64], regions: Regions, exhibit: NDArray[np.uint8]
) -> NDArray[np.float64]:
    """Let uncertain pieces follow what the pieces of one colour around them look like.

    A stroke over a busy ground falls into pieces, and so does a pale word; alone, some look like scratches.

    Parameters
    ----------
    odds : ndarray, shape (n, 3)
        Probabilities of `CLASSES`, each region judged for itself.
    regions : Regions
    exhibit : ndarray, shape (h, w, 3), uint8 sRGB

    Returns
    -------
    ndarray, shape (n, 3)
        Rows of regions that are surer than `SURE`, or noise, are as they were. The others hold the mean of
        logarithms over their group's pieces of about their colour, each weighted by the root of its area.
    """
    area = np.bincount(regions.labels.ravel())[regions.numbers]
    colours = _mean_colours(regions, exhibit)
    logs = np.sqrt(area)[:, None] * np.log(np.maximum(odds, MIN_ODDS))
    agreed = odds.copy()
    noise = odds.argmax(axis=1) == CLASSES.index("neither")
    for number in np.flatnonzero((odds.max(axis=1) <= SURE) & ~noise):
        like = np.abs(colours - colours[number]).max(axis=1) < ONE_INK
        like &= regions.group_of == regions.group_of[number]
        mean = np.exp(logs[like].sum(axis=0) / np.sqrt(area[like]).sum())
        agreed[number] = mean / mean.sum()
    return agreed


def _mean_colours(regions: Regions, exhibit: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the mean colour of each region, shape (n, 3)."""
    places = np.flatnonzero(regions.labels)
    labels, pixels = regions.labels.ravel()[places], exhibit.reshape(-1, 3)[places]
    size = int(regions.labels.max()) + 1
    sums = np.stack([np.bincount(labels, pixels[:, channel], size) for channel in range(3)], axis=1)
    return np.asarray((sums / np.maximum(np.bincount(labels, minlength=size), 1)[:, None])[regions.numbers])
