"""Deliveries of other makes than the benchmark's own, so that nothing is fitted to one program's habits.

Slants before any padding, light from lamps and windows, frames of any app, and editors that rewrite the whole
frame without a network: what they have in common with `bench.attacks` is only what they are about.
"""

from collections.abc import Callable

import cv2
import numpy as np
from bench.attacks.parcel import Parcel
from bench.attacks.surface import fractal_noise

__all__ = ["VARIETIES", "recomposed", "refitted", "relit_unevenly", "reposed", "rewritten", "slanted"]

Generator = np.random.Generator


def _padding(parcel: Parcel, matrix: np.ndarray, size: tuple[int, int], rng: Generator) -> np.ndarray:
    """Draw what fills the frame where the picture does not reach, shape (height, width, 3)."""
    width, height = size
    choice = rng.random()
    if choice < 0.22:
        return np.zeros((height, width, 3), np.uint8)
    if choice < 0.44:
        return np.full((height, width, 3), 255, np.uint8)
    if choice < 0.58:
        return np.full((height, width, 3), rng.integers(0, 256, 3), np.uint8)
    if choice < 0.68:
        return np.asarray(cv2.warpPerspective(parcel.rgb, matrix, size, borderMode=cv2.BORDER_REPLICATE))
    if choice < 0.76:
        return np.asarray(cv2.warpPerspective(parcel.rgb, matrix, size, borderMode=cv2.BORDER_REFLECT_101))
    if choice < 0.9:
        small = cv2.resize(parcel.rgb, (64, 64), interpolation=cv2.INTER_AREA)
        soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), rng.uniform(1.5, 6)), size)
        return np.asarray(soft * rng.uniform(0.4, 1.0), np.uint8)
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    first, second = rng.uniform(20, 255, 3), rng.uniform(20, 255, 3)
    return np.broadcast_to(first * (1 - ramp) + second * ramp, (height, width, 3)).astype(np.uint8)


def slanted(parcel: Parcel, rng: Generator, most: float = 0.2) -> Parcel:
    """Slant and turn; the frame keeps its size, holds everything, or cuts some of it off."""
    height, width = parcel.shape
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-12, 12), rng.uniform(0.8, 1.15))
    # Two neighbouring corners usually move together: a camera tilts about one axis.
    shifts = rng.uniform(-most, most, (4, 2)) * (1.0 if rng.random() < 0.5 else 0.25)
    side = int(rng.integers(0, 4))
    inward = rng.uniform(0, most)
    axis = side % 2
    shifts[side, axis] += inward
    shifts[(side + 1) % 4, axis] -= inward
    target = cv2.transform((source + (shifts * [width, height]).astype(np.float32))[None], turn)[0]
    if rng.random() < 0.6:
        target = target - target.min(axis=0)
        size = (int(np.ceil(target[:, 0].max())), int(np.ceil(target[:, 1].max())))
    else:
        size = (width, height)
    matrix = cv2.getPerspectiveTransform(source, target.astype(np.float32))
    return parcel.moved(matrix, size, _padding(parcel, matrix, size, rng))


def framed(parcel: Parcel, rng: Generator) -> Parcel:
    """Set into a larger frame: bars, a card on a page, an app of any make, with marks in the bars."""
    height, width = parcel.shape
    size = (round(width * rng.uniform(1.0, 1.5)), round(height * rng.uniform(1.0, 2.0)))
    left, top = (int(rng.integers(0, a - b + 1)) for a, b in zip(size, (width, height), strict=True))
    matrix = np.array([[1.0, 0, left], [0, 1, top], [0, 0, 1]])
    ground = _padding(parcel, matrix, size, rng).copy()
    for _ in range(int(rng.integers(0, 14))):
        x, y = int(rng.integers(0, size[0])), int(rng.integers(0, size[1]))
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        if rng.random() < 0.6:
            word = "".join(chr(int(c)) for c in rng.integers(48, 122, int(rng.integers(2, 14))))
            cv2.putText(ground, word, (x, y), cv2.FONT_HERSHEY_DUPLEX, rng.uniform(0.3, 1.0), colour, 1, 16)
        else:
            cv2.rectangle(
                ground, (x, y), (x + int(rng.integers(8, 160)), y + int(rng.integers(4, 60))), colour, -1
            )
    return parcel.moved(matrix, size, ground)


def _places(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j].astype(np.float32)
    return rows, columns


