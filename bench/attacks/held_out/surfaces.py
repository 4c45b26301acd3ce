"""Stains and rot by the held-out painter."""

from itertools import pairwise

import cv2
import numpy as np

from bench.attacks.held_out.scene import Lines, Painted, Painter, Scene, blended, ramp, wander

__all__ = ["SURFACES"]


def stain_wet(scene: Scene) -> Painted:
    """Darken a patch as water does, with a darker rim."""
    rng = scene.rng
    shape = scene.shape((0.06, 0.15), rough=0.5, soft=0.05)
    rim = np.exp(-(((shape.distance - 0.96) / 0.06) ** 2)) * shape.alpha
    tint = rng.uniform(0.45, 0.72) * np.array([1.0, rng.uniform(0.88, 1.0), rng.uniform(0.78, 1.0)])
    painted = blended(scene.rgb, scene.rgb * tint, shape.alpha * 0.9)
    return painted * (1 - 0.35 * rim[..., None]), shape.alpha


def stain_ring(scene: Scene) -> Painted:
    """Paint the dried ring of a cup, with drops beside it."""
    rng = scene.rng
    shape = scene.shape((0.07, 0.14), rough=0.10, soft=0.03, stretch=(0.9, 1.12))
    ring = np.exp(-(((shape.distance - 0.88) / rng.uniform(0.07, 0.15)) ** 2))
    alpha = np.maximum(ring * np.clip(0.75 + 0.5 * scene.cloud(12, 4), 0.15, 1), shape.alpha * 0.3)
    for _ in range(int(rng.integers(1, 4))):
        drop = scene.away(shape.centre + rng.normal(0, shape.radius * 1.3, 2))
        drop = drop / (shape.radius * rng.uniform(0.08, 0.2))
        alpha = np.maximum(alpha, (1 - ramp(0.85, 1.1, drop)) * 0.7)
    alpha = np.clip(alpha, 0, 1)
    liquid = scene.rgb / 255 * np.array([105, 62, 30]) * rng.uniform(0.6, 1.2) * 1.2
    return blended(scene.rgb, liquid, alpha * 0.8), alpha


def stain_mud(scene: Scene) -> Painted:
    """Throw opaque mud with splashes and a little relief."""
    rng = scene.rng
    centre, radius = scene.spot(), scene.radius(0.08, 0.16)
    columns, rows = scene.grid
    alpha = np.zeros(scene.size, np.float32)
    for index in range(int(rng.integers(12, 40))):
        own = radius * (0.45 if index == 0 else abs(rng.normal(0, 0.13)) + 0.03)
        at = centre if index == 0 else centre + rng.normal(0, radius * 0.7, 2)
        stretch = rng.uniform(0.7, 1.5)
        distance = np.hypot((columns - at[0]) / stretch, (rows - at[1]) * stretch) / own
        alpha = np.maximum(alpha, 1 - ramp(0.85, 1.05, distance + 0.35 * scene.cloud(10, 3)))
    texture = scene.cloud(60, 3)
    height = cv2.GaussianBlur(alpha, (0, 0), 2 + scene.length * 0.004) + 0.2 * texture
    slope = cv2.Sobel(height.astype(np.float32), cv2.CV_32F, 1, 1, ksize=3)[..., None]
    earth = np.array([(88, 62, 40), (52, 38, 28), (80, 72, 60)][int(rng.integers(3))], np.float32)
    mud = np.clip(earth * (1 + 0.35 * texture[..., None]) + 80 * slope, 0, 255)
    return blended(scene.rgb, mud, alpha * 0.93), alpha


def stain_ink(scene: Scene) -> Painted:
    """Paint ink that creeps outwards along threads."""
    rng, lines = scene.rng, Lines(scene.size)
    shape = scene.shape((0.05, 0.1), rough=0.85, soft=0.06, cells=9)
    for _ in range(int(rng.integers(4, 12))):
        length = shape.radius * rng.uniform(1.0, 1.8)
        thread = wander(rng, shape.centre, rng.uniform(0, 2 * np.pi), length, shape.radius * 0.15, 0.3)
        for first, last in pairwise(thread):
            lines.draw(first, last, shape.radius * 0.05)
    alpha = np.maximum(shape.alpha, cv2.GaussianBlur(lines.coverage(), (0, 0), 1)) * 0.9
    palette = [(20, 40, 120), (150, 20, 25), (30, 30, 30), (20, 110, 90)]
    ink = np.array(palette[int(rng.integers(4))], np.float32)
    return blended(scene.rgb, scene.rgb / 255 * ink * 0.6 + ink * 0.4, alpha), alpha


def rot_mould(scene: Scene) -> Painted:
    """Paint a thin veil of mould with many spots in it."""
    rng = scene.rng
    shape = scene.shape((0.08, 0.15), rough=0.55, soft=0.15)
    veil = shape.alpha * np.clip(0.35 + 0.4 * scene.cloud(30, 4), 0, 0.8)
    spots = np.zeros(scene.size, np.float32)
    for _ in range(int(rng.integers(60, 200))):
        x, y = (int(value * 8) for value in shape.centre + rng.normal(0, shape.radius * 0.5, 2))
        size = int(max(1.2, abs(rng.normal(0, shape.radius * 0.09))) * 8)
        cv2.circle(spots, (x, y), size, float(rng.uniform(0.5, 1)), -1, cv2.LINE_AA, 3)
    spots = cv2.GaussianBlur(spots, (0, 0), 1.1) * np.clip(shape.alpha * 1.4, 0, 1) * 0.85
    palette = [(150, 165, 150), (125, 150, 120), (205, 208, 200), (98, 105, 95)]
    base = np.array(palette[int(rng.integers(4))], np.float32)
    grain = scene.cloud(150, 2)[..., None]
    painted = blended(scene.rgb, np.clip(base * (1 + 0.25 * grain), 0, 255), veil)
    tone = base * 0.35 if rng.random() < 0.6 else np.array([220, 222, 215], np.float32)
    return blended(painted, np.clip(tone * (1 + 0.35 * grain), 0, 255), spots), np.maximum(veil, spots)


def rot_brown(scene: Scene) -> Painted:
    """Paint soft brown decay, darker towards its middle, finely wrinkled."""
    shape = scene.shape((0.07, 0.15), rough=0.45, soft=0.10)
    wrinkles = scene.cloud(35, 3)
    folds = cv2.Sobel(cv2.GaussianBlur(wrinkles, (0, 0), 1.5), cv2.CV_32F, 1, 0)[..., None] * 90
    brown = np.array([92, 52, 28]) * scene.rng.uniform(0.6, 1.1)
    light = 0.4 + 0.6 * scene.rgb.mean(axis=2, keepdims=True) / 128
    flesh = np.clip(brown * light * (1 + 0.3 * wrinkles[..., None]) + folds, 0, 255)
    core = np.clip(1.2 - shape.distance, 0, 1)[..., None]
    return blended(scene.rgb, flesh * (1 - 0.5 * core), shape.alpha * 0.85), shape.alpha


SURFACES: dict[str, Painter] = {
    "stain_wet": stain_wet,
    "stain_ring": stain_ring,
    "stain_mud": stain_mud,
    "stain_ink": stain_ink,
    "rot_mould": rot_mould,
    "rot_brown": rot_brown,
}
