"""Tells one exposure from two that were taken from the same place, by their noise.

A sensor's noise is another one in every exposure. What was copied from an exposure keeps its noise, and
whoever adds more does not take it away. The scene's own texture is in both exposures, so it is filtered out
and the quietest places count.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_OF_TWO_EXPOSURES", "noise_agreement"]

MAX_OF_TWO_EXPOSURES = 0.2
"""Agreement below which two pictures are taken for two exposures (measured: CARD.md)."""
_SIGMA = 1.0
"""Pixels; what is coarser is the scene's. Second differences, which keep the finest only, would compare what
compression has left: a fifth of edited copies had nothing in common there."""
_BLOCK = 24
_MIN_NOISE = 0.7
"""Grey levels that the noise of a block must have in both pictures."""
_MIN_RATIO = 0.5
"""Of the weaker noise to the stronger: harder compression leaves little of an exposure's own."""
_MIN_BLOCKS = 30
_QUIET_SHARE = 0.25
_DARKEST, _BRIGHTEST = 12, 243
"""Beyond these grey levels noise is cut off."""
_MARGIN = 7


def noise_agreement(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], usable: NDArray[np.bool_]
) -> float | None:
    """Return how far the noise of two aligned pictures is the same.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
        The known picture is registered to the exhibit.
    usable : ndarray, shape (h, w), bool
        What both show, without the places that differ.

    Returns
    -------
    float or None
        Correlation, from -1 to 1: the median of the quietest blocks that have noise in both. None where too
        few have any, as after hard compression.
    """
    first, second = (cv2.cvtColor(one, cv2.COLOR_RGB2GRAY).astype(np.float32) for one in (exhibit, known))
    inside = usable.copy()
    for grey in (first, second):
        inside &= (grey > _DARKEST) & (grey < _BRIGHTEST)
    inside = cv2.erode(inside.astype(np.uint8), np.ones((_MARGIN, _MARGIN), np.uint8))
    noise = [grey - cv2.GaussianBlur(grey, (0, 0), _SIGMA) for grey in (first, second)]
    means = [_block_means(one) for one in noise]
    deviations = [
        np.sqrt(np.maximum(_block_means(one * one) - mean**2, 0))
        for one, mean in zip(noise, means, strict=True)
    ]
    weaker, stronger = np.minimum(*deviations), np.maximum(*deviations)
    counts = (weaker > _MIN_NOISE) & (weaker > _MIN_RATIO * stronger)
    counts &= _block_means(inside.astype(np.float32)) > 0.99
    if counts.sum() < _MIN_BLOCKS:
        return None
    common = _block_means(noise[0] * noise[1]) - means[0] * means[1]
    agreement = (common / np.maximum(weaker * stronger, 1e-9))[counts]
    quiet = stronger[counts] <= np.quantile(stronger[counts], _QUIET_SHARE)
    return float(np.median(agreement[quiet]))


def _block_means(values: NDArray[np.float32]) -> NDArray[np.float32]:
    rows, columns = values.shape[0] // _BLOCK, values.shape[1] // _BLOCK
    blocks = values[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    means: NDArray[np.float32] = blocks.mean((1, 3))
    return means