def _lamp(shape: tuple[int, int], rng: Generator) -> np.ndarray:
    rows, columns = _places(shape)
    x, y = rng.uniform(-1.2, 1.2, 2)
    away = (columns - x) ** 2 + (rows - y) ** 2
    return np.asarray(1 + rng.uniform(-0.5, 1.0) * np.exp(-away / rng.uniform(0.25, 2.0)))


def _slope(shape: tuple[int, int], rng: Generator) -> np.ndarray:
    rows, columns = _places(shape)
    angle = rng.uniform(0, 2 * np.pi)
    return np.asarray(np.exp(rng.uniform(0.1, 0.7) * (np.cos(angle) * columns + np.sin(angle) * rows)))


def _vignette(shape: tuple[int, int], rng: Generator) -> np.ndarray:
    rows, columns = _places(shape)
    return np.asarray(1 - rng.uniform(0.1, 0.6) * ((rows**2 + columns**2) / 2) ** rng.uniform(0.8, 2))


def _shade(shape: tuple[int, int], rng: Generator) -> np.ndarray:
    cloud = fractal_noise(shape, rng, max(shape) * rng.uniform(0.4, 1.0), 2)
    return np.asarray(
        np.exp(rng.uniform(0.1, 0.7) * (cv2.GaussianBlur(cloud, (0, 0), max(shape) / 16) - 0.5))
    )


_FIELDS = (_lamp, _slope, _vignette, _shade)


def relit_unevenly(parcel: Parcel, rng: Generator) -> Parcel:
    """Give other light: one or two smooth fields, a colour cast that varies over the frame, other tones."""
    image = parcel.rgb.astype(np.float32) / 255
    for _ in range(int(rng.integers(1, 3))):
        field = _FIELDS[int(rng.integers(len(_FIELDS)))](parcel.shape, rng)[..., None]
        cast = np.exp(rng.normal(0, 0.15, 3)) if rng.random() < 0.5 else np.ones(3)
        image = image * field ** cast.astype(np.float32)
    if rng.random() < 0.6:
        image = np.clip(image, 0, 1) ** np.float32(np.exp(rng.uniform(-0.5, 0.5)))
    if rng.random() < 0.5:
        image = image * np.exp(rng.normal(0, 0.1, 3)).astype(np.float32)
    if rng.random() < 0.4:  # an S curve, or its inverse
        bent = image * image * (3 - 2 * np.clip(image, 0, 1))
        image = image + rng.uniform(-0.4, 0.6) * (bent - image)
    if rng.random() < 0.5:
        grey = image.mean(axis=2, keepdims=True)
        image = grey + (image - grey) * rng.uniform(0.3, 1.6)
    return parcel.with_pixels(image * 255)


def _drifted(image: np.ndarray, rng: Generator, most: float) -> np.ndarray:
    height, width = image.shape[:2]
    reach = most * max(height, width) / 640
    cell = max(height, width) * rng.uniform(0.15, 0.5)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    fields = [
        cv2.GaussianBlur(fractal_noise((height, width), rng, cell, 2), (0, 0), cell / 8) for _ in range(2)
    ]
    return np.asarray(
        cv2.remap(
            image,
            xs + reach * (fields[0] - 0.5),
            ys + reach * (fields[1] - 0.5),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REFLECT,
        )
    )


def rewritten(parcel: Parcel, rng: Generator) -> Parcel:
    """Redraw every pixel without a network: fine detail lost and made up anew, shapes drifted a little.

    A generator's frame keeps forms and places, to a pixel or three, and invents its own texture.
    """
    height, width = parcel.shape
    image = parcel.rgb
    image = _drifted(image, rng, float(np.exp(rng.uniform(np.log(0.6), np.log(7.0)))))
    unit = max(height, width) / 640
    choice = rng.random()
    if choice < 0.35:
        image = cv2.bilateralFilter(image, 7, rng.uniform(15, 45), 2.5 * unit)
    elif choice < 0.6:
        image = cv2.medianBlur(image, 3 if rng.random() < 0.6 else 5)
    else:
        factor = rng.uniform(0.4, 0.75)
        small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        image = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(image, (0, 0), 1.4 * unit).astype(np.float32)
    redrawn = soft + (image - soft) * rng.uniform(0.8, 2.2)
    grain = cv2.GaussianBlur(
        rng.normal(0, 1, (height, width, 1)).astype(np.float32), (0, 0), rng.uniform(0.5, 1.2)
    )
    redrawn += grain[..., None] * rng.uniform(0, 12)
    return parcel.with_pixels(redrawn)


