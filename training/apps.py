"""Marks as apps and services lay them over photographs: watermarks, editors' tools, labels and stickers.

What is drawn is exact, as software draws it; what a hand draws is in `brushes` and `pens`.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from training.app_parts import (
    BLACK,
    WHITE,
    Ink,
    alike,
    app_colour,
    between,
    box_around,
    centred,
    chosen_ink,
    contrast_to,
    date_of,
    fitted,
    imprint,
    lay,
    lay_area,
    lay_lines,
    lay_words,
    lettered,
    letters_for,
    near_corner,
    oval,
    picked,
    place_of,
    regular,
    rounded_box,
    segmented,
    shop_of,
    spot_in,
    stacked,
    time_of,
    unit_of,
)
from training.app_stickers import coded, faced, labelled, priced, ruled, sealed
from training.app_tools import (
    arrowed,
    boxed,
    bubbled,
    called_out,
    lined,
    looped,
    measured,
    numbered,
    ringed,
    ticked,
    written,
)
from training.canvas import (
    MIN_DIFFERENCE,
    Generator,
    Image,
    inked,
    pixelated,
    size_and_place,
    softened,
    turned,
)

__all__ = ["stamped"]


def _camera(canvas: Image, rng: Generator) -> None:
    """Print time, date, place and weather in a corner, as a watermark camera does."""
    size = between(rng, 9, 26) * unit_of(canvas)
    weather = f"{picked(rng, ('晴', '多云', '小雨', '阴', '雾'))} {rng.integers(-9, 39)}°C"
    lines = [
        f"{date_of(rng)} 星期{picked(rng, tuple('一二三四五六日'))}",
        weather,
        place_of(rng),
        shop_of(rng),
    ]
    kept = [line for line in lines if rng.random() < 0.7] or lines[:1]
    covers = [lettered(time_of(rng), size * rng.uniform(1.5, 3), rng)] if rng.random() < 0.75 else []
    covers += alike(kept, size, rng)
    block = fitted(
        canvas, stacked(covers, size * rng.uniform(0, 0.4), float(rng.choice([0, 0, 0.5, 1]))), 0.9
    )
    corner, radius = near_corner(canvas, block.shape, rng), size * rng.uniform(0, 0.8)
    opacity, plate = float(rng.uniform(0.65, 1)), rng.random()
    if plate < 0.5:
        colour = BLACK if rng.random() < 0.6 else app_colour(rng)
        lay_area(canvas, [box_around(block, corner, 0.4 * size, radius)], colour, rng.uniform(0.2, 0.7))
    if rng.random() < 0.5:
        side = corner - (rng.uniform(0.2, 0.6) * size, 0)
        bar = rounded_box(side, side + np.array([rng.uniform(0.1, 0.3) * size, block.shape[0]]), radius)
        lay_area(canvas, [bar], app_colour(rng), opacity)
    colour = WHITE if rng.random() < 0.75 else contrast_to(app_colour(rng))
    lay_words(canvas, block, corner, Ink(colour, 1, opacity, cv2.LINE_AA, 0), rng)


def _dated(canvas: Image, rng: Generator) -> None:
    """Print the date in glowing digits, as compact cameras do."""
    text = date_of(rng, plain=True) + (f" {time_of(rng)}" if rng.random() < 0.5 else "")
    size = between(rng, 10, 45) * unit_of(canvas)
    cover = fitted(canvas, segmented(text, size) if rng.random() < 0.55 else lettered(text, size, rng))
    corner = near_corner(canvas, cover.shape, rng)
    colour = np.array([255, rng.uniform(60, 225), rng.uniform(0, 70)], np.float32)
    if rng.random() < 0.6:
        reach = max(1, round(size / 8))
        glow = np.minimum(1, 1.5 * softened(np.pad(cover, 3 * reach), reach))
        lay(canvas, glow, corner - 3 * reach, colour * np.float32(0.8), 0.7)
    core = WHITE if rng.random() < 0.1 else colour
    lay_words(canvas, cover, corner, Ink(core, 1, rng.uniform(0.75, 1), cv2.LINE_AA, 0), rng)


def _tiled(canvas: Image, rng: Generator) -> None:
    """Repeat a faint name all over the picture, on a slant."""
    word = letters_for(canvas, shop_of(rng), rng, 10, 40)
    gaps = (np.exp(rng.uniform(np.log(0.3), np.log(4), 2)) * word.shape[0]).astype(int)
    tile = np.pad(word, ((0, gaps[0]), (0, gaps[1])))
    shifted = np.roll(tile, round(rng.choice([0, 0.5]) * tile.shape[1]), axis=1)
    pair, reach = np.concatenate([tile, shifted]), int(np.hypot(*canvas.shape[:2])) + 2
    sheet = np.tile(pair, (reach // pair.shape[0] + 1, reach // pair.shape[1] + 1))[:reach, :reach]
    angle = float(rng.choice([-30, -45, 30, -20, 0, rng.uniform(-60, 60)]))
    move = cv2.getRotationMatrix2D((reach / 2, reach / 2), -angle, 1)
    move[:, 2] += (np.array(canvas.shape[1::-1]) - reach) / 2
    cover = np.asarray(cv2.warpAffine(sheet, move, canvas.shape[1::-1]), np.float32)
    colour = app_colour(rng) if rng.random() < 0.4 else contrast_to(canvas.mean((0, 1)))
    lay(canvas, cover, np.zeros(2), colour, between(rng, 0.12, 0.6))


def _logo(canvas: Image, rng: Generator) -> None:
    """Lay one half transparent name on, with a ring, a box or a second line."""
    size = between(rng, 14, 90) * unit_of(canvas)
    covers = [lettered(shop_of(rng), size, rng)]
    if rng.random() < 0.5:
        covers.append(lettered(picked(rng, ("OFFICIAL STORE", "www.shop.cn", shop_of(rng))), 0.5 * size, rng))
    block = fitted(canvas, stacked(covers, 0.1 * size, 0.5), float(rng.uniform(0.3, 0.9)))
    middle = centred(block, np.array(canvas.shape[1::-1]) / 2)
    corner = middle if rng.random() < 0.4 else near_corner(canvas, block.shape, rng)
    ink = chosen_ink(canvas, rng, 1, 4)._replace(opacity=between(rng, 0.25, 0.9))
    frame = rng.random()
    if frame < 0.25:
        lay_lines(canvas, [box_around(block, corner, 0.25 * size, size * rng.uniform(0, 0.6))], ink)
    elif frame < 0.45:
        half = np.array(block.shape[::-1]) / 2
        lay_lines(canvas, [oval(corner + half, half.max() * share) for share in (1.1, 1.2)], ink)
    elif frame < 0.65:
        height = block.shape[0]
        badge = corner + np.array([-0.6, 0.5]) * height
        tips = int(rng.integers(3, 9))
        lay_area(
            canvas, [regular(tips, rng.uniform(0.3, 0.9)) * 0.45 * height + badge], ink.colour, ink.opacity
        )
    lay_words(canvas, block, corner, ink, rng)


def _lens(canvas: Image, rng: Generator) -> None:
    """Show a place enlarged within a ring."""
    radius = min(between(rng, 0.06, 0.3) * max(canvas.shape), 0.45 * min(canvas.shape[:2]))
    zoom, place = float(rng.uniform(1.5, 4)), spot_in(canvas, rng, 0.15)
    middle = place if rng.random() < 0.3 else spot_in(canvas, rng, 0.2)
    side = 2 * int(radius) + 1
    move = np.array([[1 / zoom, 0, place[0] - radius / zoom], [0, 1 / zoom, place[1] - radius / zoom]])
    enlarged = cv2.warpAffine(canvas, move, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                              borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    cover = inked((side, side), [np.full((2, 2), radius)], side - 2, cv2.LINE_AA)
    ink = chosen_ink(canvas, rng, 1, 7)
    if middle is not place and rng.random() < 0.6:
        lay_lines(canvas, [oval(place, radius / zoom), np.stack([place, middle])], ink._replace(rim=0))
    lay(canvas, cover, middle - radius, np.asarray(enlarged, np.float32))
    lay_lines(canvas, [oval(middle, radius)], ink)


def _spotlight(canvas: Image, rng: Generator) -> None:
    """Dim everything but one place."""
    half, middle = size_and_place(canvas.shape, rng, 0.3, 0.95)
    outline = rounded_box(middle - half, middle + half, half.min() * float(rng.choice([0, 0.2])))
    if rng.random() < 0.4:
        outline = oval(middle, half)
    before = canvas.copy()
    canvas *= np.float32(1 - rng.uniform(0.2, 0.55))
    lay_area(canvas, [outline], before)
    if rng.random() < 0.4:
        lay_lines(canvas, [outline], chosen_ink(canvas, rng, 1, 4))


def _obscured(canvas: Image, rng: Generator) -> None:
    """Make a strip illegible: by a mosaic whose squares lie on the picture's grid, or by a blur."""
    half, middle = size_and_place(canvas.shape, rng, 0.08, 0.7)
    half[1] = min(half[1], half[0] * between(rng, 0.12, 1))
    cover = np.zeros(canvas.shape[:2], np.float32)
    if rng.random() < 0.5:
        imprint(cover, np.ones((max(2, round(2 * half[1])), max(2, round(2 * half[0]))), np.float32), middle)
    else:
        ends = turned(np.array([[-1, 0], [0, rng.normal(0, 0.1)], [1, 0]]) * half[0], rng.normal(0, 0.3))
        cover = inked(canvas.shape, [ends + middle], min(400, max(4, 1.5 * half[1])), cv2.LINE_AA)
    if rng.random() < 0.6:
        block = max(3, round(between(rng, 4, 26) * unit_of(canvas)))
        changed = pixelated(canvas, block)
        cover = (pixelated(cover, block) > 0.4).astype(np.float32) if rng.random() < 0.7 else cover
    else:
        changed = softened(canvas, between(rng, 4, 20) * unit_of(canvas))
        cover = softened(cover, 2) if rng.random() < 0.3 else cover
    lay(canvas, cover, np.zeros(2), changed)


