"""What apps paste on a photograph: seals, faces, codes to scan, labels, badges and tape measures."""

import cv2
import numpy as np

from training.app_parts import (
    BLACK,
    WHITE,
    Ink,
    alike,
    app_colour,
    between,
    box_around,
    centred,
    contrast_to,
    fitted,
    imprint,
    lay,
    lay_area,
    lay_lines,
    lay_patch,
    lettered,
    letters_for,
    oval,
    picked,
    place_of,
    regular,
    rounded_box,
    shop_of,
    spot_in,
    unit_of,
)
from training.canvas import Cover, Generator, Image, inked, softened, turned

__all__ = ["coded", "faced", "labelled", "priced", "ruled", "sealed"]


def sealed(canvas: Image, rng: Generator) -> None:
    """Press a round or square seal: a ring, a star, a name about it and a word below."""
    radius = min(between(rng, 28, 150) * unit_of(canvas), 0.45 * min(canvas.shape[:2]))
    side, thick = int(2.3 * radius), max(1.0, radius * rng.uniform(0.03, 0.09))
    middle = np.full(2, side / 2)
    if rng.random() < 0.75:
        name = shop_of(rng) + picked(rng, ("有限公司", "专用章", ""))
        cover = inked((side, side), [oval(middle, radius)], thick, cv2.LINE_AA)
        spread = min(5.0, 0.55 * len(name))
        for turn, letter in zip(np.linspace(-spread / 2, spread / 2, len(name)), name, strict=True):
            piece, size = lettered(letter, 0.3 * radius, rng), round(0.7 * radius)
            tile = np.zeros((size, size), np.float32)
            imprint(tile, piece, np.full(2, size / 2))
            move = cv2.getRotationMatrix2D((size / 2, size / 2), -float(np.degrees(turn)), 1)
            place = middle + np.array([np.sin(turn), -np.cos(turn)]) * 0.74 * radius
            imprint(cover, np.asarray(cv2.warpAffine(tile, move, (size, size)), np.float32), place)
        star = np.zeros((side, side, 3), np.float32)
        lay_area(star, [regular(5, 0.4) * 0.3 * radius + middle], WHITE)
        cover = np.maximum(cover, star[..., 0] / 255)
        imprint(cover, lettered("专用章", 0.22 * radius, rng), middle + np.array([0, 0.6 * radius]))
    else:
        word = picked(rng, ("已验货", "不合格", "退货", "合格", "作废", "残次品", "VOID", "REJECTED"))
        piece = lettered(word, radius * rng.uniform(0.4, 0.6), rng)
        side = max(piece.shape) + round(6 * thick)
        cover = np.zeros((side, side), np.float32)
        imprint(cover, piece, np.full(2, side / 2))
        box = box_around(piece, centred(piece, np.full(2, side / 2)), thick, radius * 0.15)
        cover = np.maximum(cover, inked(cover.shape, [box], thick, cv2.LINE_AA))
    _pressed(canvas, cover, rng)


def _pressed(canvas: Image, cover: Cover, rng: Generator) -> None:
    """Lay a seal's coverage on in red, mostly, whole or worn."""
    if rng.random() < 0.5:
        grain = softened(rng.random(cover.shape, dtype=np.float32), float(rng.uniform(0.5, 2)))
        cover = cover * np.clip((grain - 0.5) / grain.std() + rng.uniform(0.5, 2), 0, 1)
    red = np.array([rng.uniform(180, 240), rng.uniform(10, 50), rng.uniform(20, 60)], np.float32)
    colour = red if rng.random() < 0.75 else app_colour(rng)
    alpha = np.asarray(cover * np.float32(rng.uniform(0.5, 1)), np.float32)
    patch = np.broadcast_to(colour, (*cover.shape, 3)).copy()
    lay_patch(canvas, patch, alpha, spot_in(canvas, rng, 0.15), float(rng.choice([0, rng.normal(0, 0.4)])))


