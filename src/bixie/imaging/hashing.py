"""Perceptual hash (pHash): 64 bits that change little when a picture is recompressed or resized.

A coarse filter and the baseline of the bench, not evidence.
"""

import cv2
import numpy as np

__all__ = ["BITS", "hamming", "perceptual_hash"]

BITS = 64
_SIDE = 32
_LOW_FREQUENCIES = 8


def perceptual_hash(rgb: np.ndarray) -> int:
    """Return the DCT hash of a picture.

    The picture is reduced to 32 × 32 grey levels. Each bit tells whether one of the 8 × 8 lowest frequencies
    of its cosine transform exceeds their median, which leaves out the constant term.

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
    lowest = cv2.dct(small.astype(np.float32))[:_LOW_FREQUENCIES, :_LOW_FREQUENCIES].ravel()
    above = lowest > np.median(lowest[1:])
    return int.from_bytes(np.packbits(above).tobytes())


def hamming(one: int, other: int) -> int:
    """Return the Hamming distance of two hashes, 0 to `BITS`."""
    return (one ^ other).bit_count()