def _blanked(canvas: Image, rng: Generator) -> None:
    """Lay solid bars over lines such as names and phone numbers."""
    colour = contrast_to(canvas.mean((0, 1))) if rng.random() < 0.3 else app_colour(rng)
    corner, height = spot_in(canvas, rng), between(rng, 6, 50) * unit_of(canvas)
    radius = height * float(rng.choice([0, 0, 0.2, 0.5]))
    for _ in range(int(rng.choice([1, 1, 2, 3, 4]))):
        size = np.array([height * rng.uniform(2, 9), height])
        lay_area(canvas, [rounded_box(corner - size / 3, corner + size * 2 / 3, radius)], colour)
        corner = corner + height * np.array([rng.normal(0, 0.5), rng.uniform(1.2, 2.5)])


_KINDS: tuple[tuple[float, Callable[[Image, Generator], None]], ...] = (
    (0.07, _camera),
    (0.03, _dated),
    (0.04, _tiled),
    (0.03, _logo),
    (0.09, boxed),
    (0.09, ringed),
    (0.09, arrowed),
    (0.05, measured),
    (0.04, numbered),
    (0.04, bubbled),
    (0.07, written),
    (0.03, called_out),
    (0.05, lined),
    (0.04, ticked),
    (0.06, looped),
    (0.02, _lens),
    (0.01, _spotlight),
    (0.04, _obscured),
    (0.03, _blanked),
    (0.02, sealed),
    (0.02, faced),
    (0.01, coded),
    (0.01, labelled),
    (0.01, priced),
    (0.01, ruled),
)

