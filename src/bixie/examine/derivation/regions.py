"""Tell what a region of difference is: changed content, a mark drawn onto the picture, or neither.

The change network looks at pixels. A person also sees the whole thing: its form in a crop of its own
(`region_crops`) and a few numbers (`region_numbers`), weighed together by a second, small network
(`bench/training/regions.py`).
"""

import numpy as np
from numpy.typing import NDArray

from bixie.examine.derivation.alignment import Aligned
from bixie.examine.derivation.change_network import ChangeMaps
from bixie.examine.derivation.networks import network
from bixie.examine.derivation.region_crops import crop_regions
from bixie.examine.derivation.region_numbers import describe_regions
from bixie.examine.derivation.splitting import Regions

__all__ = ["KINDS", "judged", "together"]

KINDS = ("changed", "annotated", "neither")
SURE = 0.8
"""Probability from which a region needs no company: damage that a mark touches stays damage."""
LEAST_ODDS = 1e-3
_MODEL = "region_network.onnx"


def judged(aligned: Aligned, maps: ChangeMaps, regions: Regions) -> NDArray[np.float64]:
    """Return what each region is, as probabilities of `KINDS`, shape (n, 3).

    Parameters
    ----------
    aligned : Aligned
    maps : ChangeMaps
    regions : Regions
    """
    if not len(regions.numbers):
        return np.zeros((0, len(KINDS)))
    net = network(_MODEL)
    net.setInput(crop_regions(aligned.exhibit, aligned.known, regions).astype(np.float32), "crops")
    numbers = describe_regions(aligned.exhibit, aligned.known, maps, regions)
    net.setInput(numbers.astype(np.float32), "numbers")
    return together(np.asarray(net.forward(), np.float64), regions)


def together(odds: NDArray[np.float64], regions: Regions) -> NDArray[np.float64]:
    """Let uncertain pieces of a group follow what the whole group looks like.

    A stroke over a busy ground, or a pale word, falls into pieces, some of which look like scratches when alone.

    Parameters
    ----------
    odds : ndarray, shape (n, 3)
        Probabilities of `KINDS`, each region judged for itself.
    regions : Regions

    Returns
    -------
    ndarray, shape (n, 3)
        Rows of regions that are surer than `SURE`, or noise, are as they were; the others hold their group's
        mean of logarithms, each region weighted by the root of its area.
    """
    weights = np.sqrt(np.bincount(regions.labels.ravel())[regions.numbers])
    groups, group = np.unique(regions.group_of, return_inverse=True)
    totals = np.zeros((len(groups), len(KINDS)))
    np.add.at(totals, group, weights[:, None] * np.log(np.maximum(odds, LEAST_ODDS)))
    means = np.exp(totals / np.bincount(group, weights)[:, None])[group]
    means /= means.sum(axis=1, keepdims=True)
    stays = (odds.max(axis=1) > SURE) | (odds.argmax(axis=1) == KINDS.index("neither"))
    return np.where(stays[:, None], odds, means)
