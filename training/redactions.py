"""What people lay over a place to hide or adorn it: mosaics, blurs, bars, blobs, codes, stickers and stamps.

Any colour is as likely as any other: what was laid on is known by its form.
"""

import cv2
import numpy as np
from bench.attacks.lettering import CHINESE, chinese, latin

from training.canvas import (
    Cover,
    Generator,
    Image,
    Mark,
    Points,
    any_colour,
    blended,
    corner_of,
    fixed,
    pixelated,
    shadowed,
    size_and_place,
    softened,
    turned,
    window_around,
)

__all__ = ["hidden"]

Layer = tuple[Points, tuple[float, float, float]]


def _filled(shape: tuple[int, ...], outlines: list[Points], line: int = cv2.LINE_AA) -> Cover:
    canvas = np.zeros(shape[:2], np.uint8)
    for outline in outlines:
        cv2.fillPoly(canvas, [fixed(outline)], 255, line, 4)
    return np.asarray(canvas / 255, np.float32)


def _round(power: float = 2.0, count: int = 60) -> Points:
    """Outline of an ellipse (2), of a rounded box (4 and more) or of a lozenge (1)."""
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    return np.asarray(np.sign(circle) * np.abs(circle) ** (2 / power))


def _outline(rng: Generator) -> Points:
    kind = rng.random()
    if kind < 0.4:
        return np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]])
    if kind < 0.65:
        return _round(float(rng.choice([2, 2, 4, 7])))
    if kind < 0.85:
        turns = np.linspace(0, 2 * np.pi, 80)
        reach = np.ones(80)
        for wave in range(2, 6):
            reach += rng.normal(0, 0.22 / wave) * np.cos(wave * turns + rng.uniform(0, 7))
        return np.asarray(_round(2, 80) * reach[:, None] * 0.85)
    turns = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 9))))
    return np.stack([np.cos(turns), np.sin(turns)], axis=1) * rng.uniform(0.7, 1, (len(turns), 1))


def _region(shape: tuple[int, ...], rng: Generator) -> list[Points]:
    """One place, or several alike such as the faces in a picture."""
    outline, angle = _outline(rng), float(rng.normal(0, 0.5)) if rng.random() < 0.35 else 0.0
    if rng.random() < 0.8:
        half, middle = size_and_place(shape, rng, 0.04, 0.9)
        return [turned(outline * half, angle) + middle]
    half, middle = size_and_place(shape, rng, 0.04, 0.18)
    spread = rng.uniform(1.5, 4) * half.max()
    places = middle + rng.normal(0, spread, (int(rng.integers(2, 6)), 2))
    return [turned(outline * half * rng.uniform(0.7, 1.3), angle) + place for place in places]


def _blocks(window: Image, rng: Generator) -> Image:
    short = min(window.shape[:2])
    return pixelated(window, max(2, round(float(np.exp(rng.uniform(np.log(4), np.log(max(6, short / 3))))))))


def _cells(window: Image, rng: Generator) -> Image:
    """Average within hexagons, triangles or lozenges."""
    side = float(np.exp(rng.uniform(np.log(5), np.log(max(8, min(window.shape[:2]) / 5)))))
    ys, xs = np.mgrid[: window.shape[0], : window.shape[1]].astype(np.float32) / side
    kind = int(rng.integers(3))
    if kind == 0:
        rows = np.round(ys / 0.866)
        keys = rows * 4096 + np.round(xs - 0.5 * (rows % 2))
    elif kind == 1:
        first, second = xs + ys / 1.732, ys / 0.866
        keys = np.floor(first + 2048) * 4096 + 2 * np.floor(second) + (first % 1 > second % 1)
    else:
        keys = np.floor(xs + ys + 2048) * 4096 + np.floor(xs - ys)
    # Keys reach beyond what float32 can count.
    numbers = np.unique(keys.astype(np.float64).ravel(), return_inverse=True)[1]
    counts = np.bincount(numbers)
    means = [np.bincount(numbers, window[..., band].ravel()) / counts for band in range(3)]
    return np.stack(means, axis=1)[numbers].reshape(window.shape).astype(np.float32)


