"""Damage by what touches goods, grows on them or eats at them: stains, rot, rust, flaking, leaks, heat."""

from collections.abc import Callable

import cv2
import numpy as np
from bench.attacks.surface import smoothstep

from training.patch import Patch, soft

__all__ = ["SPOILAGE"]


def _blot(patch: Patch) -> None:
    """Ink, blood, oil or mud: a spot, even or cloudy, with or without a darker rim."""
    rng = patch.rng
    edge = patch.outline(rng.uniform(0.05, 0.9), rng.uniform(1, 2.5))
    alpha = soft(edge, rng.choice([1.5, 3.0, patch.radius * 0.3, patch.radius * 0.9]))
    alpha *= 1 - np.float32(rng.uniform(0, 0.7)) * patch.noise(patch.radius * rng.uniform(0.2, 0.9))
    if rng.random() < 0.5:
        width = max(1.0, patch.radius * rng.uniform(0.03, 0.15))
        alpha *= np.float32(rng.uniform(0.4, 0.9))
        alpha = np.maximum(alpha, np.exp(-(((edge - width) / width) ** 2)) * soft(edge, 1.5))
    patch.soak(alpha, patch.liquid(), rng.choice([0.0, 0.15, 0.5, 0.9]))


def _rings(patch: Patch) -> None:
    """Rings of cups and of dried water: rims, broken here and there, around a tinted middle."""
    rng = patch.rng
    round_cup = rng.random() < 0.5
    colour = patch.colour(
        [(112, 70, 38), (176, 128, 66), (104, 18, 48), (165, 155, 130)][int(rng.integers(4))]
    )
    for _ in range(int(rng.integers(1, 4))):
        edge = patch.outline(
            rng.uniform(0, 0.05) if round_cup else rng.uniform(0.2, 0.9), rng.uniform(1, 1.3)
        )
        edge -= np.float32(patch.radius * rng.uniform(0, 0.35))
        width = max(0.8, patch.radius * rng.uniform(0.015, 0.12))
        rim = np.exp(-((edge / width) ** 2)) * (0.25 + patch.noise(patch.radius * 0.7, 3))
        inner = np.float32(rng.uniform(0, 0.35)) * soft(edge, width)
        patch.soak(np.clip(np.maximum(rim, inner), 0, 1), colour, 0.1)


def _drips(patch: Patch) -> None:
    """Paint a liquid that runs down in tongues with thick ends."""
    rng = patch.rng
    canvas = np.zeros(patch.covered.shape, np.uint8)
    origin = np.array([patch.x[0, 0], patch.y[0, 0]])
    for _ in range(int(rng.integers(1, 8))):
        width = max(1.0, patch.radius * rng.uniform(0.03, 0.14))
        x, y = rng.normal(0, patch.radius * 0.4), -patch.radius * rng.uniform(0.2, 0.7)
        for down in np.linspace(0, patch.radius * rng.uniform(0.5, 1.6), 28):
            x += rng.normal(0, width * 0.12)
            place = np.round((np.array([x, y + down]) - origin) * 16).astype(int).tolist()
            cv2.circle(canvas, place, round(width * 8), 255, cv2.FILLED, cv2.LINE_AA, 4)
        cv2.circle(canvas, place, round(width * 12), 255, cv2.FILLED, cv2.LINE_AA, 4)
    runs = cv2.GaussianBlur(canvas, (0, 0), max(0.6, patch.radius * 0.02)).astype(np.float32) / 255
    top = patch.level(0.4) - np.float32(patch.radius * 0.55)
    alpha = np.maximum(smoothstep(0.2, 0.7, runs), soft(top, 3) if rng.random() < 0.6 else 0)
    patch.soak(alpha, patch.liquid(), rng.uniform(0, 0.9))
    if rng.random() < 0.5:
        height = cv2.GaussianBlur(alpha, (0, 0), max(1.0, patch.radius * 0.03))
        patch.shade(patch.relief(height, rng.uniform(0.1, 0.6)) * alpha, alpha)


