"""What screenshot editors draw: boxes, rings, arrows, measures, numbers, bubbles, texts, lines and ticks.

Each paints on the canvas it is given. Lines are exact, as software draws them.
"""

import cv2
import numpy as np

from training.app_parts import (
    WHITE,
    Ink,
    alike,
    arc,
    between,
    box_around,
    centred,
    chosen_ink,
    contrast_to,
    dashed,
    fitted,
    lay,
    lay_area,
    lay_lines,
    lay_words,
    letters_for,
    note_of,
    oval,
    picked,
    rounded_box,
    spot_in,
    stacked,
    unit_of,
)
from training.canvas import Generator, Image, Points, rounded, size_and_place, trembling, turned

__all__ = [
    "arrowed", "boxed", "bubbled", "called_out", "lined", "looped", "measured", "numbered", "ringed",
    "ticked", "written",
]  # fmt: skip


def _outlined(canvas: Image, path: Points, ink: Ink, rng: Generator) -> None:
    """Draw a closed outline: whole, in dashes or dots, filled faintly or with handles at its corners."""
    kind, middle = rng.random(), (path.min(0) + path.max(0)) / 2
    paths = [path]
    if kind < 0.16:
        paths = dashed(path, ink.width * rng.uniform(2, 5) + 2, ink.width * rng.uniform(1.5, 3) + 2)
    elif kind < 0.26:
        paths = dashed(path, 0, ink.width * rng.uniform(1.8, 3) + 1)
    elif kind < 0.32:
        paths = [path, (path - middle) * rng.uniform(0.8, 0.94) + middle]
    if rng.random() < 0.12:
        lay_area(canvas, [path], ink.colour, rng.uniform(0.1, 0.35))
    lay_lines(canvas, paths, ink)
    if rng.random() < 0.08:
        low, high, size = path.min(0), path.max(0), max(2.0, 1.5 * ink.width)
        handles = [
            np.array([x, y]) for x in (low[0], middle[0], high[0]) for y in (low[1], middle[1], high[1])
        ]
        for handle in handles[:4] + handles[5:]:
            lay_area(canvas, [rounded_box(handle - size, handle + size, 0)], WHITE)
            lay_lines(canvas, [rounded_box(handle - size, handle + size, 0)], ink._replace(width=1, rim=0))


def boxed(canvas: Image, rng: Generator) -> None:
    """Draw one or a few boxes, their corners rounded or not, sometimes with a text on top."""
    ink = chosen_ink(canvas, rng)
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        half, middle = size_and_place(canvas.shape, rng, 0.04, 0.95)
        radius = float(rng.choice([0, rng.uniform(0.05, 0.6)])) * half.min()
        _outlined(canvas, rounded_box(middle - half, middle + half, radius), ink, rng)
        if rng.random() < 0.12:
            word = letters_for(canvas, note_of(rng), rng, 10, 28)
            corner = middle - half - (0, word.shape[0])
            lay_area(canvas, [box_around(word, corner, 0, 0)], ink.colour, ink.opacity)
            lay(canvas, word, corner, contrast_to(ink.colour))


def ringed(canvas: Image, rng: Generator) -> None:
    """Draw one or a few hollow ellipses or circles."""
    ink = chosen_ink(canvas, rng)
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        half, middle = size_and_place(canvas.shape, rng, 0.03, 0.9)
        _outlined(canvas, oval(middle, half.min() if rng.random() < 0.4 else half), ink, rng)


