"""Pictures for the tests of `derivation`: the example's photographs, and ways to deliver them."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

EXAMPLES = Path(__file__).parents[2] / "examples"

Rgb = NDArray[np.uint8]


def photograph(name: str) -> Rgb:
    """Return a photograph of the example, by its file name."""
    bgr = cv2.imdecode(np.frombuffer((EXAMPLES / name).read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(bgr[:, :, ::-1])


def compressed(rgb: Rgb, quality: int) -> Rgb:
    """Return the picture after a JPEG round trip."""
    _, data = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1])


def warped(rgb: Rgb, matrix: NDArray[np.float64], size: tuple[int, int]) -> Rgb:
    """Return the picture under a homography, grey where it does not reach."""
    return np.asarray(
        cv2.warpPerspective(rgb, matrix, size, flags=cv2.INTER_AREA, borderValue=(128, 128, 128)), np.uint8
    )


def stained(rgb: Rgb) -> tuple[Rgb, NDArray[np.bool_]]:
    """Return the picture with a dark blot in its middle, and where it is."""
    height, width = rgb.shape[:2]
    blot = np.zeros((height, width), np.uint8)
    cv2.ellipse(blot, (width // 2, height // 2), (width // 9, height // 14), 25, 0, 360, 255, cv2.FILLED)
    out = rgb.copy()
    out[blot > 0] = (0.35 * rgb[blot > 0] + np.array([40, 20, 10])).astype(np.uint8)
    return out, blot > 0


def parted(rgb: Rgb, by: float) -> Rgb:
    """Return the picture with its quarters drawn apart by `by` pixels, each its own way, without a seam."""
    height, width = rgb.shape[:2]
    ways = np.array([[1.0, -1.0], [-1.0, 1.0]], np.float32) * by
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    off = cv2.GaussianBlur(np.repeat(np.repeat(ways, 300, axis=0), 300, axis=1), (0, 0), 25)
    off = cv2.resize(off, (width, height))
    return np.asarray(
        cv2.remap(rgb, x + off, y - off, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT), np.uint8
    )


def redrawn(rgb: Rgb) -> Rgb:
    """Return the picture smoothed, sharpened, a little stretched, its parts moved, as if redrawn."""
    smooth = cv2.bilateralFilter(parted(rgb, 9.0), 7, 25, 3)
    sharp = cv2.addWeighted(smooth, 1.6, cv2.GaussianBlur(smooth, (0, 0), 2), -0.6, 0)
    return compressed(cv2.resize(sharp, (rgb.shape[1] + 24, rgb.shape[0] - 16)), 80)
