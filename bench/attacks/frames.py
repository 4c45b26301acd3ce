"""Deliveries that put the picture into something larger: a phone's screen, a collage."""

import cv2
import numpy as np

from bench.attacks.geometry import MIN_SIDE, scaled_to
from bench.attacks.lettering import CHINESE, LATIN, chinese, latin
from bench.attacks.parcel import Parcel

__all__ = ["collage", "screenshot"]

Colour = tuple[int, int, int]


def _write(canvas: np.ndarray, cover: np.ndarray, x: int, y: int, colour: Colour) -> None:
    """Draw a coverage map with its top left corner at (x, y), cut at the canvas's edge; changes `canvas`."""
    height, width = canvas.shape[:2]
    x, y = max(0, x), max(0, y)
    cover = cover[: max(0, height - y), : max(0, width - x)]
    if cover.size == 0:
        return
    part = canvas[y : y + cover.shape[0], x : x + cover.shape[1]].astype(np.float32)
    mixed = part * (1 - cover[..., None]) + np.array(colour, np.float32) * cover[..., None]
    canvas[y : y + cover.shape[0], x : x + cover.shape[1]] = mixed.round().astype(np.uint8)


def _status_bar(canvas: np.ndarray, rng: np.random.Generator, unit: float, ink: Colour) -> None:
    width = canvas.shape[1]
    clock = f"{int(rng.integers(0, 24)):02d}:{int(rng.integers(0, 60)):02d}"
    _write(canvas, latin(clock, max(8, round(15 * unit))), round(22 * unit), round(12 * unit), ink)
    right, top = width - round(44 * unit), round(15 * unit)
    cv2.rectangle(
        canvas, (right, top), (right + round(24 * unit), top + round(11 * unit)), ink, max(1, round(unit))
    )
    fill = round(20 * unit * rng.uniform(0.15, 1))
    cv2.rectangle(canvas, (right + 2, top + 2), (right + 2 + fill, top + round(11 * unit) - 2), ink, -1)
    for bar in range(4):
        x = right - round((30 - 6 * bar) * unit)
        foot = top + round(11 * unit)
        cv2.rectangle(
            canvas, (x, foot - round((3 + 2.5 * bar) * unit)), (x + round(3.5 * unit), foot), ink, -1
        )


