"""The smooth functions of position that drift and illumination are fitted with."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["quadratic_basis"]


def quadratic_basis(
    xs: NDArray[np.int_], ys: NDArray[np.int_], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Return 1, x, y, x², xy, y² of pixel positions, shape (n, 6).

    Parameters
    ----------
    xs, ys : ndarray, shape (n,), int
        Pixels.
    shape : (int, int)
        Height and width of the frame, over which x and y are scaled to -1..1.
    """
    x, y = 2 * xs / shape[1] - 1, 2 * ys / shape[0] - 1
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
