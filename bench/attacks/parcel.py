"""A picture on its way to us, with everything that is known about where its content lies.

Every step of a delivery takes a parcel and returns a new one; geometry is applied to pixels, masks and
homography alike, so that the truth stays true.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

__all__ = ["Parcel", "pack", "settle", "warp"]


@dataclass(frozen=True)
class Parcel:
    """A picture under way.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    masks : dict of ndarray, shape (h, w), float32, 0..1
        Soft while under way: thin lines survive reduction as fractions.
    valid : ndarray, shape (h, w), float32, 0..1
        1 where the pixel shows content of the known picture.
    homography : ndarray, shape (3, 3), float64
        From pixels of the known picture to pixels of this one.
    """

    rgb: np.ndarray
    masks: dict[str, np.ndarray]
    valid: np.ndarray
    homography: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.rgb.shape[0], self.rgb.shape[1]

    def with_pixels(self, rgb: np.ndarray) -> "Parcel":
        """Return the parcel with other pixels of the same shape and unchanged geometry."""
        return replace(self, rgb=np.clip(rgb, 0, 255).astype(np.uint8) if rgb.dtype != np.uint8 else rgb)

    def moved(self, matrix: np.ndarray, size: tuple[int, int], ground: np.ndarray | None = None) -> "Parcel":
        """Warp onto a new frame.

        Parameters
        ----------
        matrix : ndarray, shape (3, 3)
            From pixels of this parcel to pixels of the new frame.
        size : (width, height)
        ground : ndarray, shape (height, width, 3), uint8, optional
            What stands where the parcel does not reach; black when not given.
        """
        inside = warp(np.ones(self.shape, np.float32), matrix, size)
        rgb = warp(self.rgb, matrix, size, replicate=True).astype(np.float32)
        below = np.zeros_like(rgb) if ground is None else ground.astype(np.float32)
        mixed = rgb * inside[..., None] + below * (1 - inside[..., None])
        return Parcel(
            np.clip(mixed.round(), 0, 255).astype(np.uint8),
            {name: warp(mask, matrix, size) for name, mask in self.masks.items()},
            warp(self.valid, matrix, size),
            matrix @ self.homography,
        )

    def under(self, alpha: np.ndarray, layer: np.ndarray) -> "Parcel":
        """Cover with an opaque layer where `alpha` (h, w) is 1: what is covered is no longer shown."""
        rgb = self.rgb * (1 - alpha[..., None]) + layer * alpha[..., None]
        clear = np.float32(1) - alpha.astype(np.float32)
        return Parcel(
            np.clip(rgb.round(), 0, 255).astype(np.uint8),
            {name: mask * clear for name, mask in self.masks.items()},
            self.valid * clear,
            self.homography,
        )


def pack(rgb: np.ndarray, masks: dict[str, np.ndarray]) -> Parcel:
    """Start a delivery: `masks` are uint8 0 or 255, of the shape of `rgb`."""
    soft = {name: mask.astype(np.float32) / 255.0 for name, mask in masks.items()}
    return Parcel(rgb, soft, np.ones(rgb.shape[:2], np.float32), np.eye(3))


def settle(soft: np.ndarray) -> np.ndarray:
    """Harden a soft mask.

    A pixel belongs to the mask if half of it is covered. Where nothing around is covered well, a thin
    line was reduced to fractions of a pixel: there, what carries half of the strongest pixel beside it stays.

    Returns
    -------
    ndarray, uint8, 0 or 255
    """
    beside, around = (cv2.dilate(soft, np.ones((side, side), np.uint8)) for side in (3, 7))
    line = (around < 0.75) & (soft >= 0.5 * beside) & (soft > 0.12)
    hard: np.ndarray = ((soft >= 0.5) | line).astype(np.uint8) * 255
    return hard


def warp(
    image: np.ndarray, matrix: np.ndarray, size: tuple[int, int], *, replicate: bool = False
) -> np.ndarray:
    """Warp by a 3 x 3 matrix to ``size = (width, height)``, low-passed first where it gets smaller."""
    height, width = image.shape[:2]
    scale = _local_scale(matrix, width / 2, height / 2)
    if scale < 0.9:
        image = cv2.GaussianBlur(image, (0, 0), 0.42 * np.sqrt(1.0 / scale**2 - 1.0) + 1e-3)
    border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
    interpolation = cv2.INTER_CUBIC if replicate and scale > 1.0 else cv2.INTER_LINEAR
    warped: np.ndarray = cv2.warpPerspective(image, matrix, size, flags=interpolation, borderMode=border)
    return warped


def _local_scale(matrix: np.ndarray, x: float, y: float) -> float:
    """Factor by which lengths around (x, y) change (square root of the Jacobian's determinant)."""
    points = np.array([[x, y, 1.0], [x + 1, y, 1.0], [x, y + 1, 1.0]]) @ matrix.T
    points = points[:, :2] / points[:, 2:]
    area = np.linalg.det(np.stack([points[1] - points[0], points[2] - points[0]]))
    return float(np.sqrt(max(abs(float(area)), 1e-9)))
