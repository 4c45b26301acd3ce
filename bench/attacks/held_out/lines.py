"""Cracks and scratches by the held-out painter."""

from itertools import pairwise

import numpy as np

from bench.attacks.held_out.scene import Lines, Painted, Painter, Scene, blended, moved, wander

__all__ = ["LINES"]


def _grown(scene: Scene, lines: Lines, start: np.ndarray, angle: float, length: float, width: float) -> None:
    """Draw a crack that thins out and branches, its branches once more."""
    rng = scene.rng
    waiting = [(start, angle, length, width, 2)]
    while waiting:
        start, angle, length, width, depth = waiting.pop()
        path = wander(rng, start, angle, length, scene.length * 0.012, 0.55)
        for index, (first, last) in enumerate(pairwise(path)):
            lines.draw(first, last, max(0.7, width * (1 - 0.75 * index / len(path)) * rng.uniform(0.6, 1.3)))
            if depth and rng.random() < 0.12:
                turned = angle + rng.choice([-1, 1]) * rng.uniform(0.4, 1.1)
                waiting.append((last, turned, length * rng.uniform(0.25, 0.5), width * 0.6, depth - 1))


def crack_branch(scene: Scene) -> Painted:
    """Paint a dark branching crack whose lower lip catches the light."""
    rng, lines = scene.rng, Lines(scene.size)
    angle, length = rng.uniform(0, 2 * np.pi), scene.radius(0.22, 0.5)
    start = scene.spot() - length / 2 * np.array([np.cos(angle), np.sin(angle)])
    _grown(scene, lines, start, angle, length, max(1.3, scene.radius(0.003, 0.0065)))
    crack = lines.coverage()
    aside = scene.length * 0.002 + 0.8
    lip = np.clip(moved(crack, aside, aside) - crack, 0, 1) * rng.uniform(0.25, 0.55)
    painted = blended(scene.rgb, (240, 238, 235), lip)
    painted = blended(painted, scene.rgb.mean(axis=(0, 1)) * 0.12, crack * rng.uniform(0.75, 0.95))
    return painted, np.maximum(crack, lip)


def crack_star(scene: Scene) -> Painted:
    """Paint splintered glass: bright rays from one point, joined by broken rings."""
    rng, lines = scene.rng, Lines(scene.size)
    centre, radius, count = scene.spot(), scene.radius(0.10, 0.22), int(rng.integers(7, 14))
    rays = []
    for angle in np.sort(rng.uniform(0, 2 * np.pi, count)):
        ray = wander(rng, centre, angle, radius * rng.uniform(0.6, 1.5), scene.length * 0.02, 0.16)
        rays.append(ray)
        for index, (first, last) in enumerate(pairwise(ray)):
            lines.draw(first, last, max(0.8, scene.length * 0.0035 * (1 - index / len(ray))))
    for ring in range(1, 5):
        for ray, neighbour in zip(rays, rays[1:] + rays[:1], strict=True):
            index = ring * 2 + int(rng.integers(0, 2))
            if index < min(len(ray), len(neighbour)) and rng.random() < 0.65:
                lines.draw(ray[index], neighbour[index], max(0.8, scene.length * 0.0018))
    bright = lines.coverage()
    shadow = np.clip(moved(bright, 1.2, -1.0) - bright, 0, 1) * 0.6
    painted = blended(blended(scene.rgb, (22, 20, 20), shadow), (240, 245, 245), bright * 0.9)
    return painted, np.maximum(bright, shadow)


def scratch_bundle(scene: Scene) -> Painted:
    """Paint several faint scratches side by side, each broken here and there."""
    rng, lines = scene.rng, Lines(scene.size)
    centre, radius, angle, bend = (
        scene.spot(),
        scene.radius(0.10, 0.2),
        rng.uniform(0, np.pi),
        rng.normal(0, 0.25),
    )
    steps = 24
    for _ in range(int(rng.integers(3, 9))):
        turned, length, value = (
            angle + rng.normal(0, 0.08),
            radius * rng.uniform(0.8, 2.2),
            rng.uniform(130, 255),
        )
        point = centre + rng.normal(0, radius * 0.22, 2)
        point = point - length / 2 * np.array([np.cos(turned), np.sin(turned)])
        for index in range(steps):
            now = turned + bend * (index / steps - 0.5)
            following = point + length / steps * np.array([np.cos(now), np.sin(now)])
            if rng.random() < 0.9:
                lines.draw(point, following, max(0.7, scene.length * 0.0022 * rng.uniform(0.4, 1.3)), value)
            point = following
    scratches = lines.coverage()
    ground = scene.rgb[int(centre[1]), int(centre[0])].mean()
    colour = (230, 228, 225) if ground < 140 else (68, 62, 60)
    return blended(scene.rgb, colour, scratches * 0.85), scratches


def scratch_gouge(scene: Scene) -> Painted:
    """Paint one deep groove, thick in the middle, with a lit edge."""
    rng, lines = scene.rng, Lines(scene.size)
    radius, width = scene.radius(0.12, 0.25), max(1.6, scene.radius(0.004, 0.008))
    path = wander(rng, scene.spot(), rng.uniform(0, 2 * np.pi), radius * 1.8, scene.length * 0.03, 0.12)
    for index, (first, last) in enumerate(pairwise(path)):
        lines.draw(first, last, max(0.9, width * np.sin(np.pi * (index + 0.8) / (len(path) + 0.6))))
    groove = lines.coverage()
    edge = np.clip(moved(groove, width * 0.5, width * 0.5) - groove, 0, 1) * 0.6
    painted = blended(blended(scene.rgb, (240, 240, 240), edge), scene.rgb * 0.3, groove * 0.9)
    return painted, np.maximum(groove, edge)


LINES: dict[str, Painter] = {
    "crack_branch": crack_branch,
    "crack_star": crack_star,
    "scratch_bundle": scratch_bundle,
    "scratch_gouge": scratch_gouge,
}