def faced(canvas: Image, rng: Generator) -> None:
    """Set a disc with a face: one, or a few alike."""
    radius, tone = (
        between(rng, 9, 100) * unit_of(canvas),
        np.array([255, rng.uniform(190, 225), 60], np.float32),
    )
    tone = tone if rng.random() < 0.75 else app_colour(rng)
    dark, mood, gap = contrast_to(tone) * np.float32(0.9) + 15, rng.uniform(-1, 1), rng.uniform(0.25, 0.45)
    eye = np.array([rng.uniform(0.08, 0.16), rng.uniform(0.03, 0.22)])
    pen = Ink(dark, max(1.0, radius * rng.uniform(0.05, 0.12)), 1, cv2.LINE_AA, 0)
    smile = np.stack(
        [np.linspace(-0.45, 0.45, 15), mood * 0.35 * np.cos(np.linspace(-1.57, 1.57, 15))], axis=1
    )
    tears, open_mouth = mood < 0 and rng.random() < 0.5, rng.random() < 0.35
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        middle, angle = spot_in(canvas, rng), float(rng.normal(0, 0.2))
        lay_area(canvas, [oval(middle, radius)], tone)
        if rng.random() < 0.5:
            lay_area(canvas, [oval(middle - 0.12 * radius, 0.8 * radius)], WHITE, 0.15)
        eyes = [turned((oval(np.array([way * gap, -0.22]), eye)) * radius, angle) + middle for way in (-1, 1)]
        lay_area(canvas, eyes, dark)
        mouth = turned((smile + np.array([0, 0.3])) * radius, angle) + middle
        lay_lines(canvas, [mouth], pen)
        if open_mouth:
            lay_area(canvas, [mouth], dark)
        if tears:
            drop = turned(oval(np.array([gap, 0.15]), np.array([0.1, 0.2])) * radius, angle) + middle
            lay_area(canvas, [drop], np.array([80, 170, 255], np.float32))


def coded(canvas: Image, rng: Generator) -> None:
    """Paste a square code that can be read, with a quiet rim, sometimes a logo in it."""
    text = f"https://{picked(rng, ('u.wechat.com', 'qr.alipay.com', 'm.tb.cn'))}/{rng.integers(10**9)}"
    bits = cv2.QRCodeEncoder.create().encode(text + "x" * int(rng.integers(0, 60)))
    bits = np.pad(bits, int(rng.integers(1, 4)), constant_values=255)
    side = between(rng, 0.1, 0.55) * min(canvas.shape[:2])
    factor = max(1, round(side / len(bits)))
    dark = BLACK if rng.random() < 0.75 else app_colour(rng) * np.float32(0.5)
    light = bits.repeat(factor, 0).repeat(factor, 1).astype(np.float32)[..., None] / 255
    patch = np.asarray(dark + light * (WHITE - dark), np.float32)
    if rng.random() < 0.3:
        middle, half = np.full(2, len(patch) / 2), np.full(2, 0.12 * len(patch))
        lay_area(patch, [rounded_box(middle - half, middle + half, half[0] / 2)], WHITE)
        lay_area(patch, [rounded_box(middle - 0.8 * half, middle + 0.8 * half, half[0] / 2)], app_colour(rng))
    angle = float(rng.choice([0, 0, rng.normal(0, 0.2)]))
    cover = np.full(patch.shape[:2], 1.0 if rng.random() < 0.8 else rng.uniform(0.5, 1), np.float32)
    lay_patch(canvas, patch, cover, spot_in(canvas, rng, 0.12), angle)


def labelled(canvas: Image, rng: Generator) -> None:
    """Stick a courier's label on: a bar code, its number, an address and ruled lines."""
    width = max(40.0, between(rng, 0.15, 0.65) * canvas.shape[1])
    height = width * rng.uniform(0.3, 1.2)
    patch = np.full((int(height), int(width), 3), rng.uniform(225, 255), np.float32)
    rim, ink = 0.05 * width, Ink(BLACK + 20, max(1.0, width / 200), 1, cv2.LINE_AA, 0)
    bars = (rng.random(int(rng.integers(40, 110))) < 0.5).astype(np.float32)
    size = int(width - 2 * rim), max(3, int(min(0.35 * height, 0.25 * width)))
    code = cv2.resize(bars[None], size, interpolation=cv2.INTER_NEAREST)
    lay(patch, np.asarray(code, np.float32), np.full(2, rim), BLACK)
    number = f"{picked(rng, ('SF', 'YT', 'JD', 'ZT', ''))}{rng.integers(10**11, 10**12)}"
    texts = [
        number,
        place_of(rng),
        f"收件人 {rng.integers(130, 200)}****{rng.integers(1000, 9999)}",
        shop_of(rng),
    ]
    top = rim + size[1] + 0.02 * width
    for index, text in enumerate(texts):
        line = fitted(patch, lettered(text, 0.055 * width * rng.uniform(0.7, 1.3), rng), 0.85)
        lay(patch, line, np.array([rim, top]), BLACK)
        top += line.shape[0]
        if index and rng.random() < 0.5:
            lay_lines(patch, [np.array([[0, top], [width, top]])], ink)
    if rng.random() < 0.4:
        lay_lines(patch, [rounded_box(np.ones(2), np.array([width, height]) - 2, 0)], ink)
    cover = np.ones(patch.shape[:2], np.float32)
    lay_patch(canvas, patch, cover, spot_in(canvas, rng, 0.2), float(rng.choice([0, rng.normal(0, 0.3)])))