# Of these, what lies between the strokes belongs to the mark.
_CLOSED = {_camera, _dated, _tiled, _logo, measured, numbered, bubbled, written, called_out, _lens,
           _obscured, sealed, coded, labelled, priced, ruled}  # fmt: skip


def stamped(picture: Image, rng: Generator) -> tuple[Image, NDArray[np.uint8]]:
    """Lay over a picture what one app would.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), float32, 0..255
        Not modified.

    Returns
    -------
    marked : ndarray, shape (h, w, 3), float32, 0..255
    mask : ndarray, shape (h, w), uint8
        255 where the picture visibly changed; the gaps of letters and mosaics closed.
    """
    # A mark may have the ground's own colour, or blur what is smooth: then another is drawn.
    for _ in range(4):
        kind = _KINDS[int(rng.choice(len(_KINDS), p=[share for share, _ in _KINDS]))][1]
        marked = picture.copy()
        kind(marked, rng)
        marked = np.clip(marked, 0, 255)
        mask = (np.abs(marked - picture).max(axis=2) > MIN_DIFFERENCE).astype(np.uint8) * 255
        if np.count_nonzero(mask) > max(12, 1e-4 * mask.size):
            break
    if kind in _CLOSED:
        reach = 2 * round(3 * unit_of(picture)) + 1
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    return marked, mask