def _splash(patch: Patch) -> None:
    """Paint a splash with droplets thrown outwards."""
    rng = patch.rng
    canvas = np.zeros(patch.covered.shape, np.uint8)
    origin = np.array([patch.x[0, 0], patch.y[0, 0]])
    for _ in range(int(rng.integers(12, 70))):
        turn, far = rng.uniform(0, 2 * np.pi), patch.radius * rng.uniform(0.3, 1.5)
        place = np.array([np.cos(turn), np.sin(turn)]) * far - origin
        size = max(0.6, patch.radius * rng.exponential(0.05) * (1.7 - far / patch.radius))
        axes = round(size * 16 * rng.uniform(1, 2.5)), round(size * 16)
        spot = np.round(place * 16).astype(int).tolist()
        cv2.ellipse(canvas, spot, axes, np.degrees(turn), 0, 360, 255, cv2.FILLED, cv2.LINE_AA, 4)
    alpha = canvas.astype(np.float32) / np.float32(255)
    if rng.random() < 0.75:
        middle = patch.level(rng.uniform(0.4, 1.1)) - np.float32(patch.radius * 0.35)
        alpha = np.maximum(alpha, soft(middle, 2))
    patch.soak(alpha * np.float32(rng.uniform(0.5, 1)), patch.liquid(), rng.uniform(0, 0.9))


def _smear(patch: Patch) -> None:
    """Grease, mud or make-up wiped along: streaks that fade out."""
    rng = patch.rng
    angle = rng.uniform(0, np.pi)
    body = soft(patch.outline(0.4, rng.uniform(1, 3)), patch.radius * rng.uniform(0.2, 0.8))
    streaks = patch.streaks(angle, patch.radius * rng.uniform(0.05, 0.25), rng.uniform(4, 14))
    alpha = body * smoothstep(rng.uniform(0, 0.45), rng.uniform(0.5, 0.9), streaks)
    patch.soak(alpha * np.float32(rng.uniform(0.4, 1)), patch.liquid(), rng.uniform(0.1, 0.8))


def _rot(patch: Patch) -> None:
    """Paint a soft brown or black spot: sunken, cloudy, darker towards its middle."""
    rng = patch.rng
    edge = patch.outline(rng.uniform(0.1, 0.6), rng.uniform(1, 1.8))
    alpha = soft(edge, max(2.0, patch.radius * rng.uniform(0.1, 0.7)))
    brown = patch.colour([(120, 78, 36), (88, 56, 30), (58, 42, 28), (140, 112, 52)][int(rng.integers(4))])
    patch.soak(alpha * (np.float32(0.6) + np.float32(0.4) * patch.noise(patch.radius * 0.4)), brown, 0.25)
    core = soft(edge - np.float32(patch.radius * rng.uniform(0.25, 0.6)), patch.radius * 0.4)
    patch.soak(core * np.float32(rng.uniform(0.2, 0.9)), brown * np.float32(0.6), 0.3)
    if rng.random() < 0.6:
        sunken = patch.noise(patch.radius * 0.15) * np.float32(rng.uniform(0, 0.3)) - alpha
        patch.shade(patch.relief(sunken, rng.uniform(0.1, 0.4)) * alpha, alpha)


