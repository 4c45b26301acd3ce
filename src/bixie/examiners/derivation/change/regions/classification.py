"""Classify regions of difference: changed content, an annotation drawn onto the picture, or neither.

The change network answers pixel by pixel. Two small networks (`training/regions.py`) look at each region as a
whole: its appearance and its form (`crops`) and some forty features (`features`).
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
"""Probability from which a region's class does not depend on its group."""
MIN_SURE = 0.5
"""Probability of damage that one region must reach before any region is called damage: more likely than not.

Taking an annotation for damage accuses somebody. `training/README.md` holds what this and higher values cost.
"""
MAX_INK_DIFFERENCE = 40.0
"""Grey levels, in every channel, up to which regions of a group may be of one ink."""
MIN_PROBABILITY = 1e-3
"""Lower bound of a probability before its logarithm is taken."""
ENSEMBLE = {
    "region_network.onnx": ("crops", "numbers"),
    "region_form_network.onnx": ("crops", "forms", "numbers"),
}
"""Network files and the inputs of each. Where one errs the other is often right (ADR 20)."""


def classify_regions(aligned: Aligned, maps: ChangeMaps, regions: Regions) -> NDArray[np.float64]:
    """Return the probabilities of `CLASSES` of each region, shape (n, 3).

    Parameters
    ----------
    aligned : Aligned
    maps : ChangeMaps
    regions : Regions
    """
    if not len(regions.numbers):
        return np.zeros((0, len(CLASSES)))
    inputs: dict[str, NDArray[Any]] = {
        "crops": crop_regions(aligned.exhibit, aligned.known, regions),
        "forms": crop_forms(aligned.exhibit, aligned.known, regions),
        "numbers": extract_region_features(aligned.exhibit, aligned.known, maps, regions),
    }
    return smooth_in_groups(ensemble_probabilities(inputs), regions, aligned.exhibit)


def ensemble_probabilities(inputs: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
    """Return the mean probabilities of the networks of `ENSEMBLE`, shape (n, 3).

    Parameters
    ----------
    inputs : mapping of str to ndarray
        ``crops`` and ``forms`` of the module `crops`, ``numbers`` of the module `features`; n of each.
    """
    answers = []
    for name, input_names in ENSEMBLE.items():
        net = load_network(name)
        for input_name in input_names:
            net.setInput(inputs[input_name].astype(np.float32), input_name)
        answers.append(np.array(net.forward(), np.float64))
    return np.asarray(np.mean(answers, axis=0))


def region_classes(probabilities: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the class of each region: the likeliest, but damage only where one region is clearly damage.

    Parameters
    ----------
    probabilities : ndarray, shape (n, 3)
        As `classify_regions` returns them.

    Returns
    -------
    ndarray, shape (n,)
        Indices of `CLASSES`. Where no region reaches `MIN_SURE` of damage, those that lean towards it get
        their second likeliest class.
    """
    damage = CLASSES.index("changed")
    classes = np.asarray(probabilities.argmax(axis=1))
    if probabilities[classes == damage, damage].max(initial=0.0) >= MIN_SURE:
        return classes
    others = probabilities.copy()
    others[:, damage] = -1.0
    return np.asarray(others.argmax(axis=1))


def smooth_in_groups(
    probabilities: NDArray[np.float64], regions: Regions, exhibit: NDArray[np.uint8]
) -> NDArray[np.float64]:
    """Let uncertain regions follow the regions of their colour in their group.

    A stroke over a busy ground breaks into pieces, as does a pale word; alone, some look like scratches.

    Parameters
    ----------
    probabilities : ndarray, shape (n, 3)
        Of `CLASSES`, for each region by itself.
    regions : Regions
    exhibit : ndarray, shape (h, w, 3), uint8 sRGB

    Returns
    -------
    ndarray, shape (n, 3)
        Regions above `SURE`, and those classified as neither, keep their rows. The others get the geometric
        mean over the regions of their group and colour, weighted by the square root of the area.
    """
    area = np.bincount(regions.labels.ravel())[regions.numbers]
    colours = _mean_colours(regions, exhibit)
    logs = np.sqrt(area)[:, None] * np.log(np.maximum(probabilities, MIN_PROBABILITY))
    smoothed = probabilities.copy()
    noise = probabilities.argmax(axis=1) == CLASSES.index("neither")
    for number in np.flatnonzero((probabilities.max(axis=1) <= SURE) & ~noise):
        alike = np.abs(colours - colours[number]).max(axis=1) < MAX_INK_DIFFERENCE
        alike &= regions.group_of == regions.group_of[number]
        mean = np.exp(logs[alike].sum(axis=0) / np.sqrt(area[alike]).sum())
        smoothed[number] = mean / mean.sum()
    return smoothed


def _mean_colours(regions: Regions, exhibit: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the mean colour of each region, shape (n, 3)."""
    pixels = np.flatnonzero(regions.labels)
    labels, colours = regions.labels.ravel()[pixels], exhibit.reshape(-1, 3)[pixels]
    size = int(regions.labels.max()) + 1
    sums = np.stack([np.bincount(labels, colours[:, channel], size) for channel in range(3)], axis=1)
    return np.asarray((sums / np.maximum(np.bincount(labels, minlength=size), 1)[:, None])[regions.numbers])
