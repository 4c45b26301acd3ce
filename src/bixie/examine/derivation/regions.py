"""Tell what a region of difference is: changed content, a mark drawn onto the picture, or neither.

The network looks at pixels. A person also sees the whole thing: a few numbers for each region
(`region_numbers`), weighed by a small fitted model (`bench/training/regions.py`).
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from bixie.examine.derivation.alignment import Aligned
from bixie.examine.derivation.change_network import ChangeMaps
from bixie.examine.derivation.region_numbers import describe_regions
from bixie.examine.derivation.splitting import Regions

__all__ = ["KINDS", "judged"]

KINDS = ("changed", "annotated", "neither")


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
    model = _model()
    values = (describe_regions(aligned.exhibit, aligned.known, maps, regions) - model.centre) / model.spread
    hidden = np.maximum(np.clip(values, -4, 4) @ model.first + model.first_bias, 0)
    logits = hidden @ model.second + model.second_bias
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    first: NDArray[np.float64]
    first_bias: NDArray[np.float64]
    second: NDArray[np.float64]
    second_bias: NDArray[np.float64]


@cache
def _model() -> _Model:
    stored = json.loads(resources.files(__package__).joinpath("regions.json").read_text(encoding="utf-8"))
    return _Model(**{name: np.array(stored[name]) for name in _Model.__slots__})