def arrowed(canvas: Image, rng: Generator) -> None:
    """Draw arrows whose filled bodies taper towards the tail, or run even."""
    ink = chosen_ink(canvas, rng, 2, 14)
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        length = max(10.0, between(rng, 0.06, 0.7) * max(canvas.shape))
        neck = min(ink.width, 0.12 * length) / 2
        spread, head = neck * rng.uniform(1.8, 4.5), min(0.6 * length, neck * rng.uniform(4, 11))
        tail, notch = neck * float(rng.choice([0, 0.2, 1])), head * rng.uniform(0.7, 1)
        upper = np.array([[-length, -tail], [-notch, -neck], [-head, -spread], [0, 0]])
        body = np.concatenate([upper, upper[-2::-1] * (1, -1)])
        body = turned(body, rng.uniform(0, 7)) + spot_in(canvas, rng)
        if rng.random() < 0.12:  # hollow
            lay_lines(canvas, [np.concatenate([body, body[:1]])], ink._replace(width=max(1, 0.3 * ink.width)))
            continue
        if ink.rim:
            edge = ink._replace(colour=contrast_to(ink.colour), width=2 * ink.rim, rim=0)
            lay_lines(canvas, [np.concatenate([body, body[:1]])], edge)
        lay_area(canvas, [body], ink.colour, ink.opacity, ink.line)


def measured(canvas: Image, rng: Generator) -> None:
    """Draw a line with a head or a bar at each end, and write a length on it."""
    ink = chosen_ink(canvas, rng, 1, 5)
    length = max(16.0, between(rng, 0.12, 0.9) * min(canvas.shape[:2]))
    angle = float(rng.choice([0, np.pi / 2, rng.uniform(-1.6, 1.6)]))
    middle = spot_in(canvas, rng, 0.25)
    head, bars = ink.width * rng.uniform(2.5, 6) + 2, rng.random() < 0.35
    half = np.array([length / 2, 0])
    shaft = turned(np.stack([-half, half]), angle) + middle
    lay_lines(canvas, [shaft] if rng.random() < 0.85 else dashed(shaft, 3 * ink.width, 2 * ink.width), ink)
    for side in (-1, 1):
        barb = np.array([[0, -head], [0, head]]) if bars else np.array([[0, 0], [-2, 0.7], [-2, -0.7]]) * head
        tip = turned((barb + half) * (side, 1), angle) + middle
        if bars:
            lay_lines(canvas, [tip], ink)
        else:
            lay_area(canvas, [tip], ink.colour, ink.opacity, ink.line)
    text = f"{between(rng, 0.5, 99):.1f}{picked(rng, ('cm', ' mm', '厘米', '寸', ''))}"
    word = fitted(canvas, letters_for(canvas, text, rng, 10, 40), 0.7 * length / canvas.shape[1])
    lift = 0.0 if rng.random() < 0.5 else 0.7 * word.shape[0]
    corner = centred(word, middle + turned(np.array([0, -lift]), angle))
    if not lift:
        plate = contrast_to(ink.colour) if rng.random() < 0.7 else ink.colour
        lay_area(canvas, [box_around(word, corner, 0, 0.3 * word.shape[0])], plate, rng.uniform(0.5, 1))
        ink = ink._replace(colour=ink.colour if plate is not ink.colour else contrast_to(plate))
    lay_words(canvas, word, corner, ink, rng)


def numbered(canvas: Image, rng: Generator) -> None:
    """Set numbered discs, each beside a place or joined to it."""
    ink, radius = chosen_ink(canvas, rng, 1, 4), between(rng, 7, 34) * unit_of(canvas)
    joined, hollow = rng.random() < 0.25, rng.random() < 0.25
    numbers = [str(number + 1) for number in range(int(rng.choice([1, 2, 3, 4, 6])))]
    for digit in alike(numbers, radius * 1.2, rng):
        middle = spot_in(canvas, rng)
        if joined:
            lay_lines(canvas, [np.stack([middle, middle + rng.normal(0, 4 * radius, 2)])], ink)
        if hollow:
            lay_lines(canvas, [oval(middle, radius)], ink)
        else:
            lay_area(canvas, [oval(middle, radius)], ink.colour, ink.opacity, ink.line)
            if ink.rim:
                lay_lines(canvas, [oval(middle, radius)], ink._replace(colour=contrast_to(ink.colour), rim=0))
        lay(canvas, digit, centred(digit, middle), ink.colour if hollow else contrast_to(ink.colour))


