"""Damage that lies on the goods: stains and rot in several looks."""

import cv2
import numpy as np

from bench.attacks.lines import Painter
from bench.attacks.strokes import Stroke, coverage, tapered, walk
from bench.attacks.surface import Blob, Surface, smoothstep

__all__ = ["ROTS", "STAINS"]


def _over(surface: Surface, colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return np.asarray(surface.rgb * (1 - alpha[..., None]) + colour * alpha[..., None])


def _multiplied(surface: Surface, tint: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Let the ground show through a coloured liquid: multiply by `tint` (0..1 a channel)."""
    return _over(surface, surface.rgb * np.asarray(tint, np.float32), alpha)


def _size(surface: Surface, low: float = 0.003, high: float = 0.11) -> float:
    """Draw an area as a fraction of the frame, small ones more often (log-uniform)."""
    return float(np.exp(surface.rng.uniform(np.log(low), np.log(high))))


def coffee(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a dried transparent liquid: darker towards its edge, cloudy inside."""
    rng = surface.rng
    blob = surface.blob(
        _size(surface),
        roughness=rng.uniform(0.15, 0.5),
        softness=rng.uniform(0.03, 0.09),
        follow=rng.choice([0, 1.2]),
        elongation=rng.uniform(1, 2),
    )
    rim = np.exp(-((blob.depth / rng.uniform(0.05, 0.14)) ** 2)) * (blob.depth > -0.05)
    cloud = surface.noise(blob.radius * 0.7, 5, 0.55)
    strength = blob.alpha * (rng.uniform(0.35, 0.6) + 0.35 * (cloud - 0.3)) + blob.alpha * rim * rng.uniform(
        0.2, 0.5
    )
    tint = np.array([[0.58, 0.40, 0.22], [0.62, 0.52, 0.30], [0.50, 0.33, 0.25], [0.66, 0.45, 0.40]])[
        rng.integers(0, 4)
    ]
    return _multiplied(surface, tint * rng.uniform(0.55, 1.0), np.clip(strength, 0, 0.95)), blob.alpha


def ink(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a dark or strong opaque colour with splashes around it."""
    rng = surface.rng
    blob = surface.blob(
        _size(surface, 0.002, 0.05),
        roughness=rng.uniform(0.45, 0.95),
        softness=rng.uniform(0.03, 0.12),
        follow=rng.choice([0, 1.0]),
        grain=rng.uniform(0.4, 1.0),
    )
    alpha = np.maximum(blob.alpha, _droplets(surface, blob, int(rng.integers(3, 16))))
    palette = [(18, 18, 28), (20, 30, 92), (96, 16, 20), (22, 66, 38), (70, 20, 80), (30, 24, 20)]
    colour = np.array(palette[int(rng.integers(0, len(palette)))], float)
    wet = surface.relief(cv2.GaussianBlur(blob.alpha, (0, 0), 2.0 * surface.unit), 1.2)
    paint = (
        surface.lit(colour, 0.9 + 0.25 * surface.noise(blob.radius * 0.4, 4))
        + 60.0 * np.clip(wet, 0, 1)[..., None]
    )
    soaked = surface.rgb * (colour.astype(np.float32) / 255.0 + 0.12)
    share = rng.uniform(0.2, 0.9)
    opacity = alpha * rng.uniform(0.75, 0.97) * (0.8 + 0.3 * surface.noise(blob.radius * 0.8, 4))
    return _over(
        surface, share * paint + (1 - share) * soaked + surface.grain(1.5), np.clip(opacity, 0, 1)
    ), alpha


def _droplets(surface: Surface, blob: Blob, count: int) -> np.ndarray:
    """Scatter small drops around a blob, coverage 0..1."""
    rng = surface.rng
    strokes = []
    for _ in range(count):
        angle, distance = rng.uniform(0, 2 * np.pi), blob.radius * rng.uniform(1.05, 2.0)
        at = np.array(blob.centre) + distance * np.array([np.cos(angle), np.sin(angle)])
        size = max(blob.radius * rng.exponential(0.07) + 0.8 * surface.unit, 1.2)
        tail = at + size * rng.uniform(0.05, 0.9) * np.array([np.cos(angle), np.sin(angle)])
        strokes.append(Stroke(np.array([at, tail]), np.array([size, size])))
    return np.asarray(cv2.GaussianBlur(coverage(surface.shape, strokes), (0, 0), 0.5 * surface.unit))


def grease(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Something oily soaked in: darker, more saturated, soft."""
    rng = surface.rng
    blob = surface.blob(
        _size(surface, 0.006, 0.11),
        roughness=rng.uniform(0.2, 0.6),
        softness=rng.uniform(0.06, 0.16),
        follow=rng.choice([0, 1.5]),
    )
    density = blob.alpha * (0.65 + 0.5 * (surface.noise(blob.radius * 0.5, 4) - 0.3))
    grey = surface.luminance[..., None]
    soaked = np.clip(grey + (surface.rgb - grey) * 1.35, 0, 255) * rng.uniform(0.42, 0.66)
    soaked = soaked * np.array([1.0, rng.uniform(0.9, 0.98), rng.uniform(0.7, 0.9)], np.float32)
    return _over(surface, soaked, np.clip(density, 0, 1)), blob.alpha


def dirt(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Mud or soot in patches: brown, grey or black, grainy, broken up."""
    rng = surface.rng
    blob = surface.blob(
        _size(surface, 0.006, 0.12),
        roughness=rng.uniform(0.7, 1.1),
        softness=rng.uniform(0.1, 0.25),
        elongation=rng.uniform(1, 3),
        follow=0.6,
    )
    speckle = smoothstep(0.25, 0.65, surface.noise(14 * surface.unit, 5, 0.65))
    density = blob.alpha * (0.45 + 0.5 * speckle) * rng.uniform(0.8, 1.0)
    palette = [(92, 70, 46), (60, 52, 44), (38, 36, 34), (120, 96, 62), (74, 70, 60)]
    colour = np.array(palette[int(rng.integers(0, len(palette)))], float)
    paint = surface.lit(colour, 0.75 + 0.4 * surface.noise(6 * surface.unit, 4, 0.6))
    return _over(surface, paint + surface.grain(3), np.clip(density, 0, 1)), blob.alpha


def drips(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a liquid that ran down from a patch."""
    rng = surface.rng
    blob = surface.blob(
        _size(surface, 0.004, 0.04), roughness=rng.uniform(0.3, 0.6), softness=0.06, elongation=1.3
    )
    strokes = []
    for _ in range(int(rng.integers(2, 7))):
        x = blob.centre[0] + rng.uniform(-0.9, 0.9) * blob.radius
        path = walk(
            rng, (x, blob.centre[1] + 0.3 * blob.radius), np.pi / 2, blob.radius * rng.uniform(0.8, 3.0), 0.15
        )
        widths = tapered(
            rng,
            len(path),
            max(blob.radius * rng.uniform(0.08, 0.2), 2.5 * surface.unit),
            end=0.7,
            ripple=0.15,
        )
        widths[-6:] *= np.linspace(1.0, 1.5, 6)
        strokes.append(Stroke(path, widths))
    runs = cv2.GaussianBlur(coverage(surface.shape, strokes), (0, 0), 0.8 * surface.unit)
    alpha = np.maximum(blob.alpha, runs)
    palette = [(112, 62, 26), (150, 24, 22), (60, 40, 24), (40, 44, 60), (170, 120, 30)]
    colour = np.array(palette[int(rng.integers(0, len(palette)))], float)
    gloss = np.clip(surface.relief(cv2.GaussianBlur(alpha, (0, 0), 1.5 * surface.unit), 1.0), 0, 1)
    paint = (
        0.6 * surface.lit(colour, 0.8 + 0.4 * surface.noise(blob.radius * 0.5, 3))
        + 0.4 * surface.rgb * colour.astype(np.float32) / 255.0
    )
    return _over(surface, paint + 70 * gloss[..., None], alpha * rng.uniform(0.75, 0.95)), alpha


def bleach(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Colour taken out: paler than the ground. On pale ground it would not be seen, so it yellows there."""
    rng = surface.rng
    blob = surface.blob(
        _size(surface, 0.004, 0.1),
        roughness=rng.uniform(0.3, 0.7),
        softness=rng.uniform(0.05, 0.15),
        follow=0.8,
    )
    if surface.tone(blob.centre, blob.radius * 0.5) > 165:
        return _multiplied(
            surface, np.array([0.86, 0.74, 0.45]), blob.alpha * rng.uniform(0.6, 0.95)
        ), blob.alpha
    pale = 0.3 * surface.rgb + 0.7 * surface.luminance[..., None]
    pale = pale + (255 - pale) * rng.uniform(0.35, 0.65)
    pale = pale * np.array([1.0, rng.uniform(0.9, 1.0), rng.uniform(0.8, 1.0)], np.float32)
    density = blob.alpha * (0.7 + 0.4 * surface.noise(blob.radius * 0.6, 4))
    return _over(surface, pale, np.clip(density, 0, 1)), blob.alpha


def soft_spot(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a brown, sunken patch as on fruit: darker ring, wrinkles, lit rim."""
    rng = surface.rng
    blob = surface.blob(
        _size(surface, 0.004, 0.09),
        roughness=rng.uniform(0.2, 0.45),
        softness=rng.uniform(0.05, 0.14),
        follow=1.0,
        elongation=rng.uniform(1, 1.8),
    )
    wrinkles = surface.noise(blob.radius * 0.35, 5, 0.6)
    bowl = surface.relief(cv2.GaussianBlur(-blob.alpha, (0, 0), blob.radius * 0.12 + 1), 1.5)
    colour = np.array(
        [(96, 62, 30), (74, 46, 26), (112, 84, 42), (64, 52, 40)][int(rng.integers(0, 4))], float
    )
    paint = surface.lit(colour, 0.72 + 0.5 * wrinkles) * (1 + 0.5 * bowl[..., None])
    paint = paint * (1 - 0.35 * np.exp(-(((blob.depth - 0.1) / 0.12) ** 2)))[..., None]
    mix = 0.75 * paint + 0.25 * surface.rgb * (colour / 160).astype(np.float32)
    return _over(surface, mix + surface.grain(2.5), blob.alpha * rng.uniform(0.8, 0.97)), blob.alpha


def fuzzy_mould(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Cotton-like mould: white or grey-green tufts, darker in the middle, with a fuzzy edge."""
    rng = surface.rng
    total = _size(surface, 0.004, 0.08)
    first = surface.blob(total * 0.6, roughness=0.5, softness=0.2)
    alpha, depth = first.alpha, np.clip(first.depth, 0, 1)
    for _ in range(int(rng.integers(1, 6))):
        offset = np.array(first.centre) + rng.normal(0, 1.6 * first.radius, 2)
        more = surface.blob(
            max(total * rng.uniform(0.03, 0.25), 2e-4),
            roughness=0.5,
            softness=0.25,
            centre=(float(offset[0]), float(offset[1])),
        )
        alpha, depth = np.maximum(alpha, more.alpha), np.maximum(depth, np.clip(more.depth, 0, 1))
    fibres = surface.noise(6 * surface.unit, 4, 0.7)
    density = np.clip(alpha * (0.5 + 0.7 * fibres), 0, 1)
    pale = np.array([222, 226, 214]) * rng.uniform(0.8, 1.0)
    core = np.array(
        [(92, 116, 86), (104, 122, 120), (70, 78, 66), (150, 150, 120)][int(rng.integers(0, 4))], float
    )
    age = (smoothstep(0.15, 0.7, depth) * rng.uniform(0.3, 1.0))[..., None]
    paint = surface.lit(pale, 0.75 + 0.4 * fibres) * (1 - age) + surface.lit(core, 0.75 + 0.4 * fibres) * age
    return _over(surface, paint + surface.grain(3), density), np.maximum(alpha, density)


def black_spots(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Clusters of dark specks of all sizes with a discoloured halo: mildew."""
    rng = surface.rng
    blob = surface.blob(
        _size(surface, 0.008, 0.1), roughness=0.7, softness=0.35, elongation=rng.uniform(1, 2)
    )
    height, width = surface.shape
    strokes = []
    for _ in range(int(rng.integers(25, 120))):
        at = np.array(blob.centre) + rng.normal(0, 0.55 * blob.radius, 2)
        x, y = at.round().astype(int)
        if not (0 <= x < width and 0 <= y < height) or blob.alpha[y, x] < 0.3:
            continue
        size = (1.4 + rng.exponential(2.6)) * surface.unit
        strokes.append(Stroke(np.array([at, at + rng.normal(0, 0.5 * size, 2)]), np.array([size, size])))
    specks = coverage(surface.shape, strokes) if strokes else np.zeros(surface.shape, np.float32)
    specks = cv2.GaussianBlur(specks, (0, 0), 0.7 * surface.unit)
    specks = np.clip(specks * (0.8 + 0.5 * surface.noise(4 * surface.unit, 3)), 0, 1)
    halo = cv2.GaussianBlur(specks, (0, 0), 5 * surface.unit) * blob.alpha
    halo = np.clip(halo * rng.uniform(0.9, 1.6), 0, 0.75)
    after = _multiplied(surface, np.array([0.62, 0.58, 0.40]), halo)
    colour = surface.lit(np.array([(34, 34, 30), (40, 46, 36), (58, 44, 30)][int(rng.integers(0, 3))], float))
    after = after * (1 - 0.92 * specks[..., None]) + colour * 0.92 * specks[..., None]
    return after, np.maximum(halo, specks)


def decay(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a wet, caved-in area with colours from brown to grey-green and a rough relief."""
    rng = surface.rng
    blob = surface.blob(
        _size(surface, 0.008, 0.12), roughness=rng.uniform(0.5, 0.8), softness=0.1, follow=0.8
    )
    first, second = surface.noise(blob.radius * 0.6, 5, 0.6), surface.noise(9 * surface.unit, 5, 0.6)
    brown, other = (
        np.array([82, 58, 34.0]),
        np.array([(96, 104, 78), (120, 110, 90), (50, 42, 40)][int(rng.integers(0, 3))], float),
    )
    mix = smoothstep(0.35, 0.65, first)[..., None]
    bumps = surface.relief(cv2.GaussianBlur(first, (0, 0), 1.5 * surface.unit), 4.0)
    paint = (surface.lit(brown) * (1 - mix) + surface.lit(other) * mix) * (
        0.72 + 0.4 * second + 0.35 * bumps
    )[..., None]
    return _over(surface, paint + surface.grain(3), blob.alpha * rng.uniform(0.82, 0.98)), blob.alpha


STAINS: dict[str, Painter] = {
    "coffee": coffee,
    "ink": ink,
    "grease": grease,
    "dirt": dirt,
    "drips": drips,
    "bleach": bleach,
}
ROTS: dict[str, Painter] = {
    "soft_spot": soft_spot,
    "fuzzy_mould": fuzzy_mould,
    "black_spots": black_spots,
    "decay": decay,
}