def _header(canvas: np.ndarray, rng: np.random.Generator, unit: float, top: int, ink: Colour) -> None:
    arrow = np.array([[22, 10], [14, 18], [22, 26]]) * unit + [0, top]
    cv2.polylines(canvas, [arrow.round().astype(np.int32)], False, ink, max(1, round(2 * unit)), cv2.LINE_AA)
    title = (
        chinese(str(rng.choice(CHINESE)), round(17 * unit), 0.07)
        if rng.random() < 0.6
        else latin(str(rng.choice(LATIN)), round(16 * unit))
    )
    _write(canvas, title, (canvas.shape[1] - title.shape[1]) // 2, top + round(8 * unit), ink)
    for dot in range(3):
        centre = (canvas.shape[1] - round((16 + 7 * dot) * unit), top + round(18 * unit))
        cv2.circle(canvas, centre, max(1, round(2 * unit)), ink, -1, cv2.LINE_AA)


def _rounded(shape: tuple[int, int], x: int, y: int, w: int, h: int, radius: int) -> np.ndarray:
    """Coverage of a rounded rectangle, (h, w), float32."""
    canvas = np.zeros(shape, np.uint8)
    radius = max(0, min(radius, w // 2, h // 2))
    cv2.rectangle(canvas, (x + radius, y), (x + w - 1 - radius, y + h - 1), 255, -1)
    cv2.rectangle(canvas, (x, y + radius), (x + w - 1, y + h - 1 - radius), 255, -1)
    for cx in (x + radius, x + w - 1 - radius):
        for cy in (y + radius, y + h - 1 - radius):
            cv2.circle(canvas, (cx, cy), radius, 255, -1, cv2.LINE_AA)
    return canvas.astype(np.float32) / 255.0


def _bubbles(
    canvas: np.ndarray, rng: np.random.Generator, unit: float, y: int, bottom: int, dark: bool
) -> int:
    """Stack chat bubbles from `y` down to at most `bottom`; returns the next free line."""
    while y < bottom - 46 * unit:
        mine = rng.random() < 0.5
        size = max(9, round(15 * unit))
        cover = (
            chinese(str(rng.choice(CHINESE)), size, 0.07)
            if rng.random() < 0.6
            else latin(str(rng.choice(LATIN)), size)
        )
        w, h = cover.shape[1] + round(20 * unit), cover.shape[0] + round(14 * unit)
        x = canvas.shape[1] - w - round(58 * unit) if mine else round(58 * unit)
        x = max(0, min(x, canvas.shape[1] - w)) if w < canvas.shape[1] else 0
        colour: Colour = (149, 236, 105) if mine else (44, 44, 46) if dark else (255, 255, 255)
        _write(canvas, _rounded(canvas.shape[:2], x, y, w, h, round(7 * unit)), 0, 0, colour)
        _write(
            canvas,
            cover,
            x + round(10 * unit),
            y + round(7 * unit),
            (230, 230, 230) if dark and not mine else (20, 20, 20),
        )
        _avatar(canvas, rng, unit, y, mine)
        y += h + round(18 * unit)
    return y


def _avatar(canvas: np.ndarray, rng: np.random.Generator, unit: float, y: int, mine: bool) -> None:
    side = round(38 * unit)
    x = canvas.shape[1] - side - round(10 * unit) if mine else round(10 * unit)
    tone = tuple(int(v) for v in rng.integers(60, 230, 3))
    _write(
        canvas,
        _rounded(canvas.shape[:2], x, y, side, side, round(5 * unit)),
        0,
        0,
        (tone[0], tone[1], tone[2]),
    )


def screenshot(parcel: Parcel, rng: np.random.Generator) -> Parcel:
    """Photograph a phone's screen by its own key: viewer, chat or shop page around the scaled picture."""
    width = int(rng.choice([720, 750, 828, 1080, 1080, 1170, 1179, 1284]))
    height = round(width * rng.uniform(1.78, 2.22))
    unit = width / 390.0
    dark = bool(rng.random() < 0.4)
    kind = str(rng.choice(["viewer", "chat", "shop"]))
    back: Colour = (
        (0, 0, 0)
        if kind == "viewer" and dark
        else (18, 18, 20)
        if dark
        else (255, 255, 255)
        if kind != "chat"
        else (237, 237, 237)
    )
    ink: Colour = (235, 235, 235) if dark else (25, 25, 25)
    canvas = np.full((height, width, 3), back, np.uint8)
    header, footer = round(92 * unit), round(rng.uniform(50, 90) * unit)
    room_w, room_h = _room(kind, rng, width, height, header, footer)
    ph, pw = parcel.shape
    factor = min(room_w / pw, room_h / ph)
    if factor * min(ph, pw) < MIN_SIDE:
        factor = min(MIN_SIDE / min(ph, pw), width / pw, (height - header - footer) / ph)
    w, h = round(pw * factor), round(ph * factor)
    x, y = _place(kind, rng, canvas, unit, header, footer, w, h, dark)
    _status_bar(canvas, rng, unit, ink)
    _header(canvas, rng, unit, round(44 * unit), ink)
    _footer(canvas, unit, footer, dark)
    framed = scaled_to(parcel, (w, h)).moved(
        np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]]), (width, height), canvas
    )
    if kind == "chat":
        corner = 1 - _rounded((height, width), x, y, w, h, round(6 * unit))
        framed = framed.under(corner, canvas)
    return framed


def _room(
    kind: str, rng: np.random.Generator, width: int, height: int, header: int, footer: int
) -> tuple[float, float]:
    """How much of the screen the picture may take: (width, height)."""
    free = height - header - footer
    if kind == "viewer":
        return width * (1.0 if rng.random() < 0.7 else rng.uniform(0.85, 1.0)), free
    if kind == "chat":
        return width * rng.uniform(0.5, 0.72), free * rng.uniform(0.45, 0.8)
    return width * rng.uniform(0.9, 1.0), free * rng.uniform(0.6, 0.8)


