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
    numbers = describe_regions(aligned.exhibit, aligned.known, maps, regions).astype(np.float32)
    crops = crop_regions(aligned.exhibit, aligned.known, regions).astype(np.float32)
    net = network(_MODEL)
    answers = []
    for one in range(len(numbers)):  # one at a time: OpenCV 5.0 answers otherwise for several at once
        net.setInput(crops[one : one + 1], "crops")
        net.setInput(numbers[one : one + 1], "numbers")
        answers.append(net.forward()[0].astype(np.float64))
    return np.stack(answers)
