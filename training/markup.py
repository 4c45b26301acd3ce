"""What phones' and computers' markup tools draw onto photos, in many more colours and widths than are usual.

A mark is known by its form, so nothing else about it is allowed to be telling: ink, edge and size are free.
"""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from bench.attacks.lettering import CHINESE, chinese, latin
from numpy.typing import NDArray

from training.markup_ink import Ink, Pen, Sheet, draw, inked, lay, write
from training.markup_shapes import FREE, UPRIGHT, Part, Pose, arc, at_lengths, box, line_arrow, ring

__all__ = ["FORMS", "marked_up"]

Image = NDArray[np.float32]
Cover = NDArray[np.float32]
Raster = NDArray[np.uint8]
Points = NDArray[np.float64]
Generator = np.random.Generator

_PURE = ((255, 0, 0), (255, 0, 0), (250, 60, 50), (255, 230, 0), (0, 255, 0), (7, 193, 96), (0, 0, 255),
         (16, 130, 255), (255, 255, 255), (0, 0, 0), (255, 0, 255), (0, 255, 255), (255, 140, 0))  # fmt: skip
_MUTED = ((60, 60, 62), (110, 72, 44), (205, 190, 160), (104, 108, 52), (28, 38, 84), (240, 200, 206),
          (150, 150, 150), (170, 120, 90), (90, 120, 130), (225, 220, 205), (120, 40, 50))  # fmt: skip
_WORDS = ("here", "Damaged", "LOOK", "torn", "new", "SALE", "scratch", "shop", "refund pls", "NG", "OK", "!!",
          "hole?", "see this", "SAMPLE", "Do not copy", "defect", "A", "12 cm", "50%", "wrong")  # fmt: skip