def bubbled(canvas: Image, rng: Generator) -> None:
    """Put a speech bubble with a tail on."""
    texts = [note_of(rng) for _ in range(int(rng.choice([1, 1, 2, 3])))]
    size, ink = between(rng, 11, 42) * unit_of(canvas), chosen_ink(canvas, rng, 1, 5)
    word = fitted(canvas, stacked(alike(texts, size, rng), 0.1 * size, 0.5), 0.8)
    middle = spot_in(canvas, rng, 0.2)
    corner = centred(word, middle)
    outline = box_around(word, corner, 0.4 * size, size * rng.uniform(0, 1.2))
    if rng.random() < 0.25:
        outline = oval(middle, np.array(word.shape[::-1]) * 0.8)
    angle, reach = float(rng.uniform(0, 7)), np.array(word.shape[::-1]) / 2
    foot = np.array([[0, -0.35], [0, 0.35]]) * min(size, word.shape[0])
    aim = turned(np.array([1.0, 0]), angle) * (reach + rng.uniform(1, 2.5) * size)
    tail = np.concatenate([turned(foot, float(np.arctan2(aim[1], aim[0]))), aim[None]]) + middle
    colour = WHITE if rng.random() < 0.4 else ink.colour
    if rng.random() < 0.5:
        edge = ink._replace(colour=contrast_to(colour) if colour is ink.colour else ink.colour, rim=0)
        lay_lines(canvas, [outline, np.concatenate([tail, tail[:1]])], edge._replace(opacity=1))
    lay_area(canvas, [tail], colour)
    lay_area(canvas, [outline], colour)
    lay(canvas, word, corner, contrast_to(colour))


def written(canvas: Image, rng: Generator) -> None:
    """Write a text: bare, on a coloured pill, or as a caption in several lines."""
    ink, size = chosen_ink(canvas, rng, 1, 4), between(rng, 10, 75) * unit_of(canvas)
    texts = [note_of(rng) for _ in range(int(rng.choice([1, 1, 1, 2, 4])))]
    word = fitted(canvas, stacked(alike(texts, size, rng), 0.15 * size, 0.5), 0.9)
    corner = centred(word, spot_in(canvas, rng, 0.15))
    if ink.line == cv2.LINE_8:
        word = (word > 0.5).astype(np.float32)
    if rng.random() < 0.4:
        radius = size * float(rng.choice([0, 0.3, 1]))
        lay_area(canvas, [box_around(word, corner, 0.2 * size, radius)], ink.colour, ink.opacity)
        lay(canvas, word, corner, contrast_to(ink.colour))
        return
    lay_words(canvas, word, corner, ink, rng)


def called_out(canvas: Image, rng: Generator) -> None:
    """Mark a spot with a dot, and lead a line from it to a text."""
    ink, spot = chosen_ink(canvas, rng, 1, 3.5), spot_in(canvas, rng, 0.15)
    word = letters_for(canvas, note_of(rng), rng, 10, 30)
    side = 1 if spot[0] < canvas.shape[1] / 2 else -1
    bend = spot + np.array([side, rng.uniform(-1, 1)]) * between(rng, 12, 70) * unit_of(canvas)
    far = bend + np.array([side * word.shape[1], 0])
    radius = ink.width * rng.uniform(1.5, 3.5) + 1
    lay_area(canvas, [oval(spot, 2 * radius)], WHITE if rng.random() < 0.5 else ink.colour, 0.5)
    lay_area(canvas, [oval(spot, radius)], ink.colour)
    lay_lines(canvas, [np.stack([spot, bend, far])], ink)
    corner = np.array([min(bend[0], far[0]), bend[1] - word.shape[0] - ink.width])
    if rng.random() < 0.4:
        corner[1] += 0.5 * word.shape[0]
        lay_area(canvas, [box_around(word, corner, 1, word.shape[0])], ink.colour, rng.uniform(0.6, 1))
        lay(canvas, word, corner, contrast_to(ink.colour))
        return
    lay_words(canvas, word, corner, ink, rng)