def _mould(patch: Patch) -> None:
    """Fuzzy colonies with a pale fringe, white to green, blue or black; or a rash of black spots."""
    rng = patch.rng
    spots = patch.scatter(int(rng.integers(1, 36)), (0.05, rng.uniform(0.12, 0.6)), 0.4)
    fuzz = max(0.8, patch.radius * rng.uniform(0.02, 0.1))
    growth = cv2.GaussianBlur(spots, (0, 0), fuzz)
    growth += np.float32(0.5) * (patch.noise(fuzz * 3, 4) - np.float32(0.5)) * (growth > 0.01)
    greens = [(92, 118, 78), (58, 92, 62), (110, 140, 120), (70, 100, 110), (38, 36, 34), (226, 226, 214)]
    core = patch.colour(greens[int(rng.integers(len(greens)))])
    if rng.random() < 0.6:
        fringe = patch.colour((222, 224, 214))
        patch.paint(smoothstep(0.12, 0.4, growth) * np.float32(rng.uniform(0.4, 0.95)), fringe)
    grain = core * (np.float32(0.7) + np.float32(0.6) * patch.noise(2.5 * patch.unit + 1, 2)[..., None])
    patch.paint(smoothstep(0.35, 0.75, growth) * np.float32(rng.uniform(0.5, 1)), np.clip(grain, 0, 255))


def _rust(patch: Patch) -> None:
    """Orange to dark brown, pitted, breaking up towards the outside; at times with a run below."""
    rng = patch.rng
    level = patch.level(0.5) / np.float32(patch.radius) + patch.noise(patch.radius * 0.3, 5) - np.float32(0.6)
    alpha = smoothstep(-0.05, rng.uniform(0.05, 0.4), level)
    pits = patch.noise(rng.uniform(4, 40) * patch.unit + 1, 5)[..., None]
    dark, bright = patch.colour((70, 36, 20)), patch.colour((178, 92, 38))
    if rng.random() < 0.4:
        run = soft(patch.level(0.2, 1.0), patch.radius * 0.5) * (patch.y > 0)
        run *= smoothstep(0.45, 0.8, patch.streaks(np.pi / 2, patch.radius * 0.12, 12))
        patch.soak(run.astype(np.float32) * np.float32(0.7), bright)
    patch.paint(alpha * np.float32(rng.uniform(0.6, 1)), dark + (bright - dark) * pits)
    patch.shade(patch.relief(pits[..., 0], rng.uniform(0, 0.35)) * alpha, alpha)


def _faded(patch: Patch) -> None:
    """Bleached, yellowed, wilted or greyed: another colour with the texture kept."""
    rng = patch.rng
    edge = patch.outline(rng.uniform(0.1, 0.8), rng.uniform(1, 2.5))
    alpha = soft(edge, rng.choice([2.0, patch.radius * 0.4, patch.radius]))
    alpha *= np.float32(1) - np.float32(rng.uniform(0, 0.8)) * patch.noise(patch.radius * 0.4)
    grey = patch.rgb.mean(axis=2, keepdims=True)
    tints = [(1, 1, 1), (1.1, 1.04, 0.6), (1.05, 0.86, 0.5), (0.92, 1.0, 0.84), (1.1, 0.9, 0.92)]
    tint = np.array(tints[int(rng.integers(len(tints)))], np.float32)
    lift = np.float32(rng.uniform(0.1, 0.75) if rng.random() < 0.65 else -0.2)
    toned = (grey + np.float32(rng.uniform(0, 0.6)) * (patch.rgb - grey)) * tint
    toned = toned + lift * (np.float32(235) * tint - toned) if lift > 0 else toned * (1 + lift)
    patch.paint(alpha * np.float32(rng.uniform(0.5, 1)), np.clip(toned, 0, 255).astype(np.float32))


