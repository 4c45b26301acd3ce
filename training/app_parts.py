"""What the marks of apps are made of: palettes, inks, letters, outlines, and laying these on a picture.

Everything here paints on the array it is given.
"""

from typing import NamedTuple

import cv2
import numpy as np
from bench.attacks.lettering import CHINESE, LATIN, chinese, latin

from training.canvas import (
    Cover,
    Generator,
    Image,
    Points,
    blended,
    corner_of,
    fixed,
    inked,
    softened,
    turned,
    window_around,
)

__all__ = [
    "BLACK", "WHITE", "Ink", "alike", "app_colour", "arc", "between", "chosen_ink", "dashed", "date_of",
    "fitted", "imprint", "lay", "lay_area", "lay_lines", "lay_patch", "lay_words", "lettered",
    "near_corner", "note_of", "oval", "picked", "place_of", "regular", "rounded_box", "segmented",
    "shop_of", "stacked", "time_of", "unit_of",
]  # fmt: skip

WHITE = np.full(3, 255, np.float32)
BLACK = np.zeros(3, np.float32)

_BRIGHT = np.array(
    [[255, 59, 48], [230, 0, 18], [250, 81, 81], [255, 149, 0], [255, 106, 0], [255, 204, 0], [255, 235, 59],
     [7, 193, 96], [52, 199, 89], [0, 122, 255], [16, 174, 255], [100, 103, 239], [175, 82, 222],
     [255, 45, 85], [255, 255, 255], [255, 255, 255], [0, 0, 0], [0, 0, 0]], np.float32)  # fmt: skip
_DULL = np.array(
    [[142, 142, 147], [90, 90, 94], [190, 190, 190], [101, 67, 33], [121, 85, 72], [120, 20, 20],
     [150, 45, 40], [20, 40, 90], [40, 60, 110], [30, 70, 40], [200, 180, 150], [69, 90, 100], [84, 74, 40]],
    np.float32)  # fmt: skip

# The faces come with OpenCV itself; only "uni" holds Chinese, the others borrow from it.
_FACES = {name: cv2.FontFace(name) for name in ("sans", "italic", "uni")}

_SHOPS = (
    "小熊旗舰店", "优选生鲜", "果园直发", "拼多多", "淘宝买家", "京东到家", "百果鲜生", "衣品天成",
    "仅供售后使用", "仅用于退款申请", "仅供本次理赔", "盗图必究", "版权所有", "实拍图片", "售后凭证",
)  # fmt: skip
_NOTES = (
    "破损", "这里坏了", "发霉", "烂了", "有裂缝", "少了一个", "掉漆", "有污渍", "色差", "划痕", "压坏了",
    "漏液", "看这里", "开线了", "有洞", "变质", "磕碰", "3处破损", "未拆封", "收到就这样", "要求退款",
    "尺码不对", "过期", "线头", "OK", "NO", "here", "bad", "?", "!!", "问题1", "实物", "左边", "放大看",
)  # fmt: skip
_PROVINCES = (
    "浙江省杭州市", "广东省深圳市", "上海市", "北京市", "四川省成都市", "山东省青岛市", "湖北省武汉市",
)  # fmt: skip
_PLACES = (
    "余杭区文一西路", "南山区科技园", "浦东新区张江路", "朝阳区建国路", "武侯区天府大道", "市南区香港中路",
    "洪山区珞喻路", "菜鸟驿站", "幸福小区", "丰巢快递柜",
)  # fmt: skip


class Ink(NamedTuple):
    """What a line is drawn with; `rim` is the width of its white or black border."""

    colour: Image
    width: float
    opacity: float
    line: int
    rim: float


def unit_of(canvas: Image) -> float:
    """Pixels of a 640 px picture's pixel, and never less than one."""
    return max(1.0, float(max(canvas.shape[:2])) / 640)


def between(rng: Generator, low: float, high: float) -> float:
    """Draw a size: each doubling is as likely as the next."""
    return low * float(np.exp(rng.uniform(0, np.log(high / low))))


def picked(rng: Generator, choices: tuple[str, ...]) -> str:
    """Draw one of some words."""
    return choices[int(rng.integers(len(choices)))]


def app_colour(rng: Generator) -> Image:
    """Choose a palette's colour, a dull one, or any."""
    kind = rng.random()
    if kind < 0.55:
        return np.asarray(_BRIGHT[rng.integers(len(_BRIGHT))])
    dull = _DULL[rng.integers(len(_DULL))] + rng.normal(0, 8, 3)
    return np.asarray(np.clip(dull if kind < 0.9 else rng.uniform(0, 255, 3), 0, 255), np.float32)


