"""A picture for the painters' tests: no photograph is needed to see where they paint."""

import numpy as np
from numpy.typing import NDArray


def photo(height: int, width: int, seed: int) -> NDArray[np.float32]:
    """Return a smooth scene with some grain, shape (height, width, 3), 0..255."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = np.stack([np.sin(x / 31 + k) * np.cos(y / 27 - k) for k in range(3)], axis=2)
    return np.clip(125 + 60 * waves + rng.normal(0, 4, waves.shape), 0, 255).astype(np.float32)
