"""Local mean, deviation and correlation of pictures that cover only a part of their grid."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["MaskedGaussian"]

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class MaskedGaussian:
    """A Gaussian window that ignores pixels outside a mask (normalised convolution [1]_).

    Parameters
    ----------
    sigma : float
        Standard deviation of the window, pixels.
    weight : ndarray, shape (h, w), float32
        1 inside the mask, 0 outside.
    total : ndarray, shape (h, w), float32
        Local sum of `weight` under the window.

    Notes
    -----
    With the window g and the mask c the local mean of f is ``(g * (c f)) / (g * c)``.

    References
    ----------
    .. [1] H. Knutsson, C.-F. Westin, "Normalized and differential convolution", CVPR 1993.
       DOI 10.1109/CVPR.1993.341081.
    """

    sigma: float
    weight: Image
    total: Image

    @classmethod
    def of(cls, mask: NDArray[np.bool_], sigma: float) -> "MaskedGaussian":
        """Return a window of `sigma` pixels that reads only where `mask` is true."""
        weight = mask.astype(np.float32)
        return cls(sigma, weight, cv2.GaussianBlur(weight, (0, 0), sigma) + 1e-4)

    def mean(self, image: Image) -> Image:
        """Return the local mean, shape of `image`."""
        if self.weight.all():
            return np.asarray(cv2.GaussianBlur(image, (0, 0), self.sigma))
        return np.asarray(cv2.GaussianBlur(image * self.weight, (0, 0), self.sigma) / self.total)

    def moments(self, image: Image) -> tuple[Image, Image]:
        """Return the local mean and standard deviation, each of the shape of `image`."""
        mean = self.mean(image)
        return mean, np.sqrt(np.maximum(self.mean(image * image) - mean * mean, 0))

    def correlation(
        self,
        first: Image,
        second: Image,
        moments_first: tuple[Image, Image],
        moments_second: tuple[Image, Image],
        noise: float,
    ) -> Image:
        """Return the local normalised cross-correlation (NCC) of two pictures, -1..1.

        Parameters
        ----------
        first, second : ndarray, shape (h, w), float32
        moments_first, moments_second : (ndarray, ndarray)
            As `moments` returns them for `first` and for `second`.
        noise : float
            Standard deviation of noise; keeps the correlation of plain areas near 0.

        Notes
        -----
        ``cov(a, b) / sqrt((var(a) + noise^2) (var(b) + noise^2))``.
        """
        covariance = self.mean(first * second) - moments_first[0] * moments_second[0]
        power = (moments_first[1] ** 2 + noise**2) * (moments_second[1] ** 2 + noise**2)
        return np.asarray(covariance / np.sqrt(power))