def reposed(rgb: np.ndarray, rng: Generator) -> np.ndarray:
    """Move each part of a picture a little by itself, and stretch it: a redrawn thing is set down anew.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    """
    height, width = rgb.shape[:2]
    long_side, parts = max(height, width), int(rng.integers(4, 14))
    ys, xs = np.mgrid[0:height:4, 0:width:4].astype(np.float32)
    seeds = rng.random((parts, 2)) * [width, height]
    nearest = ((xs[..., None] - seeds[:, 0]) ** 2 + (ys[..., None] - seeds[:, 1]) ** 2).argmin(axis=2)
    most = long_side * np.exp(rng.uniform(np.log(0.004), np.log(0.03)))
    shifts, stretches = rng.uniform(-most, most, (parts, 2)), rng.normal(0, 0.015, (parts, 2))
    seam = long_side * rng.uniform(0.01, 0.03) / 4
    moved = []
    for axis, places in enumerate((xs, ys)):
        off = shifts[nearest, axis] + (places - seeds[nearest, axis]) * stretches[nearest, axis]
        off = cv2.resize(cv2.GaussianBlur(off.astype(np.float32), (0, 0), seam), (width, height))
        moved.append(off + np.mgrid[0:height, 0:width][1 - axis].astype(np.float32))
    return np.asarray(cv2.remap(rgb, *moved, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101))


def refitted(parcel: Parcel, rng: Generator) -> Parcel:
    """Fit a redrawn frame to the sizes an editor writes: sides stretched, a rim cut or made up, tones moved.

    Editors write whole multiples of 8 to 64 pixels and a few aspect ratios; what is missing they invent.
    """
    height, width = parcel.shape
    factors = np.exp(rng.uniform(-0.25, 0.25)) * np.exp(rng.uniform(-0.025, 0.025, 2))
    multiple = int(rng.choice([8, 16, 32, 64]))
    target = np.maximum(multiple, multiple * np.round(np.array([width, height]) * factors / multiple))
    size = (int(target[0]), int(target[1]))
    rim = rng.uniform(-0.03, 0.03, 2) * size if rng.random() < 0.5 else np.zeros(2)
    scale = (np.array(size) - 2 * rim) / [width, height]
    matrix = np.array([[scale[0], 0, rim[0]], [0, scale[1], rim[1]], [0, 0, 1.0]])
    ground = cv2.warpPerspective(parcel.rgb, matrix, size, borderMode=cv2.BORDER_REFLECT_101)
    moved = parcel.moved(matrix, size, np.asarray(ground))
    return relit_unevenly(moved, rng) if rng.random() < 0.3 else _retoned(moved, rng)


def recomposed(parcel: Parcel, rng: Generator) -> Parcel:
    """Cut a redrawn frame to another part or another form, or set it into a page, or both."""
    choice = rng.random()
    if choice < 0.7:
        height, width = parcel.shape
        size = np.round(np.array([width, height]) * rng.uniform(0.65, 1.0, 2)).astype(int)
        left, top = (int(rng.integers(0, a - b + 1)) for a, b in zip((width, height), size, strict=True))
        matrix = np.array([[1.0, 0, -left], [0, 1, -top], [0, 0, 1]])
        parcel = parcel.moved(matrix, (int(size[0]), int(size[1])))
    return framed(parcel, rng) if choice > 0.5 else parcel


def _retoned(parcel: Parcel, rng: Generator) -> Parcel:
    """Move tones and colours a little and alike over the frame, as a redrawn picture does by itself."""
    image = np.clip(parcel.rgb.astype(np.float32) / 255, 0, 1) ** np.float32(np.exp(rng.normal(0, 0.12)))
    image = image * np.exp(rng.normal(0, 0.04, 3)).astype(np.float32)
    grey = image.mean(axis=2, keepdims=True)
    return parcel.with_pixels((grey + (image - grey) * rng.uniform(0.8, 1.25)) * 255)


VARIETIES: dict[str, Callable[[Parcel, Generator], Parcel]] = {
    "slanted": slanted,
    "framed": framed,
    "relit": relit_unevenly,
    "rewritten": rewritten,
    "refitted": refitted,
}