def _letters(rng: Generator, height: float, text: str | None = None) -> Raster:
    """Write a word, a number or a few characters, in one line or two, slender or bold."""
    size = int(np.clip(height, 7, 300))
    if text is None and rng.random() < 0.35:
        signs = sorted(set("".join(CHINESE)))
        drawn = chinese("".join(rng.choice(signs, int(rng.integers(1, 6)))), size, rng.uniform(0.05, 0.15))
    else:
        drawn = latin(_text(rng) if text is None else text, size)
    if text is None and rng.random() < 0.15:
        below = latin(_text(rng), size)
        width = max(drawn.shape[1], below.shape[1])
        drawn = np.concatenate(
            [np.pad(line, ((0, 0), (0, width - line.shape[1]))) for line in (drawn, below)]
        )
    if rng.random() < 0.3:
        drawn = cv2.dilate(drawn, np.ones((1 + size // 20, 1 + size // 12)))
    if rng.random() < 0.2:
        drawn = cv2.resize(drawn, None, fx=float(rng.uniform(0.7, 1.4)), fy=1.0)
    return np.asarray(np.clip(drawn, 0, 1) * 255, np.uint8)


def _text(rng: Generator) -> str:
    kind = rng.random()
    if kind < 0.5:
        return str(rng.choice(_WORDS))
    if kind < 0.75:
        return (
            "".join(rng.choice(list("ABCDEHKLMNRSTaceghiklmnorstu0123456789-. "), int(rng.integers(2, 12))))
            + "x"
        )
    return _moment(rng)


def _moment(rng: Generator) -> str:
    """Return a date, a time or both."""
    between = str(rng.choice(["-", "/", ".", " "]))
    date = between.join(
        f"{part:02d}" for part in (rng.integers(2015, 2027), rng.integers(1, 13), rng.integers(1, 29))
    )
    time = f"{rng.integers(24):02d}:{rng.integers(60):02d}"
    return (date, time, f"{date} {time}", f"{date} {time}:{rng.integers(60):02d}")[int(rng.integers(4))]


def _shape(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Draw one shape."""
    rng = sheet.rng
    squeeze = np.exp(rng.uniform(-0.9, 0, 2)) * pose.half
    if rng.random() < 0.5:
        parts = FREE[int(rng.integers(len(FREE)))](rng, pen.width / float(pose.half.max()))
        return draw(sheet, parts, pen, Pose(pose.middle, pose.half, float(rng.uniform(0, 2 * np.pi))))
    shape = UPRIGHT[int(rng.integers(len(UPRIGHT)))]
    return draw(sheet, shape(rng, pen.width / float(squeeze.max())), pen, pose._replace(half=squeeze))


def _arrow_and_word(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Draw an arrow and write beside its tail."""
    rng = sheet.rng
    aim = Pose(pose.middle, pose.half * 0.8, float(rng.uniform(0, 2 * np.pi)))
    draw(sheet, line_arrow(rng, pen.width / float(aim.half.max())), pen, aim)
    tail = aim.part(-1.25, 0, 1)._replace(angle=0.0)
    write(sheet, _letters(rng, float(pose.half[0]) * rng.uniform(0.15, 0.5)), pen, tail)


def _ring_and_more(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Draw a ring or a box around something, with a word above it or an arrow to it."""
    rng = sheet.rng
    inner = pose._replace(half=pose.half * np.exp(rng.uniform(-0.6, 0, 2)) * 0.6)
    draw(sheet, (ring, box)[int(rng.integers(2))](rng, 0.1), pen, inner)
    if rng.random() < 0.5:
        beside = inner.part(0, rng.choice([-1.0, 1.0]) * 1.3, 1)
        return write(sheet, _letters(rng, float(inner.half[0]) * rng.uniform(0.2, 0.6)), pen, beside)
    angle = float(rng.uniform(0, 2 * np.pi))
    away = inner.middle - 1.6 * inner.half * [np.cos(angle), np.sin(angle)]
    return draw(sheet, line_arrow(rng, 0.1), pen, Pose(away, 0.5 * inner.half, angle))


def _lettering(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Write plain, turned or on a label."""
    rng = sheet.rng
    letters = _letters(rng, float(pose.half[0]) * rng.uniform(0.2, 0.7))
    place = pose._replace(angle=float(rng.choice([0.0, 0.0, rng.normal(0, 0.2), rng.uniform(-1.6, 1.6)])))
    if rng.random() < 0.35:
        half = np.array(letters.shape[::-1]) / 2 + rng.uniform(0, 0.5) * len(letters)
        label = [part._replace(filled=True) for part in box(rng, 0.1)]
        draw(sheet, label, replace(pen, width=1.0, hand=0.0), place._replace(half=half))
        pen = _readable(pen)
    write(sheet, letters, pen, place)


def _readable(pen: Pen) -> Pen:
    """Return a pen that shows on what this one has filled."""
    bright = float(pen.colour.mean()) > 140
    return replace(pen, colour=np.full(3, 10.0 if bright else 250.0), opacity=1.0, casing=None, shadow=None,
                   second=None, inside=0.0, double=False)  # fmt: skip


def _dated(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Stamp a date or a time near a corner, as cameras do."""
    rng, shape = sheet.rng, np.array(sheet.cover.shape[::-1])
    height = float(np.clip(rng.uniform(0.02, 0.06) * shape.max(), 9, 60))
    letters = _letters(rng, height, _moment(rng))
    inset = np.array(letters.shape[::-1]) / 2 + rng.uniform(0, 0.03) * shape
    corner = rng.integers(0, 2, 2)
    lit = rng.random() < 0.6
    colour = np.array([(255, 150, 40), (255, 255, 255), (255, 230, 0)][int(rng.integers(3))], float)
    pen = replace(pen, colour=colour if lit else pen.colour, width=2.0)
    write(sheet, letters, pen, Pose(np.where(corner, shape - inset, inset), pose.half))


def _badges(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Draw a number at one place or at several: a disc or a box with a digit in it."""
    rng = sheet.rng
    size = float(np.clip(pose.half[0] * 0.4, 8, 0.06 * max(sheet.cover.shape)))
    outline = (Part(arc(0, 2 * np.pi, 48), closed=True, filled=True), box(rng, 0.1)[0]._replace(filled=True))
    first, count = int(rng.integers(1, 10)), int(rng.choice([1, 1, 1, 2, 3, 4]))
    form, open_form = outline[int(rng.integers(2))], rng.random() < 0.25
    pen = replace(pen, width=min(pen.width, 0.25 * size), dashes=None, double=False, hand=0.0)
    for index in range(count):
        middle = pose.middle if index == 0 else pose.at(rng.uniform(-1, 1, (1, 2)))[0]
        spot = Pose(middle, np.full(2, size))
        draw(sheet, [form._replace(filled=not open_form)], pen, spot)
        write(
            sheet, _letters(rng, 1.2 * size, str(first + index)), pen if open_form else _readable(pen), spot
        )


def _callout(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Draw a speech bubble with a tail, and writing in it."""
    rng = sheet.rng
    letters = _letters(rng, float(pose.half[0]) * rng.uniform(0.15, 0.4))
    half = np.array(letters.shape[::-1]) * rng.uniform(0.6, 0.9)
    rim = box(rng, 0.1)[0].points if rng.random() < 0.5 else arc(0, 2 * np.pi, 72)[:-1]
    rim = at_lengths(np.concatenate([rim, rim[:1]]), np.linspace(0, 7.9 if len(rim) < 5 else 6.2, 80))
    spot, span = int(rng.integers(80)), int(rng.integers(2, 6))
    outline = np.concatenate([np.roll(rim, -spot, axis=0)[span:], rim[[spot]] * rng.uniform(1.4, 2.6)])
    filled = rng.random() < 0.6
    bubble = Pose(pose.middle, half)
    draw(sheet, [Part(outline, closed=True, filled=filled)], replace(pen, width=min(pen.width, 8.0)), bubble)
    write(sheet, letters, _readable(pen) if filled else replace(pen, dashes=None), bubble)


def _magnified(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Show a place enlarged, in a circle or a box with a rim, with a line to where it is."""
    rng = sheet.rng
    half = np.full(2, min(float(pose.half[0]) * 0.7, 0.3 * min(sheet.cover.shape)))
    inset, zoom = Pose(pose.middle, half), float(rng.uniform(1.5, 4))
    origin = np.clip(
        inset.middle + rng.normal(0, 1.5, 2) * half, half / zoom, sheet.cover.shape[::-1] - half / zoom
    )
    outline = [ring(rng, 0.1)[0], box(rng, 0.1)[0]][int(rng.random() < 0.3)]
    area = outline._replace(points=inset.at(outline.points), filled=True, solid=True)
    ink = inked(sheet, [area], replace(pen, width=1.0, pressure=0.0, double=False))
    shift = origin - (inset.middle - (ink.left, ink.top)) / zoom
    matrix = np.array([[1 / zoom, 0, shift[0]], [0, 1 / zoom, shift[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    view = cv2.warpAffine(
        sheet.picture, matrix, ink.cover.shape[::-1], flags=flags, borderMode=cv2.BORDER_REFLECT
    )
    marked = [(outline, Pose(origin, half / zoom))] if rng.random() < 0.6 else []
    away = origin - inset.middle
    apart = float(np.hypot(*away)) - half[0] * (1 + 1 / zoom)
    if marked and apart > 4:
        way = away / np.hypot(*away)
        line = np.stack([inset.middle + half * way, origin - half / zoom * way])
        marked.append((Part(line), Pose(np.zeros(2), np.ones(2))))
    lay(sheet, ink, np.asarray(view, np.float32)[np.nonzero(ink.cover)], 1.0)
    for form, place in [*marked, (outline, inset)]:
        draw(sheet, [form], replace(pen, inside=0.0, hand=0.0), place)


def _tiled(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Spread a faint word over the whole picture."""
    rng, (height, width) = sheet.rng, sheet.cover.shape
    word = _letters(rng, rng.uniform(0.025, 0.08) * max(height, width))
    gap = np.round(rng.uniform(0.3, 2.5, 2) * len(word)).astype(int)
    cell = np.pad(word, ((0, int(gap[0])), (0, int(gap[1]))))
    across = 2 + 2 * max(height, width) // cell.shape[1]
    row = np.tile(cell, (1, across))
    step = int(rng.integers(cell.shape[1])) if rng.random() < 0.5 else 0
    rows = [
        np.roll(row, index * step, axis=1) for index in range(2 + 2 * max(height, width) // cell.shape[0])
    ]
    sheet_of_words = np.concatenate(rows)
    angle = float(rng.choice([0.0, rng.uniform(-50, 50), -30.0, 45.0]))
    matrix = cv2.getRotationMatrix2D((sheet_of_words.shape[1] / 2, sheet_of_words.shape[0] / 2), angle, 1.0)
    matrix[:, 2] += np.array([width, height]) / 2 - np.array(sheet_of_words.shape[::-1]) / 2
    cover = np.asarray(cv2.warpAffine(sheet_of_words, matrix, (width, height)), np.uint8)
    lay(sheet, Ink(cover, 0, 0), pen.colour, float(rng.uniform(0.15, 0.45)))


def _logo(sheet: Sheet, pen: Pen, pose: Pose) -> None:
    """Set a small emblem with a name below or beside it."""
    rng = sheet.rng
    size = np.full(2, min(float(pose.half[0]) * 0.6, 0.12 * max(sheet.cover.shape)))
    pen = replace(pen, width=float(np.clip(pen.width, 1, 0.2 * size[0])), dashes=None, hand=0.0)
    emblem = UPRIGHT[int(rng.integers(len(UPRIGHT)))]
    spot = pose._replace(half=size)
    draw(sheet, ring(rng, 0.1), pen, spot)
    draw(sheet, emblem(rng, 0.1), replace(pen, shadow=None), spot.part(0, 0, 0.55))
    word = _letters(rng, float(size[0]) * rng.uniform(0.4, 0.9))
    aside = word.shape[1] / size[0] / 2 + 1.2
    write(sheet, word, pen, spot.part(0, 1.5, 1) if rng.random() < 0.6 else spot.part(aside, 0, 1))


def _colour(picture: Image, middle: Points, rng: Generator) -> Points:
    """Choose any colour; one that cannot be told from what it lies on is moved away from it."""
    kind = rng.random()
    if kind < 0.4:
        colour = np.array(_PURE[int(rng.integers(len(_PURE)))], float)
    elif kind < 0.7:
        colour = np.clip(np.array(_MUTED[int(rng.integers(len(_MUTED)))]) + rng.normal(0, 8, 3), 0, 255)
    elif kind < 0.85:
        colour = rng.uniform(0, 255, 3)
    else:
        row, column = (int(rng.integers(limit)) for limit in picture.shape[:2])
        colour = picture[row, column].astype(float)
    column, row = np.clip(middle, 0, np.array(picture.shape[1::-1]) - 1).astype(int).tolist()
    below = picture[max(0, row - 20) : row + 20, max(0, column - 20) : column + 20].mean(axis=(0, 1))
    if np.abs(colour - below).max() < 30:
        colour = np.clip(colour + (1 if below.mean() < 128 else -1) * rng.uniform(30, 90), 0, 255)
    return colour


def _pen(picture: Image, pose: Pose, rng: Generator) -> Pen:
    """Choose every attribute of the ink for itself."""
    longest, extent = max(picture.shape[:2]), 2 * float(pose.half.max())
    width = max(1.0, min(float(np.exp(rng.uniform(0, np.log(0.025 * longest)))), 0.1 * extent))
    rounded, casing, shadow = bool(rng.random() < 0.6), None, None
    dash = float(rng.choice([rng.uniform(2, 5), 0.02 if rounded else 1.0])) * width
    if rng.random() < 0.2:
        tone = np.array([(255, 255, 255), (0, 0, 0), rng.uniform(0, 255, 3)][int(rng.integers(3))], float)
        casing = (tone, int(np.clip(round(width * rng.uniform(0.2, 0.6)), 1, 6)))
    if rng.random() < 0.25:
        offset = rng.integers(-1, 2, 2) * max(1, round(longest * rng.uniform(0.001, 0.008)))
        blur = float(rng.choice([0.0, rng.uniform(0.6, 0.006 * longest + 0.7)]))
        shadow = (int(offset[0]), int(offset[1]), blur, float(rng.uniform(0.25, 0.8)))
    colour = _colour(picture, pose.middle, rng)
    return Pen(
        width=width,
        colour=colour,
        opacity=1.0 if rng.random() < 0.55 else float(rng.uniform(0.35, 1)),
        edge=str(rng.choice(["smooth", "smooth", "fine", "hard"])),
        rounded=rounded,
        dashes=(dash, float(rng.uniform(1.3, 3)) * width + 1) if rng.random() < 0.15 else None,
        double=bool(rng.random() < 0.07),
        pressure=float(rng.uniform(0.3, 0.9)) if rng.random() < 0.15 else 0.0,
        nib=float(rng.uniform(0, np.pi)) if rng.random() < 0.4 else None,
        hand=float(rng.uniform(0.003, 0.03)) * extent if rng.random() < 0.35 else 0.0,
        soft=float(rng.uniform(0.4, 1.3)) if rng.random() < 0.2 else 0.0,
        inside=float(rng.uniform(0.15, 0.8)) if rng.random() < 0.15 else 0.0,
        casing=casing,
        shadow=shadow,
        second=_colour(picture, pose.middle, rng) if rng.random() < 0.12 else None,
        slope=float(rng.uniform(0, np.pi)) if rng.random() < 0.6 else None,
    )


def _pose(shape: tuple[int, ...], rng: Generator) -> Pose:
    """Choose how large a mark is and where it lies; some run off the picture."""
    frame = np.array(shape[1::-1], float)
    half = 0.03 * 30 ** float(rng.beta(1.4, 1.1)) * frame.max() / 2
    room = np.minimum(half, frame / 2) if rng.random() < 0.75 else np.zeros(2)
    return Pose(room + rng.random(2) * (frame - 2 * room), np.full(2, half))


Form = Callable[[Sheet, Pen, Pose], None]
FORMS: dict[str, Form] = {
    "shape": _shape,
    "lettering": _lettering,
    "arrow and word": _arrow_and_word,
    "ring and more": _ring_and_more,
    "badges": _badges,
    "callout": _callout,
    "magnified": _magnified,
    "date": _dated,
    "tiled": _tiled,
    "logo": _logo,
}
_OFTEN = np.array([10, 2.5, 1.2, 1.2, 1.0, 1.0, 0.8, 0.6, 0.5, 0.6])


def marked_up(picture: Image, rng: Generator, form: str | None = None) -> tuple[Image, Cover]:
    """Draw one mark onto a picture, or a few that belong together.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), float32, 0..255
        Left as it is.
    rng : Generator
        Source of all chance.
    form : str, optional
        A name of `FORMS`; left out, one is chosen.

    Returns
    -------
    marked : ndarray, shape (h, w, 3), float32, 0..255
    cover : ndarray, shape (h, w), float32, 0..1
        How far each pixel lies under the mark, shadow and casing included and however translucent the ink is;
        0 where the picture is unchanged.
    """
    name = form or str(rng.choice(list(FORMS), p=_OFTEN / _OFTEN.sum()))
    pose = _pose(picture.shape, rng)
    sheet = Sheet(picture.copy(), np.zeros(picture.shape[:2], np.float32), rng)
    FORMS[name](sheet, _pen(picture, pose, rng), pose)
    np.clip(sheet.picture, 0, 255, out=sheet.picture)
    return sheet.picture, sheet.cover