def priced(canvas: Image, rng: Generator) -> None:
    """Set a badge: a burst, a disc, a ribbon across a corner, or a tag with a hole."""
    prices = f"￥{rng.integers(1, 999)}", f"{rng.uniform(1, 99):.1f}元", f"{rng.integers(1, 10)}折"
    text = picked(rng, (*prices, "包邮", "特价", "NEW", "SALE", "热卖", "新品", "赔付"))
    word, kind = letters_for(canvas, text, rng, 14, 60), int(rng.integers(4))
    rows, columns = word.shape
    side = 2 * int(np.hypot(rows, columns)) + 4
    middle, colour = np.full(2, side / 2), app_colour(rng)
    patch, angle = (
        np.broadcast_to(colour, (side, side, 3)).copy(),
        float(rng.choice([0, 0, rng.normal(0, 0.3)])),
    )
    reach, half = 0.62 * float(np.hypot(rows, columns)), np.array([columns, rows]) / 2
    place = spot_in(canvas, rng, 0.15)
    if kind == 0:
        outline = regular(int(rng.integers(10, 26)), rng.uniform(0.8, 0.92)) * 1.2 * reach + middle
    elif kind == 1:
        outline = oval(middle, reach)
    elif kind == 2:
        ribbon = np.array([0.49 * side, 0.55 * rows])
        outline = rounded_box(middle - ribbon, middle + ribbon, 0)
        place, angle = np.full(2, 0.3 * side), -np.pi / 4
    else:
        edges = np.array([[-1.05, -1.1], [1.05, -1.1], [1.05, 1.1], [-1.05, 1.1]]) * half
        outline = np.concatenate([edges, [[-half[0] - 0.8 * rows, 0]]]) + middle
        lay_area(patch, [oval(middle - (half[0] + 0.3 * rows, 0), 0.1 * rows)], WHITE)
    shape = np.zeros((side, side, 3), np.float32)
    lay_area(shape, [outline], WHITE)
    lay(patch, word, centred(word, middle), contrast_to(colour))
    if kind < 2 and rng.random() < 0.4:
        lay_lines(
            patch, [(outline - middle) * 0.9 + middle], Ink(WHITE, max(1.0, 0.05 * rows), 1, cv2.LINE_AA, 0)
        )
    lay_patch(
        canvas, patch, np.asarray(shape[..., 0] / 255 * rng.choice([1, 1, 0.8]), np.float32), place, angle
    )


def ruled(canvas: Image, rng: Generator) -> None:
    """Lay a tape measure along an edge, or across."""
    length, wide = int(1.1 * max(canvas.shape[:2])), int(max(9, between(rng, 14, 70) * unit_of(canvas)))
    kind = rng.random()
    paper = np.array([250, rng.uniform(195, 225), rng.uniform(20, 90)], np.float32)
    if kind > 0.4:
        paper = WHITE - 8 if kind < 0.75 else app_colour(rng)
    patch, ink = np.broadcast_to(paper, (wide, length, 3)).copy(), contrast_to(paper)
    pitch = max(2.0, wide * rng.uniform(0.07, 0.25))
    digits = alike([str(number) for number in range(1, int(0.1 * length / pitch) + 2)], 0.36 * wide, rng)
    for index, place in enumerate(np.arange(pitch, length, pitch)):
        reach = wide * (0.5 if index % 10 == 0 else 0.36 if index % 5 == 0 else 0.22)
        patch[: int(reach), int(place) : int(place) + max(1, round(0.12 * pitch))] = ink
        if index and index % 10 == 0:
            digit = digits[index // 10 - 1]
            lay(patch, digit, centred(digit, np.array([place, 0.72 * wide])), ink)
    cover = np.full((wide, length), 1.0 if rng.random() < 0.7 else rng.uniform(0.45, 1), np.float32)
    upright, far = rng.random() < 0.4, rng.random() < 0.5
    sides = np.array(canvas.shape[1::-1], float)
    middle = sides / 2
    middle[0 if upright else 1] = sides[0 if upright else 1] - wide / 2 if far else wide / 2
    # The ticks point into the picture.
    angle = np.pi * (0.5 + far if upright else 1.0 - far)
    if rng.random() < 0.2:
        middle, angle = spot_in(canvas, rng, 0.2), float(rng.uniform(-1.6, 1.6))
    lay_patch(canvas, patch, cover, middle, angle)