def chosen_ink(canvas: Image, rng: Generator, low: float = 1.0, high: float = 12.0) -> Ink:
    """Choose a colour, a width between `low` and `high` units, and how lines are drawn."""
    width = max(1.0, min(between(rng, low, high) * unit_of(canvas), 0.06 * max(canvas.shape)))
    opacity = 1.0 if rng.random() < 0.6 else float(rng.uniform(0.4, 1))
    line = cv2.LINE_AA if rng.random() < 0.75 else cv2.LINE_8
    rim = max(1.0, width * rng.uniform(0.15, 0.4)) if rng.random() < 0.15 else 0.0
    return Ink(app_colour(rng), width, opacity, line, rim)


def date_of(rng: Generator, *, plain: bool = False) -> str:
    """Write a date in one of the ways that phones do; a plain one holds digits and points only."""
    year, month, day = int(rng.integers(2022, 2028)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    padded = f"{month:02}", f"{day:02}"
    ways = (f"{year}.{padded[0]}.{padded[1]}", f"{year % 100:02} {month:2} {day:2}",
            "-".join((str(year), *padded)), "-".join((*padded, str(year))), "/".join((str(year), *padded)),
            f"{year}年{month}月{day}日")  # fmt: skip
    return ways[int(rng.integers(4 if plain else 6))]


def time_of(rng: Generator) -> str:
    """Write a time of the day."""
    hour, minute, second = (int(number) for number in rng.integers(0, (24, 60, 60)))
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if rng.random() < 0.3 else "")


def place_of(rng: Generator) -> str:
    """Write an address, or coordinates."""
    if rng.random() < 0.2:
        return f"{rng.uniform(18, 50):.5f}N {rng.uniform(75, 130):.5f}E"
    number = f"{rng.integers(1, 999)}号" if rng.random() < 0.6 else ""
    return (picked(rng, _PROVINCES) if rng.random() < 0.7 else "") + picked(rng, _PLACES) + number


def shop_of(rng: Generator) -> str:
    """Write a shop's or an account's name, or what a picture may be used for."""
    if rng.random() < 0.3:
        return "@" + "".join(rng.choice([*"abcdefghikmnoprstuwxyz_0123456789"], int(rng.integers(4, 12))))
    return picked(rng, _SHOPS) + (f" {rng.integers(100, 99999)}" if rng.random() < 0.3 else "")


def note_of(rng: Generator) -> str:
    """Write what a buyer points out."""
    kind = rng.random()
    if kind < 0.15:
        return picked(rng, LATIN)
    if kind < 0.25:
        return f"{between(rng, 0.2, 60):.1f}{picked(rng, ('cm', 'mm', '厘米', 'kg', '元'))}"
    return picked(rng, _NOTES) + (picked(rng, _NOTES) if rng.random() < 0.2 else "")


def lettered(text: str, size: float, rng: Generator) -> Cover:
    """Write a text, its letters about `size` pixels high, in one of several hands and weights."""
    height, kind = max(6, round(size)), rng.random()
    if kind < 0.12 and text in _NOTES:
        return np.asarray(chinese(picked(rng, CHINESE), height, float(rng.uniform(0.05, 0.16))), np.float32)
    if kind < 0.4 and text.isascii():
        return np.asarray(latin(text, height), np.float32)
    name = ("uni", "uni", "sans", "italic")[int(rng.integers(4))] if text.isascii() else "uni"
    face, weight = _FACES[name], int(rng.choice([300, 400, 400, 600, 800]))
    left, top, width, rows = cv2.getTextSize((0, 0), text, (0, 0), face, height, weight)
    margin = max(2, round(0.15 * height))
    drawn = np.zeros((rows + 2 * margin, width + 2 * margin), np.uint8)
    cv2.putText(drawn, text, (margin - left, margin - top), 255, face, height, weight)
    if name == "uni" and weight > 400 and height > 12:
        reach = 1 + max(1, round(height / 30))
        drawn = cv2.dilate(drawn, np.ones((reach, reach), np.uint8))
    return np.asarray(drawn / 255, np.float32)


def alike(texts: list[str], size: float, rng: Generator) -> list[Cover]:
    """Write several texts in one hand, as `lettered` does one."""
    seed = int(rng.integers(2**32))
    return [lettered(text, size, np.random.default_rng(seed)) for text in texts]


def segmented(text: str, size: float) -> Cover:
    """Write digits in seven segments, leaning a little, as a clock does."""
    corners = np.array([[0, 0], [0.5, 0], [0.5, 0.5], [0.5, 1], [0, 1], [0, 0.5]]) * size
    sides = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (5, 2)]
    lit = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")
    paths, start = [], 0.2 * size
    for letter in text:
        shown = lit[int(letter)] if letter.isdigit() else "g" * (letter == "-")
        ends = [corners[list(sides["abcdefg".index(name)])] for name in shown]
        ends += [np.array([[0.25, height], [0.25, height]]) * size for height in (0.3, 0.75) if letter == ":"]
        ends += [np.array([[0.2, 1], [0.2, 1]]) * size for _ in range(letter == ".")]
        # Segments stand apart by a gap.
        paths += [0.86 * end + 0.14 * end.mean(0) + (start, 0.2 * size) for end in ends]
        start += size * (0.45 if letter in ".:" else 0.8)
    slanted = [path + (0.12 * (size - path[:, 1:])) * (1, 0) for path in paths]
    shape = round(1.4 * size) + 2, round(start + 0.2 * size) + 2
    return inked(shape, slanted, max(1, 0.13 * size), cv2.LINE_AA)


