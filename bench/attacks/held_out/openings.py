"""Holes and tears by the held-out painter."""

from itertools import pairwise

import cv2
import numpy as np

from bench.attacks.held_out.scene import Lines, Painted, Painter, Scene, blended, ramp, wander

__all__ = ["OPENINGS"]


def hole_puncture(scene: Scene) -> Painted:
    """Punch a dark hole with a rim that is lit on one side."""
    shape = scene.shape((0.025, 0.07), rough=0.3, soft=0.05, stretch=(0.8, 1.3))
    columns, rows = scene.grid
    slant = (columns - shape.centre[0] + rows - shape.centre[1]) / (shape.radius * 1.4)
    depth = np.clip(0.5 + 0.5 * slant, 0, 1)[..., None]
    inside = np.array([14, 12, 12]) + depth * np.array([46, 42, 40]) + 6 * scene.cloud(40, 3)[..., None]
    rim = np.exp(-(((shape.distance - 1.1) / 0.09) ** 2)) * np.clip(slant, -1, 1)
    painted = np.clip(scene.rgb * (1 + 0.55 * rim[..., None]), 0, 255)
    return blended(painted, inside, shape.alpha * 0.98), np.maximum(shape.alpha, np.abs(rim) * 0.5)


def hole_burn(scene: Scene) -> Painted:
    """Burn a hole: black inside, ash on its edge, scorched around."""
    shape = scene.shape((0.04, 0.09), rough=0.45, soft=0.06)
    scorch = (1 - ramp(1.0, 1.7, shape.distance)) * np.clip(0.8 + 0.4 * scene.cloud(20, 4), 0, 1)
    painted = blended(scene.rgb, scene.rgb * np.array([0.5, 0.33, 0.2]), scorch)
    painted = blended(painted, 14 + 12 * scene.cloud(70, 2)[..., None], shape.alpha * 0.96)
    ash = np.exp(-(((shape.distance - 1.0) / 0.05) ** 2)) * 0.5 * np.clip(scene.cloud(60, 2) + 0.4, 0, 1)
    return blended(painted, (160, 155, 150), ash), np.maximum(shape.alpha, scorch)


def hole_frayed(scene: Scene) -> Painted:
    """Open a hole in cloth: what lies beneath shows, threads hang into it."""
    rng, lines = scene.rng, Lines(scene.size)
    shape = scene.shape((0.045, 0.09), rough=0.5, soft=0.04)
    painted = blended(scene.rgb, scene.beneath() * 0.45, shape.alpha)
    x, y = (int(value) for value in shape.centre)
    cloth = scene.rgb[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3].mean(axis=(0, 1))
    for _ in range(int(rng.integers(14, 40))):
        angle = rng.uniform(0, 2 * np.pi)
        root = shape.centre + shape.radius * rng.uniform(0.9, 1.15) * np.array([np.cos(angle), np.sin(angle)])
        inwards, length = angle + np.pi + rng.normal(0, 0.6), shape.radius * rng.uniform(0.3, 0.9)
        for first, last in pairwise(wander(rng, root, inwards, length, shape.radius * 0.12, 0.25)):
            lines.draw(first, last, max(0.6, shape.radius * 0.02))
    threads = lines.coverage() * 0.9
    return blended(painted, np.clip(cloth * 1.25 + 15, 0, 255), threads), np.maximum(shape.alpha, threads)


def tear_corner(scene: Scene) -> Painted:
    """Tear a corner off; the fibres of the edge are pale, another picture lies beneath."""
    rng, (height, width) = scene.rng, scene.size
    columns, rows = scene.grid
    right, down = rng.integers(2, size=2)
    across = np.abs(columns - right * width) / width + np.abs(rows - down * height) / height
    across = across + 0.10 * scene.cloud(8, 6, 0.6)
    line = rng.uniform(0.38, 0.55)
    gone = 1 - ramp(line - 0.004, line + 0.004, across)
    torn = 1 - ramp(line + 0.015, line + 0.028, across + 0.012 * scene.cloud(60, 2))
    fibres = np.clip(torn - gone, 0, 1)
    shadow = cv2.GaussianBlur(1 - gone, (0, 0), scene.length * 0.012)
    beneath = scene.beneath() * (1 - 0.5 * shadow)[..., None]
    painted = blended(blended(scene.rgb, (232, 230, 225), fibres * 0.9), beneath, gone)
    return painted, np.maximum(gone, fibres)


def tear_slit(scene: Scene) -> Painted:
    """Rip a slit that gapes in the middle, pale along one lip."""
    rng, centre, radius = scene.rng, scene.spot(), scene.radius(0.12, 0.2)
    columns, rows = scene.grid
    angle = rng.uniform(0, np.pi)
    right, down = (columns - centre[0]) / radius, (rows - centre[1]) / radius
    along = right * np.cos(angle) + down * np.sin(angle)
    across = down * np.cos(angle) - right * np.sin(angle)
    gape = rng.uniform(0.22, 0.4)
    profile = gape * np.clip(1 - along**2, 0, 1) ** 0.8
    upper, lower = (0.06 * scene.cloud(14, 5, 0.65) for _ in range(2))
    outside = np.maximum(across - profile - upper, -across - profile * 0.6 - lower)
    gap = (1 - ramp(-0.01, 0.02, outside)) * (np.abs(along) < 1)
    beneath = scene.beneath() * np.clip(0.35 + np.clip(-outside / gape, 0, 1), 0, 1)[..., None]
    lip = (1 - ramp(0.03, 0.06, outside + 0.02 * scene.cloud(70, 2))) * (1 - gap)
    lip = lip * (np.abs(along) < 0.98) * (across > 0)
    return blended(blended(scene.rgb, (236, 235, 232), lip * 0.85), beneath, gap), np.maximum(gap, lip)


def tear_strip(scene: Scene) -> Painted:
    """Rip the printed layer off: its fibrous core lies open."""
    rng = scene.rng
    shape = scene.shape((0.06, 0.12), rough=0.35, soft=0.02, cells=12, stretch=(1.5, 2.2))
    noise = rng.standard_normal(scene.size).astype(np.float32)
    fibre = cv2.GaussianBlur(noise, (0, 0), sigmaX=6, sigmaY=0.8)[..., None] * 30
    palette = [(205, 180, 150), (216, 212, 205), (160, 135, 110)]
    core = np.clip(np.array(palette[int(rng.integers(3))], np.float32) + fibre, 0, 255)
    edge = np.exp(-(((shape.distance - 0.95) / 0.06) ** 2)) * shape.alpha
    return blended(scene.rgb, core, shape.alpha) * (1 - 0.35 * edge[..., None]), shape.alpha


OPENINGS: dict[str, Painter] = {
    "hole_puncture": hole_puncture,
    "hole_burn": hole_burn,
    "hole_frayed": hole_frayed,
    "tear_corner": tear_corner,
    "tear_slit": tear_slit,
    "tear_strip": tear_strip,
}
