"""Quick edits without any painter's style, drawn anew for every training pair.

Blobs of any texture, colour and opacity, faint stains, specks and thin lines: the network shall learn that
content differs, not how one generator paints.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["obscured", "painted_anew"]

Image = NDArray[np.float32]


def _blob(shape: tuple[int, int], rng: np.random.Generator) -> Image:
    """Draw the opacity of a blob with a wavy outline and a soft or a hard edge, 0..1."""
    height, width = shape
    radius = float(np.exp(rng.uniform(np.log(2.5), np.log(0.22 * min(shape)))))
    centre = rng.uniform(0.05, 0.95, 2) * (width, height)
    turns = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    reach = 1 + sum(
        rng.normal(0, 0.25 / wave) * np.sin(wave * turns + rng.uniform(0, 6.28)) for wave in (1, 2, 3, 5, 8)
    )
    squeeze = np.exp(rng.normal(0, 0.35, 2))
    outline = centre + radius * np.clip(reach, 0.2, 2)[:, None] * np.stack(
        [np.cos(turns) * squeeze[0], np.sin(turns) * squeeze[1]], axis=1
    )
    if rng.random() < 0.08:
        corners = rng.integers(3, 7)
        outline = centre + radius * rng.uniform(0.5, 1.3, (corners, 1)) * np.stack(
            [np.cos(np.sort(rng.uniform(0, 6.28, corners))), np.sin(np.sort(rng.uniform(0, 6.28, corners)))],
            axis=1,
        )
    canvas = np.zeros(shape, np.uint8)
    cv2.fillPoly(canvas, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    alpha = canvas.astype(np.float32) / 255
    edge = float(rng.choice([0.0, 0.8, 0.08 * radius, 0.3 * radius]))
    return cv2.GaussianBlur(alpha, (0, 0), edge) if edge > 0.3 else alpha


def _line(shape: tuple[int, int], rng: np.random.Generator) -> Image:
    """Draw the opacity of one to four thin wandering lines."""
    alpha = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(1, 5))):
        count = int(rng.integers(3, 30))
        heading = rng.uniform(0, 6.28) + np.cumsum(rng.normal(0, rng.uniform(0.02, 0.6), count))
        step = rng.uniform(0.1, 0.9) * max(shape) / count
        start = rng.uniform(0, 1, 2) * shape[::-1]
        path = start + np.cumsum(step * np.stack([np.cos(heading), np.sin(heading)], axis=1), axis=0)
        canvas = np.zeros(shape, np.uint8)
        thick = int(rng.choice([1, 1, 2, 3]))
        cv2.polylines(canvas, [np.round(path * 16).astype(np.int32)], False, 255, thick, cv2.LINE_AA, 4)
        alpha = np.maximum(alpha, canvas.astype(np.float32) / 255 * float(rng.uniform(0.5, 1.0)))
    return cv2.GaussianBlur(alpha, (0, 0), 0.6) if rng.random() < 0.4 else alpha


def _specks(shape: tuple[int, int], rng: np.random.Generator) -> Image:
    canvas = np.zeros(shape, np.uint8)
    middle, spread = rng.uniform(0, 1, 2) * shape[::-1], rng.uniform(5, 60)
    for _ in range(int(rng.integers(1, 25))):
        x, y = np.round((middle + rng.normal(0, spread, 2)) * 16).astype(int)
        cv2.circle(
            canvas, (int(x), int(y)), round(float(rng.uniform(1.0, 4.0)) * 16), 255, -1, cv2.LINE_AA, 4
        )
    return canvas.astype(np.float32) / 255


def _filling(picture: Image, rng: np.random.Generator) -> Image:
    """Draw what the edit shows: a colour, texture, another place, or the picture itself in another tone."""
    shape = picture.shape[:2]
    choice = rng.integers(0, 6)
    if choice == 0:
        return np.broadcast_to(rng.uniform(0, 255, 3).astype(np.float32), picture.shape)
    if choice == 1:
        return np.roll(picture, [int(rng.uniform(0.15, 0.85) * side) for side in shape], axis=(0, 1))
    if choice == 2:
        grain = cv2.GaussianBlur(
            rng.normal(0, 1, shape).astype(np.float32), (0, 0), float(rng.uniform(0.5, 4))
        )
        grain *= float(rng.uniform(5, 40)) / max(1e-3, float(grain.std()))
        return rng.uniform(20, 235, 3).astype(np.float32) + grain[..., None]
    if choice == 3:
        return picture * rng.uniform(0.3, 1.0, 3).astype(np.float32)
    if choice == 4:
        return 255 - (255 - picture) * rng.uniform(0.3, 1.0, 3).astype(np.float32)
    smooth = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(6, 15)))
    return smooth + rng.normal(0, rng.uniform(0, 5), picture.shape).astype(np.float32)


def painted_anew(picture: Image, rng: np.random.Generator) -> tuple[Image, Image]:
    """Lay one or two quick edits over a picture.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), float32, 0..255

    Returns
    -------
    edited : ndarray, shape (h, w, 3), float32, 0..255
    alpha : ndarray, shape (h, w), float32, 0..1
        Opacity of what was laid over.
    """
    edited, total = picture, np.zeros(picture.shape[:2], np.float32)
    for _ in range(int(rng.choice([1, 1, 2]))):
        shape = [_blob, _line, _specks][int(rng.choice(3, p=[0.5, 0.35, 0.15]))]
        alpha = shape(picture.shape[:2], rng)
        if shape is _blob and rng.random() < 0.35:
            alpha = alpha * float(rng.uniform(0.15, 0.6))
        filling = _filling(picture, rng)
        if shape is _blob and alpha.max() < 0.7 and np.ptp(filling, axis=(0, 1)).max() < 1:
            filling = picture * (filling / 255)  # a flat tint laid over is a highlighter, no stain
        if shape is not _blob:
            mean = picture.mean(axis=(0, 1))
            filling = np.clip(mean * rng.uniform(0, 0.5) if rng.random() < 0.6 else mean * 0.3 + 170, 0, 255)
        edited = np.clip(edited * (1 - alpha[..., None]) + filling * alpha[..., None], 0, 255)
        total = np.maximum(total, alpha)
    return edited.astype(np.float32), total


def obscured(picture: Image, rng: np.random.Generator) -> tuple[Image, NDArray[np.bool_]]:
    """Blur or pixelate a box or an ellipse, as people hide addresses and faces; return picture and place."""
    height, width = picture.shape[:2]
    half = np.exp(rng.uniform(np.log(0.05), np.log(0.3), 2)) * (width, height)
    x, y = rng.uniform(0.1, 0.9, 2) * (width, height)
    inside = np.zeros((height, width), np.uint8)
    low, high = ((round(x - half[0]), round(y - half[1])), (round(x + half[0]), round(y + half[1])))
    if rng.random() < 0.8:
        cv2.rectangle(inside, low, high, 255, -1)
    else:
        cv2.ellipse(inside, (round(x), round(y)), (round(half[0]), round(half[1])), 0, 0, 360, 255, -1)
    if rng.random() < 0.6:
        block = float(rng.uniform(5, 26))
        size = (max(1, round(width / block)), max(1, round(height / block)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        hidden = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)
    else:
        hidden = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(5, 16)))
    place = inside > 0
    return np.where(place[..., None], hidden, picture), place