def stacked(covers: list[Cover], gap: float, side: float) -> Cover:
    """Set lines of letters below each other, flush left (`side` 0), centred or flush right (1)."""
    width = max(cover.shape[1] for cover in covers)
    rows = []
    for index, cover in enumerate(covers):
        before = round((width - cover.shape[1]) * side)
        below = round(gap) if index + 1 < len(covers) else 0
        rows.append(np.pad(cover, ((0, below), (before, width - cover.shape[1] - before))))
    return np.concatenate(rows)


def fitted(canvas: Image, cover: Cover, share: float = 0.96) -> Cover:
    """Shrink letters that would not go on the picture."""
    factor = min(share * canvas.shape[1] / cover.shape[1], share * canvas.shape[0] / cover.shape[0])
    if factor >= 1:
        return cover
    size = max(2, int(cover.shape[1] * factor)), max(2, int(cover.shape[0] * factor))
    return np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_AREA), np.float32)


def near_corner(canvas: Image, shape: tuple[int, ...], rng: Generator) -> Points:
    """Place something of a shape near a corner, most often below and at the left; return its first pixel."""
    room = np.array([canvas.shape[1] - shape[1], canvas.shape[0] - shape[0]], float)
    rim = np.minimum(between(rng, 3, 30) * unit_of(canvas), np.maximum(room / 2, 0))
    corner = np.array([rng.random() < 0.3, rng.random() < 0.75])
    return np.asarray(np.where(corner, room - rim, rim))


def imprint(cover: Cover, piece: Cover, middle: Points) -> None:
    """Add a piece to a coverage, about a middle."""
    left, top = (
        round(float(place) - side / 2) for place, side in zip(middle, piece.shape[::-1], strict=True)
    )
    rows, columns = slice(max(0, top), top + piece.shape[0]), slice(max(0, left), left + piece.shape[1])
    target = cover[rows, columns]
    source = piece[rows.start - top :, columns.start - left :][: target.shape[0], : target.shape[1]]
    np.maximum(target[: source.shape[0], : source.shape[1]], source, out=target)


def lay(canvas: Image, cover: Cover, corner: Points, paint: Image, opacity: float = 1.0) -> None:
    """Lay a colour, or pixels, on a canvas through a coverage whose first pixel is at `corner` (x, y)."""
    left, top = (round(float(place)) for place in corner)
    rows = slice(max(0, top), max(0, min(canvas.shape[0], top + cover.shape[0])))
    columns = slice(max(0, left), max(0, min(canvas.shape[1], left + cover.shape[1])))
    inner = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
    if rows.start < rows.stop and columns.start < columns.stop:
        layer = paint[inner] if paint.ndim == 3 else paint
        canvas[rows, columns] = blended(canvas[rows, columns], layer, cover[inner] * np.float32(opacity))


def lay_area(
    canvas: Image, outlines: list[Points], paint: Image, opacity: float = 1.0, line: int = cv2.LINE_AA
) -> None:
    """Fill outlines with a colour, or with the pixels of a picture as large as the canvas."""
    window = window_around(np.concatenate(outlines), canvas.shape, 2)
    drawn = np.zeros(canvas[window].shape[:2], np.uint8)
    for outline in outlines:
        cv2.fillPoly(drawn, [fixed(outline - corner_of(window))], 255, line, 4)
    layer = paint[window] if paint.ndim == 3 else paint
    canvas[window] = blended(canvas[window], layer, drawn * np.float32(opacity / 255))


def lay_lines(canvas: Image, paths: list[Points], ink: Ink) -> None:
    """Draw lines with an ink."""
    window = window_around(np.concatenate(paths), canvas.shape, ink.width + 2 * ink.rim + 2)
    local = [path - corner_of(window) for path in paths]
    if ink.rim:
        wide = inked(canvas[window].shape, local, ink.width + 2 * ink.rim, ink.line) * np.float32(ink.opacity)
        canvas[window] = blended(canvas[window], WHITE if ink.colour.mean() < 180 else BLACK, wide)
    cover = inked(canvas[window].shape, local, ink.width, ink.line) * np.float32(ink.opacity)
    canvas[window] = blended(canvas[window], ink.colour, cover)


