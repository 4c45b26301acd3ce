"""Local statistics of a picture that reaches only so far."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["MaskedGaussian"]

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class MaskedGaussian:
    """Local averages that look at nothing beyond the known picture's frame (normalised convolution [1]_).

    Parameters
    ----------
    sigma : float
        Pixels.
    weight, total : ndarray, shape (h, w), float32
        1 where there is something to see, and its local sum.

    References
    ----------
    .. [1] H. Knutsson, C.-F. Westin, "Normalized and differential convolution", CVPR 1993.
    """

    sigma: float
    weight: Image
    total: Image

    @classmethod
    def of(cls, covered: NDArray[np.bool_], sigma: float) -> "MaskedGaussian":
        """Return the window of a Gaussian of `sigma` pixels that sees only where `covered` is true."""
        weight = covered.astype(np.float32)
        return cls(sigma, weight, cv2.GaussianBlur(weight, (0, 0), sigma) + 1e-4)

    def mean(self, image: Image) -> Image:
        """Return the local mean, shape of `image`."""
        if self.weight.all():
            return np.asarray(cv2.GaussianBlur(image, (0, 0), self.sigma))
        return np.asarray(cv2.GaussianBlur(image * self.weight, (0, 0), self.sigma) / self.total)

    def moments(self, image: Image) -> tuple[Image, Image]:
        """Return the local mean and standard deviation."""
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
        """Return the local correlation of two pictures with their moments, -1..1; `noise` is a deviation."""
        covariance = self.mean(first * second) - moments_first[0] * moments_second[0]
        power = (moments_first[1] ** 2 + noise**2) * (moments_second[1] ** 2 + noise**2)
        return np.asarray(covariance / np.sqrt(power))
