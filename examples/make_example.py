"""Makes ``claim.jpg`` out of ``listing.jpg``: the kind of claim photo that Bixie is built to recognise.

A tear is painted into the leather; then the picture is cropped, lit a little differently and saved anew,
as it would be on its way through a phone and a messenger. ``packing.jpg`` stands for a photo of the packing:
the same shoes in a box, with a waybill that is plainly none. ``python examples/make_example.py`` makes both.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent
SUPERSAMPLING = 8
"""The tear is drawn this many times larger and reduced, so that its edge is as soft as a lens makes it."""

TEAR_PATH = ((170, 286), (177, 293), (183, 297), (189, 299), (196, 306), (203, 309), (210, 316), (219, 322))
"""Where the leather has given way, in pixels of the listing photo: along the fold of the instep."""
TEAR_WIDTH = (0.4, 2.0, 3.2, 5.6, 6.8, 5.8, 3.4, 0.4)
"""Opening of the tear at each point of the path, in pixels."""

CROP = (slice(118, 394), slice(6, 446))
QUALITY = 75

BOX = 64
"""Cardboard around the shoes of ``packing.jpg``, in pixels."""
WAYBILL = ("SAMPLE WAYBILL", "order 6912345678901234567")

Image = NDArray[np.uint8]
Plane = NDArray[np.float32]


def opening(shape: tuple[int, int], rng: np.random.Generator) -> Plane:
    """Return the tear's coverage, shape (height, width), float32 in 0..1, with a ragged edge."""
    path = np.array(TEAR_PATH, np.float32)
    steps = np.linspace(0, len(path) - 1, 160)
    index = np.arange(len(path))
    x, y = (np.interp(steps, index, path[:, axis]) for axis in (0, 1))
    width = np.interp(steps, index, TEAR_WIDTH) * rng.uniform(0.8, 1.2, steps.size)
    along = np.stack([np.gradient(x), np.gradient(y)], axis=1)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.linalg.norm(along, axis=1, keepdims=True)
    centre = np.stack([x, y], axis=1) + across * rng.normal(0, 0.18, (steps.size, 1))
    outline = np.concatenate(
        [centre + across * width[:, None] / 2, (centre - across * width[:, None] / 2)[::-1]]
    )
    large = np.zeros((shape[0] * SUPERSAMPLING, shape[1] * SUPERSAMPLING), np.uint8)
    cv2.fillPoly(large, [np.round(outline * SUPERSAMPLING).astype(np.int32)], 255)
    coverage = cv2.resize(large, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(coverage, np.float32) / np.float32(255)


def shifted(plane: Plane, down: float, sigma: float) -> Plane:
    """Return `plane` moved `down` pixels and blurred by `sigma` pixels."""
    matrix = np.array([[1, 0, 0], [0, 1, down]], np.float32)
    moved = cv2.warpAffine(plane, matrix, plane.shape[::-1])
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), sigma), np.float32)


def torn(listing: Image, rng: np.random.Generator) -> Image:
    """Return `listing`, shape (height, width, 3), uint8, with the tear in it.

    The light comes from above: the upper lip throws its shadow into the opening, the lower lip, bent
    outwards, catches light, and the leather around it is pulled a little darker.
    """
    hole = opening(listing.shape[:2], rng)
    lip = np.clip(shifted(hole, 2.0, 0.7) - hole, 0, 1)[..., None]
    fold = np.clip(shifted(hole, -1.5, 2.2) - hole, 0, 1)[..., None]
    picture = listing.astype(np.float32)
    picture = picture * (1 - 0.55 * fold)
    picture = picture + (238 - picture) * 0.75 * lip
    lining = np.array([58, 66, 74], np.float32) + rng.normal(0, 7, (*hole.shape, 1))
    shade = np.clip(1.15 - shifted(hole, -1.6, 0.9), 0.35, 1)[..., None]
    picture = picture * (1 - hole[..., None]) + lining * shade * hole[..., None]
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def relit(picture: Image) -> Image:
    """Return `picture` as a second phone under a warmer lamp from the left would show it."""
    height, width = picture.shape[:2]
    lamp = np.linspace(1.08, 0.90, width)[None, :, None] * np.linspace(1.03, 0.97, height)[:, None, None]
    warm = np.array([0.93, 1.0, 1.04])
    return np.asarray(np.clip(255 * (picture / 255) ** 0.94 * lamp * warm, 0, 255), np.uint8)


def packed(listing: Image, rng: np.random.Generator, waybill: tuple[str, ...] = WAYBILL) -> Image:
    """Return `listing` in a box, shape (height + 2 `BOX`, width + 2 `BOX`, 3), with a waybill."""
    height, width = listing.shape[:2]
    board = np.full((height + 2 * BOX, width + 2 * BOX, 3), (112, 156, 190), np.float32)
    board += rng.normal(0, 5, (*board.shape[:2], 1))
    board[BOX:-BOX, BOX:-BOX] = listing * np.float32(0.93)
    picture = np.asarray(np.clip(board, 0, 255), np.uint8)
    cv2.rectangle(
        picture, (BOX, height + BOX + 8), (BOX + 260, height + 2 * BOX - 6), (245, 245, 245), cv2.FILLED
    )
    for line, text in enumerate(waybill):
        at = (BOX + 8, height + BOX + 28 + 22 * line)
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (40, 40, 40), 1, cv2.LINE_AA)
    return picture


def main() -> None:
    """Write ``claim.jpg`` and ``packing.jpg`` beside this file."""
    listing = np.asarray(
        cv2.imdecode(np.fromfile(FOLDER / "listing.jpg", np.uint8), cv2.IMREAD_COLOR), np.uint8
    )
    pictures = {
        "claim.jpg": relit(torn(listing, np.random.default_rng(7))[CROP]),
        "packing.jpg": packed(listing, np.random.default_rng(8)),
    }
    for name, picture in pictures.items():
        _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        (FOLDER / name).write_bytes(encoded.tobytes())


if __name__ == "__main__":
    main()
