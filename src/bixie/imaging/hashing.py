"""The classic perceptual hash: 64 bits that stay alike when a picture is recompressed or resized.

A coarse filter and the floor to compare against, not a judgement: see the tables of the benchmark.
"""

import cv2
import numpy as np

__all__ = ["BITS", "hamming", "perceptual_hash"]

BITS = 64
_SIDE = 32
_KEPT = 8


def perceptual_hash(rgb: np.ndarray) -> int:
    """Return the DCT hash of a picture.

    The picture is reduced to 32 × 32 grey levels; of its cosine transform the 8 × 8 lowest frequencies are
    kept, and each bit says whether one lies above their median (the constant term left out of the median).

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8 sRGB

    Returns
    -------
    int
        64 bits, the lowest frequency first (most significant).

    References
    ----------
    C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010, section 3.2.1.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    lowest = cv2.dct(small.astype(np.float32))[:_KEPT, :_KEPT].ravel()
    above = lowest > np.median(lowest[1:])
    return int.from_bytes(np.packbits(above).tobytes())


def hamming(one: int, other: int) -> int:
    """Return in how many bits two hashes differ, 0 to `BITS`."""
    return (one ^ other).bit_count()
