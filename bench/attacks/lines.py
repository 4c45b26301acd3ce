"""Thin damage: cracks and scratches in several looks."""

from collections.abc import Callable

import cv2
import numpy as np

from bench.attacks.strokes import Stroke, coverage, fractal_path, tapered, walk
from bench.attacks.surface import Surface, smoothstep

__all__ = ["CRACKS", "SCRATCHES", "Painter"]

Painter = Callable[[Surface], tuple[np.ndarray, np.ndarray]]
"""Surface -> (picture after, alpha of everything added): float32, shapes (h, w, 3) and (h, w)."""


def _crack_tree(surface: Surface, length: float, width: float, jitter: float, branches: int) -> list[Stroke]:
    rng = surface.rng
    centre = np.array(surface.pick())
    angle = rng.uniform(0, np.pi)
    half = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    trunk = fractal_path(rng, centre - half, centre + half, jitter)
    strokes = [Stroke(trunk, tapered(rng, len(trunk), width, start=0.9, end=0.3))]
    for _ in range(branches):
        parent = strokes[int(rng.integers(0, len(strokes)))]
        at = int(rng.integers(len(parent.points) // 8, max(len(parent.points) * 7 // 8, 2)))
        ahead = parent.points[min(at + 3, len(parent.points) - 1)] - parent.points[max(at - 3, 0)]
        turn = np.arctan2(ahead[1], ahead[0]) + rng.choice([-1, 1]) * rng.uniform(0.35, 1.2)
        reach = length * rng.uniform(0.12, 0.42)
        end = parent.points[at] + reach * np.array([np.cos(turn), np.sin(turn)])
        path = fractal_path(rng, parent.points[at], end, jitter, levels=5)
        start_width = float(parent.widths[at]) * rng.uniform(0.5, 0.9)
        strokes.append(Stroke(path, tapered(rng, len(path), start_width, start=1.0, end=0.2)))
    return strokes


def _carve(
    surface: Surface, strokes: list[Stroke], *, darkness: float, rim: float, light: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Paint strokes as gaps: a core and, on the side away from the light, a rim that catches it."""
    core = cv2.GaussianBlur(
        coverage(surface.shape, strokes), (0, 0), surface.rng.uniform(0.3, 0.6) * surface.unit
    )
    step = surface.unit * surface.rng.uniform(0.7, 1.5)
    dx, dy = -surface.direction[0] * step, -surface.direction[1] * step
    edge = coverage(surface.shape, [stroke.shifted(dx, dy, widen=1.25) for stroke in strokes])
    edge = np.clip(cv2.GaussianBlur(edge, (0, 0), 0.5 * surface.unit) - core, 0, 1) * rim
    core = core * darkness
    if light:
        core_colour = surface.lit(surface.rng.uniform(200, 255) * np.array([1.0, 1.0, 0.98]))
        rim_colour = surface.rgb * 0.35
    else:
        tint = surface.rng.uniform(0.05, 0.28) * np.array(
            [1.0, surface.rng.uniform(0.8, 1), surface.rng.uniform(0.7, 1)]
        )
        core_colour = surface.rgb * tint.astype(np.float32) + surface.rng.uniform(0, 14)
        rim_colour = surface.rgb + (255.0 - surface.rgb) * 0.6
    after = surface.rgb * (1 - edge[..., None]) + rim_colour * edge[..., None]
    after = after * (1 - core[..., None]) + core_colour * core[..., None]
    return after, np.maximum(core, edge)


def _prefers_light(surface: Surface, strokes: list[Stroke], chance: float) -> bool:
    """Light lines where the ground is dark, and sometimes elsewhere: a black line on black is no damage."""
    points = np.concatenate([stroke.points for stroke in strokes])[::4].round().astype(int)
    height, width = surface.shape
    inside = (points[:, 0] >= 0) & (points[:, 0] < width) & (points[:, 1] >= 0) & (points[:, 1] < height)
    ground = surface.luminance[points[inside, 1], points[inside, 0]]
    tone = float(np.median(ground)) if len(ground) else 128.0
    return tone < 60 or (tone < 170 and surface.rng.random() < chance)


def _length(surface: Surface, low: float, high: float) -> float:
    return float(surface.rng.uniform(low, high) * min(surface.shape))


def branching(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """One ragged crack with branches, as in plaster, plastic or ceramics."""
    rng = surface.rng
    width = rng.uniform(1.8, 5.0) * surface.unit
    strokes = _crack_tree(
        surface, _length(surface, 0.3, 0.75), width, rng.uniform(0.04, 0.12), int(rng.integers(2, 8))
    )
    light = _prefers_light(surface, strokes, 0.1)
    return _carve(surface, strokes, darkness=rng.uniform(0.75, 1.0), rim=rng.uniform(0.2, 0.7), light=light)


def hairline(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """One thin, almost straight crack, as in a glazed cup."""
    rng = surface.rng
    width = rng.uniform(1.0, 2.0) * surface.unit
    strokes = _crack_tree(
        surface, _length(surface, 0.25, 0.7), width, rng.uniform(0.015, 0.05), int(rng.integers(0, 2))
    )
    light = _prefers_light(surface, strokes, 0.1)
    return _carve(surface, strokes, darkness=rng.uniform(0.6, 0.95), rim=rng.uniform(0.0, 0.35), light=light)


def spider_web(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Cracks around a point of impact, with rings between the rays, as in glass or a screen."""
    rng = surface.rng
    centre = np.array(surface.pick())
    reach = _length(surface, 0.16, 0.4)
    count = int(rng.integers(7, 15))
    angles = np.sort(np.linspace(0, 2 * np.pi, count, endpoint=False) + rng.normal(0, 0.18, count))
    width = rng.uniform(1.2, 2.8) * surface.unit
    rays = []
    for angle in angles:
        end = centre + reach * rng.uniform(0.45, 1.25) * np.array([np.cos(angle), np.sin(angle)])
        path = fractal_path(rng, centre, end, rng.uniform(0.02, 0.06), levels=5)
        rays.append(Stroke(path, tapered(rng, len(path), width, start=1.0, end=0.3)))
    strokes = list(rays)
    for ring in np.cumsum(rng.uniform(0.12, 0.3, int(rng.integers(1, 4)))):
        for first, second in zip(rays, rays[1:] + rays[:1], strict=True):
            if rng.random() < 0.3:
                continue
            start = first.points[
                min(int(ring * rng.uniform(0.8, 1.2) * len(first.points)), len(first.points) - 1)
            ]
            end = second.points[
                min(int(ring * rng.uniform(0.8, 1.2) * len(second.points)), len(second.points) - 1)
            ]
            path = fractal_path(rng, start, end, 0.05, levels=3)
            strokes.append(Stroke(path, tapered(rng, len(path), width * 0.6, end=0.8)))
    light = _prefers_light(surface, strokes, 0.6)
    after, alpha = _carve(
        surface, strokes, darkness=rng.uniform(0.7, 1.0), rim=rng.uniform(0.3, 0.8), light=light
    )
    return _crush(surface, after, alpha, centre, width * rng.uniform(1.5, 5.0))


def _crush(
    surface: Surface, after: np.ndarray, alpha: np.ndarray, centre: np.ndarray, radius: float
) -> tuple[np.ndarray, np.ndarray]:
    """Powder the point of impact."""
    share = float(np.pi * radius**2 / (surface.shape[0] * surface.shape[1]))
    blob = surface.blob(
        max(share, 1e-5), roughness=0.6, softness=0.25, centre=(float(centre[0]), float(centre[1]))
    )
    speckle = surface.noise(2.0 * surface.unit, 2)
    powder = surface.lit(np.full(3, 235.0), 0.5 + 0.6 * speckle)
    weight = (blob.alpha * surface.rng.uniform(0.5, 0.9))[..., None]
    return after * (1 - weight) + powder * weight, np.maximum(alpha, weight[..., 0])


def crazing(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a net of fine cracks inside a patch, as in old glaze, paint or leather."""
    rng = surface.rng
    patch = surface.blob(
        rng.uniform(0.01, 0.06), roughness=0.6, softness=0.2, elongation=rng.uniform(1, 2.5), follow=1.0
    )
    spacing = rng.uniform(11, 24) * surface.unit
    height, width = surface.shape
    subdivision = cv2.Subdiv2D((0, 0, width, height))
    jitter = rng.uniform(0.3, 0.48)
    for y in np.arange(spacing / 2, height, spacing):
        for x in np.arange(spacing / 2, width, spacing):
            point = np.array([x, y]) + rng.uniform(-jitter, jitter, 2) * spacing
            if 0 < point[0] < width - 1 and 0 < point[1] < height - 1:
                subdivision.insert((float(point[0]), float(point[1])))
    facets, _ = subdivision.getVoronoiFacetList([])
    strokes = []
    for facet in facets:
        middle = np.asarray(facet).mean(axis=0).round().astype(int)
        if (
            not (0 <= middle[0] < width and 0 <= middle[1] < height)
            or patch.alpha[middle[1], middle[0]] < 0.4
        ):
            continue
        for start, end in zip(facet, np.roll(facet, -1, axis=0), strict=True):
            if np.hypot(*(end - start)) < 3 * spacing and rng.random() < 0.85:
                path = fractal_path(rng, start, end, 0.05, levels=3)
                strokes.append(
                    Stroke(path, tapered(rng, len(path), rng.uniform(0.7, 1.5) * surface.unit, end=0.9))
                )
    if not strokes:
        return branching(surface)
    light = _prefers_light(surface, strokes, 0.1)
    return _carve(surface, strokes, darkness=rng.uniform(0.6, 0.95), rim=rng.uniform(0.1, 0.5), light=light)


def _fine_strokes(surface: Surface) -> list[Stroke]:
    rng = surface.rng
    centre = np.array(surface.pick())
    angle = rng.uniform(0, np.pi)
    length = _length(surface, 0.15, 0.5)
    spread = length * rng.uniform(0.05, 0.25)
    strokes = []
    for _ in range(int(rng.integers(3, 10))):
        offset = rng.normal(0, 1, 2) * [length * 0.12, spread]
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        own = length * rng.uniform(0.3, 1.0)
        start = centre + rotation @ (offset - [own / 2, 0])
        path = walk(rng, start, angle + rng.normal(0, 0.07), own, rng.uniform(0.02, 0.2))
        width = rng.uniform(0.8, 2.2) * surface.unit
        profile = np.sin(np.linspace(0.15, np.pi - 0.1, len(path))) ** 0.5
        strokes.append(Stroke(path, tapered(rng, len(path), width, end=1.0) * profile))
    return strokes


def _scrape(
    surface: Surface, strokes: list[Stroke], light: bool, patchy: float
) -> tuple[np.ndarray, np.ndarray]:
    """Paint strokes as abrasion: brighter or darker than the ground, interrupted by noise."""
    rng = surface.rng
    alpha = cv2.GaussianBlur(coverage(surface.shape, strokes), (0, 0), 0.4 * surface.unit)
    if patchy > 0:
        alpha = alpha * smoothstep(patchy - 0.25, patchy + 0.1, surface.noise(9 * surface.unit, 3))
    alpha = alpha * rng.uniform(0.6, 0.95)
    if light:
        colour = surface.lit(
            rng.uniform(205, 250) * np.array([1, rng.uniform(0.95, 1), rng.uniform(0.88, 1)])
        )
    else:
        colour = surface.rgb * rng.uniform(0.15, 0.4)
    after = surface.rgb * (1 - alpha[..., None]) + colour * alpha[..., None]
    return after, alpha


def parallel(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Several nearly parallel fine strokes."""
    strokes = _fine_strokes(surface)
    return _scrape(surface, strokes, _prefers_light(surface, strokes, 0.6), 0.0)


def gouge(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """One or two deep furrows with a lit edge and exposed material."""
    rng = surface.rng
    strokes = []
    for _ in range(int(rng.integers(1, 3))):
        path = walk(
            rng,
            surface.pick(),
            rng.uniform(0, 2 * np.pi),
            _length(surface, 0.15, 0.45),
            rng.uniform(0.1, 0.5),
        )
        width = rng.uniform(2.5, 6.0) * surface.unit
        profile = np.sin(np.linspace(0.1, np.pi - 0.25, len(path))) ** 0.7
        strokes.append(Stroke(path, tapered(rng, len(path), width, end=0.9, ripple=0.2) * profile + 0.3))
    light = _prefers_light(surface, strokes, 0.5)
    return _carve(surface, strokes, darkness=rng.uniform(0.7, 1.0), rim=rng.uniform(0.5, 0.9), light=light)


def sweep(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Long curved strokes that cross each other, as from cleaning or transport."""
    rng = surface.rng
    strokes = []
    for _ in range(int(rng.integers(4, 14))):
        path = walk(
            rng, surface.pick(), rng.uniform(0, 2 * np.pi), _length(surface, 0.08, 0.4), rng.uniform(0.3, 1.2)
        )
        strokes.append(Stroke(path, tapered(rng, len(path), rng.uniform(0.8, 1.8) * surface.unit, end=0.4)))
    return _scrape(surface, strokes, _prefers_light(surface, strokes, 0.7), 0.0)


def interrupted(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Paint a wide scrape that skips over the surface, baring lighter or darker material."""
    rng = surface.rng
    strokes = []
    start, angle = np.array(surface.pick()), rng.uniform(0, np.pi)
    for _ in range(int(rng.integers(1, 4))):
        at = start + rng.normal(0, 6 * surface.unit, 2)
        path = walk(rng, at, angle + rng.normal(0, 0.04), _length(surface, 0.2, 0.5), rng.uniform(0.05, 0.3))
        strokes.append(Stroke(path, tapered(rng, len(path), rng.uniform(2.5, 6.0) * surface.unit, end=0.6)))
    return _scrape(surface, strokes, _prefers_light(surface, strokes, 0.6), rng.uniform(0.35, 0.5))


CRACKS: dict[str, Painter] = {
    "branching": branching,
    "hairline": hairline,
    "spider_web": spider_web,
    "crazing": crazing,
}
SCRATCHES: dict[str, Painter] = {
    "parallel": parallel,
    "gouge": gouge,
    "sweep": sweep,
    "interrupted": interrupted,
}