def _puddle(patch: Patch) -> None:
    """Liquid that leaked out: it darkens and bends what lies below, and glints at its rim."""
    rng = patch.rng
    edge = patch.outline(rng.uniform(0.2, 0.9), rng.uniform(1, 3))
    alpha = soft(edge, 2.0)
    thick = max(1.5, patch.radius * 0.12)
    height = smoothstep(0, thick, edge) * np.float32(thick * 0.7)
    bend = height * np.float32(0.5) + patch.noise(patch.radius * 0.4, 2) * np.float32(patch.radius * 0.06)
    rows, columns = np.indices(alpha.shape, dtype=np.float32)
    below = cv2.remap(patch.rgb, columns + bend, rows - bend, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    patch.paint(alpha, below)
    clear = rng.random() < 0.5
    patch.soak(
        alpha * np.float32(rng.uniform(0.2, 0.9)), patch.colour((205, 195, 170)) if clear else patch.liquid()
    )
    lit = patch.relief(height, 1.0)
    glint = np.where(lit > 0, lit**3 * np.float32(rng.uniform(0.2, 1.2)), lit * np.float32(0.35))
    patch.shade(glint * alpha, alpha)


def _eaten(patch: Patch) -> None:
    """Many small holes, of moths, beetles or shot."""
    rng = patch.rng
    spots = patch.scatter(int(rng.integers(2, 26)), (0.03, rng.uniform(0.08, 0.25)), 0.4)
    spots = cv2.GaussianBlur(spots, (0, 0), 0.7) + 0.5 * (
        patch.noise(4 * patch.unit + 1, 2) - np.float32(0.5)
    )
    edge = patch.signed(spots - np.float32(0.4))
    if rng.random() < 0.5:
        rim = np.exp(-np.maximum(-edge, 0) / np.float32(max(1.0, patch.radius * 0.03)))
        rim[rim < 0.05] = 0
        patch.soak(rim * np.float32(0.8), patch.colour((120, 84, 50)))
    patch.opened(edge, patch.within())


def _peeling(patch: Patch) -> None:
    """Paint, print or veneer that flakes: another layer below, the flakes' rims curl up."""
    rng = patch.rng
    level = (
        patch.level(0.5) / np.float32(patch.radius)
        + (patch.noise(patch.radius * 0.5, 5) - np.float32(0.5)) * 2
    )
    edge = patch.signed(level - np.float32(rng.uniform(0.1, 0.6)))
    below = [(205, 198, 186), (150, 146, 140), (112, 82, 58), (72, 68, 66), (186, 120, 84)][
        int(rng.integers(5))
    ]
    layer = patch.colour(below) * patch.grain()
    patch.opened(edge, layer)
    curl = np.exp(-(((edge + 2 * patch.unit) / np.float32(1.5 * patch.unit + 0.5)) ** 2))
    lit = patch.relief(-cv2.GaussianBlur(soft(edge, 4), (0, 0), 2), rng.uniform(0.1, 1)) * curl
    patch.shade(lit, np.minimum(np.abs(lit) * 2, 1))


def _melted(patch: Patch) -> None:
    """Softened by heat: the picture sags and bends, with a gloss, at times scorched."""
    rng = patch.rng
    alpha = soft(patch.outline(0.4, rng.uniform(1, 2)), patch.radius * rng.uniform(0.2, 0.7))
    sway = (
        (patch.noise(patch.radius * 0.6, 3) - 0.5) * alpha * np.float32(patch.radius * rng.uniform(0.3, 0.9))
    )
    sag = patch.noise(patch.radius * 0.35, 2) * alpha * np.float32(patch.radius * rng.uniform(0.2, 0.9))
    rows, columns = np.indices(alpha.shape, dtype=np.float32)
    bent = cv2.remap(patch.rgb, columns + sway, rows - sag, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    patch.paint(smoothstep(0, 0.3, alpha), bent)
    if rng.random() < 0.6:
        scorch = alpha * patch.noise(patch.radius * 0.5) * np.float32(rng.uniform(0.3, 1))
        patch.soak(scorch, patch.colour((92, 62, 36)))
    patch.shade(patch.relief(sag, rng.uniform(0.05, 0.55)) * alpha, alpha)


SPOILAGE: tuple[tuple[Callable[[Patch], None], float], ...] = (
    (_blot, 4),
    (_rings, 2),
    (_drips, 1.5),
    (_splash, 2),
    (_smear, 1.5),
    (_rot, 2.5),
    (_mould, 3),
    (_rust, 1.5),
    (_faded, 2),
    (_puddle, 1.5),
    (_eaten, 1.5),
    (_peeling, 2),
    (_melted, 1.5),
)
