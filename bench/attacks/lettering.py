"""Writing on pictures without any installed font: a few characters as strokes, and Pillow's own Latin font.

A benchmark that draws different pictures on different machines could not be repeated.
"""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

__all__ = ["CHINESE", "LATIN", "chinese", "latin"]

# Strokes on a grid of 10 x 10, y downwards.
_GLYPHS: dict[str, list[list[tuple[float, float]]]] = {
    "坏": [
        [(0.5, 3.2), (4, 3.2)],
        [(2.2, 1), (2.2, 8)],
        [(0.2, 8.2), (4.2, 7.6)],
        [(4.8, 1.6), (9.6, 1.6)],
        [(7.4, 1.8), (5.8, 4.6), (4.4, 6.2)],
        [(7.2, 3.8), (7.2, 9.6)],
        [(7.6, 4.4), (9.6, 6.4)],
    ],
    "了": [[(1.5, 1.5), (8.2, 1.5), (5.2, 4)], [(5.2, 4), (5.2, 9), (3.6, 8.2)]],
    "里": [
        [(1.8, 0.8), (1.8, 5.2)],
        [(1.8, 0.8), (8.2, 0.8), (8.2, 5.2)],
        [(1.8, 3), (8.2, 3)],
        [(1.8, 5.2), (8.2, 5.2)],
        [(5, 0.8), (5, 9.2)],
        [(2, 7.2), (8, 7.2)],
        [(0.6, 9.2), (9.4, 9.2)],
    ],
    "不": [
        [(0.6, 1.4), (9.4, 1.4)],
        [(5.4, 1.6), (3.4, 4.6), (0.6, 6.8)],
        [(5, 3.8), (5, 9.6)],
        [(5.8, 4.4), (9, 7)],
    ],
    "大": [[(0.6, 3.4), (9.4, 3.4)], [(5, 0.6), (4.6, 4.6), (0.8, 9.4)], [(5, 4), (6.4, 6.8), (9.4, 9.4)]],
    "有": [
        [(0.6, 2.2), (9.4, 2.2)],
        [(4.6, 0.4), (3, 4), (0.6, 7)],
        [(3.2, 4), (3.2, 9.6)],
        [(3.2, 4), (8, 4), (8, 9.2), (6.8, 9)],
        [(3.2, 5.8), (8, 5.8)],
        [(3.2, 7.5), (8, 7.5)],
    ],
    "口": [[(1.6, 2), (1.6, 8.8)], [(1.6, 2), (8.4, 2), (8.4, 8.8)], [(1.6, 8.4), (8.4, 8.4)]],
    "上": [[(5, 0.8), (5, 8.8)], [(5, 4.4), (8.4, 4.4)], [(0.6, 8.8), (9.4, 8.8)]],
    "下": [[(0.6, 1.6), (9.4, 1.6)], [(4.8, 1.8), (4.8, 9.6)], [(5.2, 4), (8, 6)]],
    "中": [
        [(1.6, 2.6), (1.6, 6.6)],
        [(1.6, 2.6), (8.4, 2.6), (8.4, 6.6)],
        [(1.6, 6.4), (8.4, 6.4)],
        [(5, 0.4), (5, 9.6)],
    ],
}
CHINESE = ("坏了", "里有口", "不中", "大口", "上下坏了", "有口")
LATIN = ("BROKEN", "look here!", "2026-03-14 09:21", "No. 3", "damaged", "WTF??", "x2", "SIZE 42", "@shop_88")


def chinese(text: str, size: int, weight: float) -> np.ndarray:
    """Draw characters of `CHINESE`.

    Parameters
    ----------
    size : int
        Height of a character in pixels.
    weight : float
        Width of a stroke relative to the height.

    Returns
    -------
    ndarray, shape (size + margin, n), float32, 0..1
        Coverage.
    """
    margin = max(2, round(size * 0.15))
    canvas = np.zeros((size + 2 * margin, size * len(text) + 2 * margin), np.uint8)
    thickness = max(1, round(size * weight))
    for index, character in enumerate(text):
        for stroke in _GLYPHS[character]:
            points = np.array(stroke) * (size * 0.092) + [margin + index * size, margin]
            cv2.polylines(
                canvas, [np.round(points * 16).astype(np.int32)], False, 255, thickness, cv2.LINE_AA, 4
            )
    return canvas.astype(np.float32) / 255.0


def latin(text: str, size: int) -> np.ndarray:
    """Draw Latin letters with the font that comes with Pillow; coverage as in `chinese`."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    margin = max(2, round(size * 0.15))
    canvas = Image.new("L", (int(right - left) + 2 * margin, int(bottom - top) + 2 * margin))
    ImageDraw.Draw(canvas).text((margin - left, margin - top), text, fill=255, font=font)
    return np.asarray(canvas, np.float32) / 255.0