def _place(
    kind: str,
    rng: np.random.Generator,
    canvas: np.ndarray,
    unit: float,
    header: int,
    footer: int,
    w: int,
    h: int,
    dark: bool,
) -> tuple[int, int]:
    """Where the picture goes, after what stands around it is drawn."""
    height, width = canvas.shape[:2]
    free = height - header - footer
    if kind == "viewer":
        return (width - w) // 2, header + max(0, (free - h) // 2)
    if kind == "chat":
        mine = rng.random() < 0.6
        y = header + int(rng.uniform(0.02, 0.98) * max(free - h, 0))
        _bubbles(canvas, rng, unit, header + round(12 * unit), y, dark)
        _bubbles(canvas, rng, unit, y + h + round(16 * unit), height - footer, dark)
        _avatar(canvas, rng, unit, y, bool(mine))
        x = width - w - round(58 * unit) if mine else round(58 * unit)
        return max(0, min(x, width - w)), y
    y = header + round(rng.uniform(0, 12) * unit)
    _product_lines(canvas, rng, unit, y + h + round(14 * unit), height - footer)
    return (width - w) // 2, y


def _product_lines(canvas: np.ndarray, rng: np.random.Generator, unit: float, line: int, end: int) -> None:
    """Write what a shop's page says under its picture, from row `line` to row `end`."""
    for _ in range(int(rng.integers(2, 6))):
        size = round(rng.uniform(12, 20) * unit)
        cover = (
            chinese(str(rng.choice(CHINESE)), size, 0.08)
            if rng.random() < 0.5
            else latin(str(rng.choice(LATIN)), size)
        )
        if line + cover.shape[0] < end:
            _write(
                canvas,
                cover,
                round(14 * unit),
                line,
                (210, 50, 40) if rng.random() < 0.3 else (130, 130, 130),
            )
        line += cover.shape[0] + round(6 * unit)


def _footer(canvas: np.ndarray, unit: float, footer: int, dark: bool) -> None:
    height, width = canvas.shape[:2]
    top = height - footer
    canvas[top:] = (30, 30, 32) if dark else (247, 247, 247)
    h = round(36 * unit)
    field = _rounded(
        (height, width),
        round(48 * unit),
        top + round(7 * unit),
        width - round(130 * unit),
        h,
        round(6 * unit),
    )
    _write(canvas, field, 0, 0, (52, 52, 54) if dark else (255, 255, 255))
    for x in (26 * unit, width - 60 * unit, width - 26 * unit):
        cv2.circle(
            canvas,
            (round(x), top + round(25 * unit)),
            round(12 * unit),
            (140, 140, 140),
            max(1, round(1.6 * unit)),
            cv2.LINE_AA,
        )


def _covering(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Scale and cut an image so that it fills (width, height)."""
    factor = max(size[0] / image.shape[1], size[1] / image.shape[0])
    scaled = cv2.resize(
        image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    )
    scaled = cv2.resize(scaled, (max(scaled.shape[1], size[0]), max(scaled.shape[0], size[1])))
    top, left = (scaled.shape[0] - size[1]) // 2, (scaled.shape[1] - size[0]) // 2
    return np.asarray(scaled[top : top + size[1], left : left + size[0]], np.uint8)


def collage(parcel: Parcel, rng: np.random.Generator, other: np.ndarray) -> Parcel:
    """Put the picture beside another one: left, right, above or below, with or without a gap."""
    height, width = parcel.shape
    gap = int(rng.choice([0, 0, 4, 8, 14]))
    share = rng.uniform(0.55, 1.3)
    if rng.random() < 0.6:  # side by side
        size = (max(32, round(width * share)), height)
        whole = (width + gap + size[0], height)
        first = bool(rng.random() < 0.5)
        mine, theirs = ((0, 0), (width + gap, 0)) if first else ((size[0] + gap, 0), (0, 0))
    else:
        size = (width, max(32, round(height * share)))
        whole = (width, height + gap + size[1])
        first = bool(rng.random() < 0.5)
        mine, theirs = ((0, 0), (0, height + gap)) if first else ((0, size[1] + gap), (0, 0))
    canvas = np.full((whole[1], whole[0], 3), int(rng.choice([255, 255, 0, 240])), np.uint8)
    canvas[theirs[1] : theirs[1] + size[1], theirs[0] : theirs[0] + size[0]] = _covering(other, size)
    joined = parcel.moved(np.array([[1.0, 0, mine[0]], [0, 1, mine[1]], [0, 0, 1]]), whole, canvas)
    factor = min(1.0, rng.uniform(1100, 2000) / max(whole))
    factor = max(factor, min(1.0, MIN_SIDE / min(height, width)))
    return scaled_to(joined, (round(whole[0] * factor), round(whole[1] * factor)))