def lined(canvas: Image, rng: Generator) -> None:
    """Underline a place, plainly, doubly, in waves or dashes, or set brackets about it."""
    ink, kind = chosen_ink(canvas, rng, 1, 9), int(rng.integers(5))
    half, middle = size_and_place(canvas.shape, rng, 0.06, 0.7)
    level = np.array([half[0], 0])
    left, right = middle - level, middle + level
    paths = [np.stack([left, right])]
    if kind == 1:
        paths.append(paths[0] + (0, 2.5 * ink.width + 2))
    elif kind == 2:
        along = np.linspace(0, 1, 200)[:, None]
        waves = np.sin(along * 2 * np.pi * np.round(half[0] / (4 * ink.width + 4)))
        paths = [left + along * (right - left) + waves * (0, 1.5 * ink.width + 1)]
    elif kind == 3:
        paths = dashed(paths[0], ink.width * float(rng.choice([0, 4])), 2.5 * ink.width + 1)
    elif kind == 4:
        lip, corners = half * (rng.uniform(0.1, 0.5), 0), rng.random() < 0.5
        hook = np.array([[-1.0, -1], [-1, -1], [-1, 1], [-1, 1]]) * half
        hook[[0, 3]] += lip
        if corners:  # as a viewfinder has them
            reach = rng.uniform(0.15, 0.4) * half.min()
            hook = np.array([[-1.0, -1]] * 3) * half + np.array([[0, reach], [0, 0], [reach, 0]])
        signs = ((1, 1), (-1, 1), (1, -1), (-1, -1)) if corners else ((1, 1), (-1, 1))
        paths = [hook * sign + middle for sign in signs]
    lay_lines(canvas, paths, ink)


def ticked(canvas: Image, rng: Generator) -> None:
    """Set ticks or crosses, bare or in a disc."""
    ink, radius = chosen_ink(canvas, rng, 1.5, 10), between(rng, 7, 110) * unit_of(canvas)
    tick, disc = rng.random() < 0.4, rng.random() < 0.35
    radius = min(radius, 0.4 * min(canvas.shape[:2]))
    ink = ink._replace(width=max(1.0, min(ink.width, 0.35 * radius)))
    for _ in range(int(rng.choice([1, 1, 1, 2, 4]))):
        middle = spot_in(canvas, rng, 0.12)
        sign = [np.array([[-0.9, 0.1], [-0.3, 0.7], [0.9, -0.7]])]
        if not tick:
            sign = [np.array([[-0.8, -0.8], [0.8, 0.8]]), np.array([[0.8, -0.8], [-0.8, 0.8]])]
        if disc:
            lay_area(canvas, [oval(middle, radius)], ink.colour, ink.opacity, ink.line)
        drawn = ink._replace(colour=contrast_to(ink.colour), rim=0) if disc else ink
        lay_lines(canvas, [line * radius * (0.6 if disc else 1) + middle for line in sign], drawn)


def looped(canvas: Image, rng: Generator) -> None:
    """Go round a place freely, smoothed by the app, the ends apart or crossing."""
    ink = chosen_ink(canvas, rng)
    half, middle = size_and_place(canvas.shape, rng, 0.05, 0.8)
    share, turn = rng.uniform(0.78, 1.12), rng.uniform(0, 7)
    count = int(rng.integers(7, 13))
    loop = arc(turn, turn + 2 * np.pi * share, count) * half * rng.uniform(0.85, 1.12, (count, 1))
    path = rounded(
        loop * (rng.choice([-1, 1]), 1) + np.linspace(0, 1, count)[:, None] * 0.1 * half + middle, 4
    )
    if rng.random() < 0.5:
        path = trembling(path, 2.0, 0.008 * half.min(), rng)
    lay_lines(canvas, [path] if rng.random() < 0.85 else dashed(path, 3 * ink.width, 2 * ink.width + 2), ink)
