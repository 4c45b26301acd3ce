"""The slight drift of an editor that rewrites the whole frame: nothing stays exactly where it was."""

import cv2
import numpy as np

from bench.attacks.surface import fractal_noise

__all__ = ["drift"]


def drift(
    rgb: np.ndarray, masks: dict[str, np.ndarray], rng: np.random.Generator, most: float = 2.0
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Displace a picture smoothly.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    masks : dict of ndarray, shape (h, w), uint8
        Displaced likewise.
    most : float
        Largest displacement in pixels at a long side of 640.
    """
    height, width = rgb.shape[:2]
    reach = most * max(height, width) / 640.0
    fields = [
        cv2.GaussianBlur(
            fractal_noise((height, width), rng, max(height, width) / 3, 3), (0, 0), max(height, width) / 40
        )
        for _ in range(2)
    ]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = xs + reach * (2 * fields[0] - 1), ys + reach * (2 * fields[1] - 1)
    moved = cv2.remap(rgb, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return moved, {name: cv2.remap(mask, x, y, cv2.INTER_NEAREST) for name, mask in masks.items()}
