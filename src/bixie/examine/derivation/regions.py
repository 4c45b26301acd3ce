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

__all__ = ["KINDS", "judged"]

KINDS = ("changed", "annotated", "neither")
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
    return np.asarray(net.forward(), np.float64)