def lay_words(canvas: Image, cover: Cover, corner: Points, ink: Ink, rng: Generator) -> None:
    """Lay letters on: bare, with a soft shadow, or with an outline."""
    kind, size = rng.random(), cover.shape[0]
    contrast = BLACK if ink.colour.mean() > 90 else WHITE
    if kind < 0.35:
        reach = max(1, round(0.03 * size))
        shadow = softened(np.pad(cover, 3 * reach), 1.2 * reach)
        lay(canvas, np.minimum(1, 1.4 * shadow), corner - 2.5 * reach, contrast, 0.6 * ink.opacity)
    elif kind < 0.6:
        reach = max(1, round(size * rng.uniform(0.02, 0.07)))
        element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        wide = np.asarray(cv2.dilate(np.pad(cover, reach), element), np.float32)
        lay(canvas, wide, corner - reach, contrast, ink.opacity)
    lay(canvas, cover, corner, ink.colour, ink.opacity)


def lay_patch(canvas: Image, patch: Image, cover: Cover, middle: Points, angle: float) -> None:
    """Lay a small picture on, about a middle and turned by an angle in radians."""
    sides = np.array(cover.shape[::-1], float)
    corners = turned(np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * sides / 2, angle) + middle
    window = window_around(corners, canvas.shape, 2)
    from_points = np.array([[0, 0], [sides[0], 0], [0, sides[1]]], np.float32)
    to_points = (corners[[0, 1, 3]] - corner_of(window)).astype(np.float32)
    move, size = cv2.getAffineTransform(from_points, to_points), canvas[window].shape[1::-1]
    pixels = cv2.warpAffine(patch, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpAffine(cover, move, size, flags=cv2.INTER_LINEAR)
    canvas[window] = blended(canvas[window], pixels, alpha)


def arc(first: float, last: float, count: int = 24) -> Points:
    """Return the points of a unit circle from one angle to another."""
    turns = np.linspace(first, last, count)
    return np.stack([np.cos(turns), np.sin(turns)], axis=1)


def oval(middle: Points, half: Points | float) -> Points:
    """Return the closed outline of an ellipse."""
    return np.asarray(arc(0, 2 * np.pi, 72) * half + middle)


def rounded_box(low: Points, high: Points, radius: float) -> Points:
    """Return the closed outline of a box whose corners are rounded, or are not (`radius` 0)."""
    radius = max(0.0, min(radius, *((high - low) / 2)))
    sides = ((high[0], high[1]), (low[0], high[1]), (low[0], low[1]), (high[0], low[1]))
    inward = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * radius
    parts = [
        arc(turn * np.pi / 2, (turn + 1) * np.pi / 2, 12 if radius else 1) * radius + side + way
        for turn, (side, way) in enumerate(zip(np.array(sides), inward, strict=True))
    ]
    return np.concatenate([*parts, parts[0][:1]])


def regular(tips: int, depth: float) -> Points:
    """Return the outline of a star of reach 1 whose inner corners lie at `depth`."""
    circle = arc(-np.pi / 2, 1.5 * np.pi, 2 * tips + 1)[:-1]
    return np.asarray(circle * np.tile([1, depth], tips)[:, None])


def dashed(path: Points, run: float, gap: float) -> list[Points]:
    """Cut a path into dashes, or into dots where `run` is 0."""
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    pieces = []
    for start in np.arange(0, along[-1], max(2.0, run + gap)):
        places = np.linspace(start, min(start + run, along[-1]), max(2, int(run / 3)))
        pieces.append(np.stack([np.interp(places, along, path[:, axis]) for axis in range(2)], axis=1))
    return pieces or [path]


def spot_in(canvas: Image, rng: Generator, rim: float = 0.08) -> Points:
    """Draw a place on a canvas, away from its edges."""
    return np.asarray(rng.uniform(rim, 1 - rim, 2) * canvas.shape[1::-1])


def letters_for(canvas: Image, text: str, rng: Generator, low: float = 11, high: float = 60) -> Cover:
    """Write a text between `low` and `high` units high, small enough for the canvas."""
    return fitted(canvas, lettered(text, between(rng, low, high) * unit_of(canvas), rng))


def centred(cover: Cover, middle: Points) -> Points:
    """Return the first pixel of what shall have its middle at a place."""
    return np.asarray(middle - np.array(cover.shape[::-1]) / 2)


def box_around(cover: Cover, corner: Points, rim: float, radius: float) -> Points:
    """Outline letters, `rim` pixels away from them."""
    return rounded_box(corner - rim, corner + cover.shape[::-1] + rim, radius)


def contrast_to(colour: Image) -> Image:
    """Return black or white, the one that is read better on a colour."""
    return BLACK if colour @ np.array([0.3, 0.6, 0.1], np.float32) > 150 else WHITE
