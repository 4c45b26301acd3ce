"""Damage that takes material away: holes and tears in several looks."""

from itertools import pairwise

import cv2
import numpy as np

from bench.attacks.lines import Painter
from bench.attacks.strokes import Stroke, coverage, fractal_path, tapered, walk
from bench.attacks.surface import Blob, Surface

__all__ = ["HOLES", "TEARS"]


def _log_size(surface: Surface, low: float, high: float) -> float:
    return float(np.exp(surface.rng.uniform(np.log(low), np.log(high))))


def _over(below: np.ndarray, colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return np.asarray(below * (1 - alpha[..., None]) + colour * alpha[..., None])


def _inner_shadow(surface: Surface, alpha: np.ndarray, reach: float) -> np.ndarray:
    """Shadow that the edge nearest the light casts into an opening, 0..1, shape (h, w)."""
    dx, dy = -surface.direction[0] * reach, -surface.direction[1] * reach
    moved = cv2.warpAffine(
        alpha, np.array([[1, 0, dx], [0, 1, dy]], np.float32), surface.shape[::-1], borderValue=0
    )
    return np.asarray(np.clip(alpha - cv2.GaussianBlur(moved, (0, 0), max(reach * 0.5, 0.8)), 0, 1))


def _behind(surface: Surface, blob: Blob) -> np.ndarray:
    """Paint what shows through: another part of the picture, blurred and darker, or a plain inside."""
    rng = surface.rng
    choice = rng.random()
    if choice < 0.4:
        shift_x, shift_y = (
            int(rng.uniform(0.25, 0.6) * side * rng.choice([-1, 1])) for side in surface.shape[::-1]
        )
        other = np.roll(surface.rgb, (shift_y, shift_x), axis=(0, 1))
        other = cv2.GaussianBlur(other, (0, 0), rng.uniform(1.0, 4.0) * surface.unit)
        return np.asarray(other * rng.uniform(0.45, 0.8))
    if choice < 0.75:
        return surface.lit(
            np.array([26, 22, 20.0]) * rng.uniform(0.5, 1.3), 0.8 + 0.5 * surface.noise(blob.radius * 0.5, 4)
        )
    tones = [(150, 120, 92), (188, 172, 150), (206, 206, 202), (120, 122, 126), (176, 132, 112)]
    return surface.lit(
        np.array(tones[int(rng.integers(0, len(tones)))], float) * rng.uniform(0.6, 0.9),
        0.85 + 0.3 * surface.noise(6 * surface.unit, 4),
    )


def _open(
    surface: Surface, blob: Blob, behind: np.ndarray, depth: float, rim: float
) -> tuple[np.ndarray, np.ndarray]:
    """Cut the blob out: inside shadowed by the near edge, the far edge catching light."""
    shadow = _inner_shadow(surface, blob.alpha, depth)
    inside = behind * (1 - 0.8 * shadow[..., None]) + surface.grain(1.5)
    after = _over(surface.rgb, inside, blob.alpha)
    lip = np.clip(cv2.GaussianBlur(blob.alpha, (0, 0), 1.2 * surface.unit) - blob.alpha, 0, 1) * 2 * rim
    bright = surface.rgb + (255 - surface.rgb) * 0.7
    return _over(after, bright, np.clip(lip, 0, 0.8)), np.maximum(blob.alpha, np.clip(lip, 0, 0.8))


def puncture(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a single irregular hole."""
    rng = surface.rng
    blob = surface.blob(
        _log_size(surface, 0.0025, 0.06),
        roughness=rng.uniform(0.2, 0.6),
        softness=0.03,
        elongation=rng.uniform(1, 2.2),
    )
    return _open(
        surface, blob, _behind(surface, blob), blob.radius * rng.uniform(0.1, 0.4), rng.uniform(0.0, 0.6)
    )


def burn(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a burnt hole: dark inside, charred edge, brown halo."""
    rng = surface.rng
    blob = surface.blob(_log_size(surface, 0.003, 0.06), roughness=rng.uniform(0.2, 0.5), softness=0.04)
    outside = cv2.distanceTransform((blob.alpha < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    reach = blob.radius * rng.uniform(0.2, 0.5)
    wobble = 0.25 + 1.5 * surface.noise(max(blob.radius * 0.6, 4), 5)
    halo = np.exp(-((outside / (reach * wobble)) ** 2)) * 0.75
    char = np.exp(-((outside / (0.22 * reach * wobble + 0.7 * surface.unit)) ** 2))
    after = _over(surface.rgb, surface.rgb * np.array([0.42, 0.28, 0.16], np.float32), halo)
    after = _over(after, surface.lit(np.array([22, 17, 14.0])), char * 0.95)
    inside = _behind(surface, blob) if rng.random() < 0.6 else surface.lit(np.array([14, 12, 11.0]))
    after = _over(
        after,
        inside * (1 - 0.7 * _inner_shadow(surface, blob.alpha, blob.radius * 0.2))[..., None],
        blob.alpha,
    )
    return after, np.maximum(np.maximum(halo, char), blob.alpha)


def moth_eaten(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Several small holes near each other."""
    rng = surface.rng
    centre = np.array(surface.pick())
    spread = _log_size(surface, 0.06, 0.18) * min(surface.shape)
    alpha = np.zeros(surface.shape, np.float32)
    blob = None
    for _ in range(int(rng.integers(3, 9))):
        at = centre + rng.normal(0, spread, 2)
        area = _log_size(surface, 0.0004, 0.006)
        blob = surface.blob(
            area,
            roughness=rng.uniform(0.2, 0.5),
            softness=0.08,
            elongation=rng.uniform(1, 1.8),
            centre=(float(at[0]), float(at[1])),
        )
        alpha = np.maximum(alpha, blob.alpha)
    joined = Blob(alpha, alpha, (float(centre[0]), float(centre[1])), blob.radius if blob else 4.0)
    return _open(surface, joined, _behind(surface, joined), 3.0 * surface.unit, rng.uniform(0, 0.5))


def frayed(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a hole in cloth: threads reach from the edge into it."""
    rng = surface.rng
    blob = surface.blob(
        _log_size(surface, 0.004, 0.07),
        roughness=rng.uniform(0.25, 0.5),
        softness=0.03,
        elongation=rng.uniform(1, 2.5),
    )
    after, alpha = _open(surface, blob, _behind(surface, blob), blob.radius * 0.25, 0.2)
    threads = _threads(surface, blob, int(rng.integers(20, 70)))
    cloth = cv2.GaussianBlur(surface.rgb, (0, 0), 2 * surface.unit)
    shade = rng.uniform(0.8, 1.25)
    weight = threads * 0.9 * (cv2.dilate(blob.alpha, np.ones((3, 3), np.uint8)) > 0.3)
    after = _over(after, np.clip(cloth * shade + 12, 0, 255), weight)
    return after, alpha


def _threads(surface: Surface, blob: Blob, count: int) -> np.ndarray:
    rng = surface.rng
    contours, _ = cv2.findContours(
        (blob.alpha > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    if not contours:
        return np.zeros(surface.shape, np.float32)
    outline = max(contours, key=len)[:, 0, :].astype(float)
    strokes = []
    for _ in range(count):
        start = outline[int(rng.integers(0, len(outline)))]
        inward = np.arctan2(blob.centre[1] - start[1], blob.centre[0] - start[0]) + rng.normal(0, 0.5)
        path = walk(rng, start, inward, blob.radius * rng.uniform(0.1, 0.55), 0.9, steps=12)
        strokes.append(Stroke(path, tapered(rng, len(path), rng.uniform(0.6, 1.4) * surface.unit, end=0.5)))
    return coverage(surface.shape, strokes)


def broken_off(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a chip or broken-off piece: angular outline, bare material of another tone with facets."""
    rng = surface.rng
    height, width = surface.shape
    radius = float(np.sqrt(_log_size(surface, 0.003, 0.06) * height * width / np.pi))
    centre = np.array(surface.pick())
    corners = int(rng.integers(5, 10))
    angles = np.sort(np.linspace(0, 2 * np.pi, corners, endpoint=False) + rng.normal(0, 0.25, corners))
    ring = centre + (radius * rng.uniform(0.6, 1.3, corners))[:, None] * np.stack(
        [np.cos(angles), np.sin(angles)], axis=1
    )
    outline = np.concatenate(
        [fractal_path(rng, a, b, 0.08, 4)[:-1] for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True)]
    )
    alpha = _polygon(surface, outline)
    bare = [(214, 206, 192), (232, 230, 226), (176, 144, 108), (96, 92, 90), (190, 96, 62)]
    colour = np.array(bare[int(rng.integers(0, len(bare)))], float)
    facets = surface.noise(radius * 0.8, 3, 0.5)
    bumps = surface.relief(cv2.GaussianBlur(np.round(facets * 4) / 4, (0, 0), 1.2 * surface.unit), 2.0)
    paint = surface.lit(colour, 0.72 + 0.3 * surface.noise(3 * surface.unit, 3, 0.7) + 0.3 * bumps)
    shadow = _inner_shadow(surface, alpha, radius * rng.uniform(0.08, 0.2))
    return _over(surface.rgb, paint * (1 - 0.65 * shadow[..., None]) + surface.grain(2), alpha), alpha


def _polygon(surface: Surface, outline: np.ndarray) -> np.ndarray:
    """Anti-aliased inside of an outline, shape (h, w), float32 0..1."""
    canvas = np.zeros(surface.shape, np.uint8)
    cv2.fillPoly(canvas, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 0.6 * surface.unit), np.float32) / np.float32(255)


def slit(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a cut that gapes: a lens of darkness with a lit edge and loose threads."""
    rng = surface.rng
    length = rng.uniform(0.15, 0.5) * min(surface.shape)
    path = walk(rng, surface.pick(), rng.uniform(0, np.pi), length, rng.uniform(0.2, 0.7), steps=48)
    gape = length * rng.uniform(0.06, 0.16)
    profile = np.sin(np.linspace(0, np.pi, len(path))) ** rng.uniform(0.6, 1.2)
    alpha = _band(surface, path, gape * profile, ragged=0.18)
    centre = path[len(path) // 2]
    blob = Blob(alpha, alpha, (float(centre[0]), float(centre[1])), gape)
    after, alpha = _open(surface, blob, _behind(surface, blob), gape * 0.3, rng.uniform(0.2, 0.7))
    if rng.random() < 0.5:
        threads = _threads(surface, blob, int(rng.integers(6, 30))) * (blob.alpha > 0.2) * 0.9
        after = _over(after, np.clip(cv2.GaussianBlur(surface.rgb, (0, 0), 2) * 1.1 + 10, 0, 255), threads)
    return after, alpha


def _band(surface: Surface, path: np.ndarray, widths: np.ndarray, ragged: float) -> np.ndarray:
    """Area around a path, `widths` wide, each side with its own ragged edge."""
    tangents = np.gradient(path, axis=0)
    normals = (
        np.stack([-tangents[:, 1], tangents[:, 0]], axis=1) / np.maximum(np.hypot(*tangents.T), 1e-6)[:, None]
    )
    sides = []
    for sign in (1.0, -1.0):
        noise = 1 + ragged * surface.rng.normal(0, 1, len(path))
        sides.append(path + sign * normals * (widths * 0.5 * noise)[:, None])
    fine = [
        np.concatenate([fractal_path(surface.rng, a, b, 0.1, 2)[:-1] for a, b in pairwise(s)]) for s in sides
    ]
    return _polygon(surface, np.concatenate([fine[0], fine[1][::-1]]))


def torn_strip(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint the top layer torn off along a strip: paper core inside, fringe and a thin shadow at the edge."""
    rng = surface.rng
    length = rng.uniform(0.2, 0.6) * min(surface.shape)
    path = walk(rng, surface.pick(), rng.uniform(0, np.pi), length, rng.uniform(0.1, 0.6), steps=36)
    widths = tapered(
        rng, len(path), length * rng.uniform(0.08, 0.2), start=1.1, end=rng.uniform(0.1, 0.9), ripple=0.25
    )
    widths = widths * np.minimum(1, np.sin(np.linspace(0.05, np.pi - 0.03, len(path))) * 3)
    alpha = _band(surface, path, widths, ragged=0.15)
    return _bared(surface, alpha)


def _bared(surface: Surface, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fill with bare fibrous material; a paler fringe runs inside the edge, a shadow on the near side."""
    rng = surface.rng
    dark_ground = float((surface.luminance * alpha).sum() / max(float(alpha.sum()), 1)) < 140
    cores = (
        [(226, 216, 200), (240, 238, 234), (198, 170, 132)]
        if dark_ground
        else [(168, 134, 96), (120, 96, 72), (150, 146, 140), (60, 54, 50)]
    )
    colour = np.array(cores[int(rng.integers(0, len(cores)))], float)
    fibres = surface.noise(12 * surface.unit, 5, 0.5)
    paint = surface.lit(colour, 0.84 + 0.24 * fibres)
    distance = cv2.distanceTransform((alpha > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    fringe = np.exp(
        -((distance / (rng.uniform(2, 6) * surface.unit * (0.5 + surface.noise(6 * surface.unit, 3)))) ** 2)
    )
    paint = paint + (245 * surface.light[..., None] - paint) * (fringe * rng.uniform(0.2, 0.7))[..., None]
    shadow = _inner_shadow(surface, alpha, rng.uniform(2, 5) * surface.unit)
    paint = np.clip(paint, 0, 255) * (1 - 0.6 * shadow[..., None]) + surface.grain(2)
    return _over(surface.rgb, paint, alpha), alpha


def peeled(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint an irregular patch of the top layer missing, as a label half peeled off."""
    rng = surface.rng
    blob = surface.blob(
        _log_size(surface, 0.006, 0.09),
        roughness=rng.uniform(0.4, 0.8),
        softness=0.025,
        elongation=rng.uniform(1, 3),
        grain=rng.uniform(0.3, 1.0),
    )
    return _bared(surface, blob.alpha)


def flap(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint an angular tear folded back: bare wedge on one side, the paler back of the flap on the other."""
    rng = surface.rng
    centre = np.array(surface.pick())
    size = rng.uniform(0.07, 0.2) * min(surface.shape)
    angle = rng.uniform(0, 2 * np.pi)

    def at(turn: float, reach: float) -> np.ndarray:
        return centre + size * reach * np.array([np.cos(angle + turn), np.sin(angle + turn)])

    left, right, tip, back = (
        at(2.1, 1.0),
        at(-2.1, 1.0),
        at(0.0, rng.uniform(1.0, 1.6)),
        at(np.pi + rng.normal(0, 0.25), rng.uniform(1.0, 1.7)),
    )
    opening = np.concatenate(
        [fractal_path(rng, left, tip, 0.05, 5)[:-1], fractal_path(rng, tip, right, 0.05, 5)[:-1], [right]]
    )
    folded = np.concatenate(
        [fractal_path(rng, left, back, 0.03, 5)[:-1], fractal_path(rng, back, right, 0.03, 5)[:-1], [right]]
    )
    bare, bare_alpha = _bared(surface, _polygon(surface, opening))
    flap_alpha = _polygon(surface, folded)
    curl = surface.noise(size * 1.5, 2)
    paper = surface.lit(
        np.array([226, 218, 206]) * rng.uniform(0.7, 1.0),
        0.7 + 0.35 * curl + 0.06 * surface.noise(2 * surface.unit, 2),
    )
    shadow = np.clip(cv2.GaussianBlur(flap_alpha, (0, 0), 3.5 * surface.unit) - flap_alpha, 0, 1) * 0.9
    after = _over(bare, bare * 0.35, shadow)
    after = _over(after, paper + surface.grain(1.5), flap_alpha)
    return after, np.maximum(np.maximum(bare_alpha, flap_alpha), shadow)


def corner_missing(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a larger piece torn out, and something else of the scene in its place."""
    rng = surface.rng
    blob = surface.blob(
        _log_size(surface, 0.01, 0.1),
        roughness=rng.uniform(0.3, 0.6),
        softness=0.02,
        elongation=rng.uniform(1, 2),
        grain=0.4,
    )
    behind = _behind(surface, blob)
    after, alpha = _open(surface, blob, behind, rng.uniform(2, 6) * surface.unit, 0.0)
    distance = cv2.distanceTransform((blob.alpha > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    band = np.exp(
        -(
            (distance / (rng.uniform(1.5, 4.5) * surface.unit * (0.4 + surface.noise(7 * surface.unit, 3))))
            ** 2
        )
    ) * (blob.alpha > 0.5)
    fringe = surface.lit(np.array([236, 230, 222.0]), 0.8 + 0.3 * surface.noise(3 * surface.unit, 3))
    return _over(after, fringe, cv2.GaussianBlur(band.astype(np.float32), (0, 0), 0.6) * 0.85), alpha


HOLES: dict[str, Painter] = {
    "puncture": puncture,
    "burn": burn,
    "moth_eaten": moth_eaten,
    "frayed": frayed,
    "broken_off": broken_off,
}
TEARS: dict[str, Painter] = {
    "slit": slit,
    "torn_strip": torn_strip,
    "peeled": peeled,
    "flap": flap,
    "corner_missing": corner_missing,
}