def _blurred(window: Image, rng: Generator) -> Image:
    reach = float(rng.uniform(0.03, 0.2)) * min(window.shape[:2]) + 2
    if rng.random() < 0.6:
        return softened(window, reach)
    size = 2 * round(reach) + 1
    return np.asarray(cv2.blur(window, (size, size if rng.random() < 0.7 else 1)), np.float32)


def _frosted(window: Image, rng: Generator) -> Image:
    height, width = window.shape[:2]
    reach = float(rng.uniform(3, 14)) * max(1, height / 200)
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    shift = (rng.random((height, width, 2), dtype=np.float32) - 0.5) * reach
    if rng.random() < 0.4:
        shift = softened(shift, 1.2) * 4
    glass = cv2.remap(
        window, xs + shift[..., 0], ys + shift[..., 1], cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT
    )
    light = float(rng.choice([0, 0.15, 0.35]))
    return np.asarray(softened(glass, 0.8) * (1 - light) + 245 * light, np.float32)


def _veiled(picture: Image, rng: Generator) -> Mark:
    """Make a place illegible: blocks, cells, blur or frosted glass; the rim hard, in steps or feathered."""
    region = _region(picture.shape, rng)
    window = window_around(np.concatenate(region), picture.shape, 8)
    before = picture[window]
    veil = (_blocks, _blocks, _cells, _blurred, _frosted)[int(rng.integers(5))]
    after = veil(before, rng)
    cover = _filled(before.shape, [outline - corner_of(window) for outline in region])
    rim = rng.random()
    if rim < 0.3:
        feather = softened(cover, float(rng.uniform(1, 0.06 * min(before.shape[:2]) + 2)))
        cover = np.where(feather > 0.02, feather, 0).astype(np.float32)
    elif rim < 0.5 and veil is _blocks:
        cover = (pixelated(cover, max(2, min(before.shape[:2]) // 12)) > 0.5).astype(np.float32)
    else:
        cover = (cover > 0.5).astype(np.float32)
    return Mark(window, blended(before, after, cover), cover)


def _covered(picture: Image, rng: Generator) -> Mark:
    """Fill a place with one colour or two, see-through or not, sometimes with a border."""
    region = _region(picture.shape, rng)
    window = window_around(np.concatenate(region), picture.shape, 8)
    before = picture[window]
    local = [outline - corner_of(window) for outline in region]
    line = cv2.LINE_AA if rng.random() < 0.7 else cv2.LINE_8
    cover, layer = _filled(before.shape, local, line), any_colour(before, rng)
    if rng.random() < 0.15:
        ramp = np.linspace(0, 1, before.shape[0], dtype=np.float32)[:, None, None]
        layer = layer + ramp * (any_colour(before, rng) - layer)
    opacity = float(rng.choice([1, 1, 1, rng.uniform(0.35, 0.95)]))
    after = blended(before, layer, cover * opacity)
    if rng.random() < 0.2:
        border = np.zeros(before.shape[:2], np.uint8)
        cv2.polylines(
            border, [fixed(outline) for outline in local], True, 255, int(rng.integers(1, 6)), line, 4
        )
        rim = border.astype(np.float32) / 255
        after, cover = blended(after, any_colour(before, rng), rim), np.maximum(cover, rim)
    return Mark(window, after, cover)


def _words(rng: Generator, size: int) -> Cover:
    if rng.random() < 0.35:
        return np.asarray(chinese(str(rng.choice(CHINESE)), size, float(rng.uniform(0.05, 0.16))), np.float32)
    letters = [*"ABCDEFGHKLMNPRSTUVWXYZabcdefghkmnoprstuvwxyz0123456789-:/ "]
    return np.asarray(latin("".join(rng.choice(letters, int(rng.integers(3, 14)))), size), np.float32)


def _barred(picture: Image, rng: Generator) -> Mark:
    """Lay a bar with words on it, its ends square or round."""
    words = _words(rng, int(max(8, np.exp(rng.uniform(np.log(0.02), np.log(0.12))) * max(picture.shape))))
    rows, columns = words.shape
    half = np.array([columns, rows]) * rng.uniform(0.52, 0.75, 2)
    middle = rng.uniform(0.1, 0.9, 2) * picture.shape[1::-1]
    outline = _round(float(rng.choice([5, 12, 60])), 200) * half + middle
    window = window_around(outline, picture.shape, 4)
    before = picture[window]
    cover = _filled(before.shape, [outline - corner_of(window)])
    paper, (left, top) = any_colour(before, rng), middle - corner_of(window) - np.array([columns, rows]) / 2
    move = np.array([[1, 0, np.round(left)], [0, 1, np.round(top)]])
    ink = cv2.warpAffine(words, move, before.shape[1::-1])
    colour = np.float32(20 if paper.mean() > 128 else 250) * np.ones(3, np.float32)
    after = blended(before, paper, cover * float(rng.choice([1, 1, rng.uniform(0.3, 0.9)])))
    return Mark(window, blended(after, colour, ink), np.maximum(cover, ink))


def _coded(picture: Image, rng: Generator) -> Mark:
    """Paste a square code: dark and light modules, three finders, a quiet rim."""
    count = int(rng.integers(17, 38))
    bits = (rng.random((count, count)) < 0.5).astype(np.uint8)
    finder = np.pad(np.pad(np.ones((3, 3), np.uint8), 1), 1, constant_values=1)
    for rows, columns in (
        (slice(0, 7), slice(0, 7)),
        (slice(0, 7), slice(-7, None)),
        (slice(-7, None), slice(0, 7)),
    ):
        bits[rows, columns] = finder
    bits = np.pad(bits, int(rng.integers(1, 5)))
    short = min(picture.shape[:2])
    side = len(bits) * max(2, round(float(rng.uniform(0.12, 0.6)) * short / len(bits)))
    left, top = (int(rng.integers(0, max(1, length - side // 2))) for length in picture.shape[1::-1])
    pattern = cv2.resize(bits, (side, side), interpolation=cv2.INTER_NEAREST)
    window = slice(top, min(top + side, picture.shape[0])), slice(left, min(left + side, picture.shape[1]))
    before = picture[window]
    ink = pattern[: before.shape[0], : before.shape[1]].astype(np.float32)
    dark = np.zeros(3, np.float32) if rng.random() < 0.6 else any_colour(before, rng) * np.float32(0.5)
    return Mark(window, blended(np.full_like(before, 250), dark, ink), np.ones(ink.shape, np.float32))


def _tone(rng: Generator, *choices: tuple[float, float, float]) -> tuple[float, float, float]:
    if rng.random() < 0.25:
        red, green, blue = (float(value) for value in rng.uniform(0, 255, 3))
        return red, green, blue
    return choices[int(rng.integers(len(choices)))]


def _heart() -> Points:
    turns = np.linspace(0, 2 * np.pi, 60)
    waves = 13 * np.cos(turns) - 5 * np.cos(2 * turns) - 2 * np.cos(3 * turns) - np.cos(4 * turns)
    return np.stack([np.sin(turns) ** 3, waves / -16], axis=1)


def _star(tips: int, depth: float) -> Points:
    turns = np.arange(2 * tips) * np.pi / tips - np.pi / 2
    return np.asarray(np.stack([np.cos(turns), np.sin(turns)], axis=1) * np.tile([1, depth], tips)[:, None])


def _face(rng: Generator) -> list[Layer]:
    dark = _tone(rng, (70, 45, 20), (20, 20, 20))
    layers: list[Layer] = [(_round(), _tone(rng, (255, 205, 50), (255, 220, 90), (250, 200, 180)))]
    eye = _heart() * 0.28 if rng.random() < 0.25 else _round() * (0.13, rng.uniform(0.05, 0.24))
    layers += [(eye + np.array([side, -0.23]), dark) for side in (-0.36, 0.36)]
    turns = np.linspace(0, np.pi, 20)
    bow = np.stack([np.cos(turns), np.sin(turns)], axis=1) * (rng.uniform(0.3, 0.6), rng.uniform(0.15, 0.5))
    mouth = np.concatenate([bow, bow[::-1] * (1, rng.uniform(-0.2, 0.75))])
    layers.append((mouth * (1, rng.choice([1, 1, -1])) + (0, rng.uniform(0.1, 0.35)), dark))
    if rng.random() < 0.4:
        layers += [(_round() * (0.17, 0.1) + (side, 0.12), (250, 140, 120)) for side in (-0.62, 0.62)]
    return layers


def _figure(rng: Generator) -> list[Layer]:
    """Draw a heart, a star, a flame, a thumb, a bolt or a bubble of flat shapes."""
    kind, tone = (
        int(rng.integers(6)),
        _tone(rng, (230, 30, 60), (255, 190, 30), (250, 110, 20), (90, 140, 240)),
    )
    if kind == 0:
        return [(_heart(), tone), (_round() * (0.16, 0.1) + (-0.5, -0.55), (255, 225, 225))]
    if kind == 1:
        return [(_star(int(rng.integers(4, 13)), float(rng.uniform(0.4, 0.8))), tone)]
    if kind == 2:
        flame = np.array([[0, -1], [0.3, -0.45], [0.5, -0.6], [0.75, 0.1], [0.6, 0.75], [0, 1], [-0.6, 0.75],
                          [-0.75, 0.1], [-0.4, -0.2]])  # fmt: skip
        return [(flame * share + (0, 1 - share), hue) for share, hue in ((1, tone), (0.6, (255, 225, 80)))]
    if kind == 3:
        skin = _tone(rng, (255, 205, 60), (240, 190, 150))
        fingers = [(_round(4) * (0.5, 0.19) + (0.3, row), skin) for row in (-0.15, 0.18, 0.5, 0.8)]
        thumb = turned(_round(3) * (0.2, 0.55), 0.3) - (0, 0.5)
        return [*fingers, (thumb, skin), (_round(6) * (0.35, 0.55) + (-0.1, 0.35), skin),
                (_round(9) * (0.22, 0.6) + (-0.68, 0.35), tone)]  # fmt: skip
    if kind == 4:
        bolt = np.array([[0.2, -1], [-0.6, 0.15], [-0.05, 0.1], [-0.25, 1], [0.6, -0.25], [0.05, -0.2]])
        return [(bolt, tone)]
    tail = np.array([[-0.5, 0.4], [0, 0.4], [-0.7, 1]])
    dots = [(_round() * 0.1 + (side, -0.1), (90.0, 90.0, 90.0)) for side in (-0.4, 0, 0.4)]
    return [(tail, (255, 255, 255)), (_round(4) * (1, 0.65) + (0, -0.1), (255, 255, 255)), *dots]


def _stuck(picture: Image, rng: Generator) -> Mark:
    """Put a sticker on, or a few alike, with a white rim and a shadow or without."""
    half, middle = size_and_place(picture.shape, rng, 0.05, 0.45)
    layers = _face(rng) if rng.random() < 0.45 else _figure(rng)
    places = middle + rng.normal(0, 2.5 * half.min(), (int(rng.choice([1, 1, 1, 2, 3])), 2))
    places[0] = middle
    parts = [(turned(outline * half.min(), angle) + place, tone) for place in places
             for angle in [rng.normal(0, 0.25)] for outline, tone in layers]  # fmt: skip
    rim = int(rng.choice([0, rng.uniform(0.03, 0.12) * half.min()]))
    window = window_around(np.concatenate([outline for outline, _ in parts]), picture.shape, 3 * rim + 6)
    before, corner = picture[window], corner_of(window)
    drawn = np.full(before.shape, layers[0][1], np.uint8)
    for outline, tone in parts:
        cv2.fillPoly(drawn, [fixed(outline - corner)], tone, cv2.LINE_AA, 4)
    inner = cover = _filled(before.shape, [outline - corner for outline, _ in parts])
    if rim:
        cover = cv2.dilate(cover, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1)))
        drawn = np.where(inner[..., None] > 0.5, drawn, 255)
    after, shadow = shadowed(before, cover, max(1, rim)) if rng.random() < 0.4 else (before, cover)
    return Mark(window, blended(after, drawn.astype(np.float32), cover), np.maximum(cover, shadow))


def _stamped(picture: Image, rng: Generator) -> Mark:
    """Press a rubber stamp: a ring or a box with strokes like writing, worn, the ground showing through."""
    half, middle = size_and_place(picture.shape, rng, 0.08, 0.5)
    radius, power = half.min(), float(rng.choice([2, 2, 9]))
    squeeze, angle = (1, rng.choice([1, 1, 0.6])), float(rng.normal(0, 0.4))
    window = window_around(middle + np.array([[-1.2], [1.2]]) * radius, picture.shape, 4)
    before, thick = picture[window], radius * rng.uniform(0.03, 0.1)
    canvas = np.zeros(before.shape[:2], np.uint8)

    def draw(points: Points, closed: bool, width: float) -> None:
        local = fixed(turned(points * radius * squeeze, angle) + middle - corner_of(window))
        cv2.polylines(canvas, [local], closed, 255, max(1, round(width)), cv2.LINE_AA, 4)

    for share in (1, 0.88)[: int(rng.integers(1, 3))]:
        draw(_round(power) * share, True, thick * share**6)
    letters = int(rng.integers(5, 14))
    for turn in np.arange(letters) * rng.uniform(0.7, 1) * 2 * np.pi / letters:
        for _ in range(int(rng.integers(3, 7))):
            stroke = rng.uniform(-0.5, 0.5, (2, 2)) * rng.choice([(1, 0.15), (0.15, 1)]) + rng.uniform(
                -0.4, 0.4, 2
            )
            draw(turned(stroke * 2.4 / letters + (0, -0.66), turn), False, thick * 0.5)
    cover = np.asarray(canvas / 255, np.float32)
    if rng.random() < 0.6:
        star = turned(_star(5, 0.4) * radius * 0.3 * squeeze, angle) + middle - corner_of(window)
        cover = np.maximum(cover, _filled(before.shape, [star]))
    worn = softened(rng.random(cover.shape, dtype=np.float32), float(rng.uniform(0.5, 1.5)))
    cover = np.asarray(cover * np.clip((worn - 0.5) / worn.std() + rng.uniform(0.3, 2), 0, 1), np.float32)
    ink = np.array([205, 30, 35], np.float32) if rng.random() < 0.6 else any_colour(before, rng)
    layer = np.asarray(before * ink / 255 if rng.random() < 0.5 else ink, np.float32)
    return Mark(window, blended(before, layer, cover * rng.uniform(0.6, 1)), cover)


_WAYS = (_veiled, _veiled, _veiled, _covered, _covered, _barred, _coded, _stuck, _stuck, _stamped)


def hidden(picture: Image, rng: Generator) -> Mark:
    """Hide or adorn one place of a picture.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), float32, 0..255
        Not modified.

    Returns
    -------
    Mark
        The window that was worked on, what it became, and how far each of its pixels belongs to the mark.
    """
    return _WAYS[int(rng.integers(len(_WAYS)))](picture, rng)
