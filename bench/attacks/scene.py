"""A small ray caster: a printed package in a scene of its own light, camera and background.

It exists to photograph the same print twice, honestly: the hard negative of derivation.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from bench.attacks.cutout import background
from bench.attacks.surface import fractal_noise

__all__ = ["PACKAGES", "Hit", "Package", "photograph"]

_SUPERSAMPLING = 1.5


@dataclass(frozen=True)
class Hit:
    """Where the rays of a frame meet a package.

    Parameters
    ----------
    distance : ndarray, shape (h, w)
        Along the ray; infinite where it misses.
    u, v : ndarray, shape (h, w), 0..1
        On the print.
    normal : ndarray, shape (h, w, 3)
        In the package's frame.
    """

    distance: np.ndarray
    u: np.ndarray
    v: np.ndarray
    normal: np.ndarray


@dataclass(frozen=True)
class Package:
    """A product: a shape and its print.

    Parameters
    ----------
    cast : callable
        (origin (3,), directions (h, w, 3)) -> Hit, in the package's frame: x right, y down, z away.
    print_ : ndarray, shape (n, m, 3), uint8
    reach : float
        Radius of the sphere around the package.
    yaw : float
        Largest turn about the vertical under which the print is still worth photographing, radians.
    gloss, wrinkles : float
        Strength of highlights; strength of dents and folds, drawn anew for every photograph because
        the seller's and the buyer's are two units of one product.
    pitch : (float, float)
        From where to where the camera may look down on it, radians.
    """

    cast: Callable[[np.ndarray, np.ndarray], Hit]
    print_: np.ndarray
    reach: float
    yaw: float
    gloss: float
    wrinkles: float
    pitch: tuple[float, float] = (-0.15, 0.7)


def _box(half: np.ndarray) -> Callable[[np.ndarray, np.ndarray], Hit]:
    """Cuboid: the print's left three fifths are front and back, then the sides, then top and bottom."""

    def cast(origin: np.ndarray, directions: np.ndarray) -> Hit:
        safe = np.where(np.abs(directions) < 1e-9, 1e-9, directions)
        near = np.minimum((-half - origin) / safe, (half - origin) / safe)
        far = np.maximum((-half - origin) / safe, (half - origin) / safe)
        axis = near.argmax(axis=2)
        distance = near.max(axis=2)
        distance = np.where((distance < far.min(axis=2)) & (distance > 0), distance, np.inf)
        point = origin + np.where(np.isfinite(distance), distance, 0.0)[..., None] * safe
        flat = np.clip((point / half + 1) / 2, 0, 1)
        u = np.choose(axis, [0.62 + 0.18 * flat[..., 2], 0.82 + 0.18 * flat[..., 0], 0.6 * flat[..., 0]])
        v = np.choose(axis, [flat[..., 1], flat[..., 2], flat[..., 1]])
        normal = np.zeros_like(directions)
        np.put_along_axis(normal, axis[..., None], -np.sign(np.take_along_axis(safe, axis[..., None], 2)), 2)
        return Hit(distance, u, v, normal)

    return cast


def _cylinder(radius: float, half: float) -> Callable[[np.ndarray, np.ndarray], Hit]:
    """Can or jar: the print runs around it; lid and bottom take the print's right rim."""

    def cast(origin: np.ndarray, directions: np.ndarray) -> Hit:
        dx, dy, dz = np.moveaxis(directions, 2, 0)
        a = dx**2 + dz**2 + 1e-12
        b = origin[0] * dx + origin[2] * dz
        root = b**2 - a * (origin[0] ** 2 + origin[2] ** 2 - radius**2)
        side = np.where(root > 0, (-b - np.sqrt(np.maximum(root, 0))) / a, np.inf)
        finite = np.where(np.isfinite(side), side, 0.0)
        y = origin[1] + finite * dy
        side = np.where((np.abs(y) <= half) & (side > 0), side, np.inf)
        lid_y = -half if origin[1] < 0 else half
        lid = (lid_y - origin[1]) / np.where(np.abs(dy) < 1e-9, 1e-9, dy)
        lx, lz = origin[0] + lid * dx, origin[2] + lid * dz
        lid = np.where((lx**2 + lz**2 <= radius**2) & (lid > 0), lid, np.inf)
        x, z = origin[0] + finite * dx, origin[2] + finite * dz
        on_side = side <= lid
        turn = np.arctan2(x, -z) / (2 * np.pi) + 0.5
        u = np.where(on_side, 0.96 * turn, 0.985)
        v = np.where(on_side, (y / half + 1) / 2, 0.5)
        lid_normal = np.zeros_like(directions)
        lid_normal[..., 1] = np.sign(lid_y)
        normal = np.where(on_side[..., None], np.stack([x, np.zeros_like(x), z], axis=2) / radius, lid_normal)
        return Hit(np.minimum(side, lid), np.clip(u, 0, 1), np.clip(v, 0, 1), normal)

    return cast


def _sheet(half: np.ndarray, bulge: float) -> Callable[[np.ndarray, np.ndarray], Hit]:
    """Flat package or filled pouch: a rectangle, its normals bulging outwards by `bulge`."""

    def cast(origin: np.ndarray, directions: np.ndarray) -> Hit:
        dz = np.where(np.abs(directions[..., 2]) < 1e-9, 1e-9, directions[..., 2])
        distance = -origin[2] / dz
        x = (origin[0] + distance * directions[..., 0]) / half[0]
        y = (origin[1] + distance * directions[..., 1]) / half[1]
        inside = (np.abs(x) <= 1) & (np.abs(y) <= 1) & (distance > 0)
        pinch = 1 + 0.04 * bulge * (x**2 + y**2)  # a filled pouch pulls its print towards the middle
        normal = np.stack([bulge * x**3, bulge * y**3, -np.ones_like(x)], axis=2)
        normal /= np.linalg.norm(normal, axis=2, keepdims=True)
        u, v = np.clip((x * pinch + 1) / 2, 0, 1), np.clip((y * pinch + 1) / 2, 0, 1)
        return Hit(np.where(inside, distance, np.inf), u, v, normal)

    return cast


def _fit(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """Cut the middle of an image to the proportions of (width, height) and resize."""
    h, w = image.shape[:2]
    factor = min(w / width, h / height)
    cw, ch = max(1, round(width * factor)), max(1, round(height * factor))
    part = image[(h - ch) // 2 : (h - ch) // 2 + ch, (w - cw) // 2 : (w - cw) // 2 + cw]
    return np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _plain(artwork: np.ndarray, rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Print a plain face in a colour of the artwork with a few lines of small print."""
    pixels = artwork.reshape(-1, 3)
    colour = pixels[int(rng.integers(0, len(pixels)))].astype(np.float32)
    face = np.empty((*shape, 3), np.float32)
    face[:] = colour
    ink = 255.0 - colour if abs(float(colour.mean()) - 128) > 40 else np.full(3, 240.0, np.float32)
    for row in range(shape[0] // 8, shape[0] - shape[0] // 8, max(6, shape[0] // 24)):
        x = shape[1] // 8
        while x < shape[1] * 7 // 8:
            word = int(rng.integers(2, 12))
            if rng.random() < 0.8:
                face[row : row + max(2, shape[0] // 60), x : x + word] = ink
            x += word + 3
    return face.astype(np.uint8)


def _carton(artwork: np.ndarray, rng: np.random.Generator) -> Package:
    half = np.array([rng.uniform(0.5, 0.9), rng.uniform(0.6, 1.0), rng.uniform(0.15, 0.6)])
    height = 720
    front = _fit(artwork, round(height * half[0] / half[1]), height)
    print_ = np.zeros((height, round(front.shape[1] / 0.6), 3), np.uint8)
    total = print_.shape[1]
    print_[:, : front.shape[1]] = front
    print_[:, front.shape[1] :] = _plain(artwork, rng, (height, total - front.shape[1]))
    return Package(
        _box(half), print_, float(np.linalg.norm(half)), 0.9, rng.uniform(0, 0.4), rng.uniform(0, 0.25)
    )


def _can(artwork: np.ndarray, rng: np.random.Generator) -> Package:
    radius, half = rng.uniform(0.4, 0.65), rng.uniform(0.6, 1.0)
    around = round(720 * np.pi * radius / half)
    label = _fit(artwork, round(around * rng.uniform(0.4, 0.6)), 720)
    print_ = _plain(artwork, rng, (720, around))
    left = (around - label.shape[1]) // 2
    print_[:, left : left + label.shape[1]] = label
    return Package(
        _cylinder(radius, half), print_, float(np.hypot(radius, half)), 0.7, rng.uniform(0.2, 0.8), 0.05
    )


def _pouch(artwork: np.ndarray, rng: np.random.Generator) -> Package:
    half = np.array([rng.uniform(0.6, 1.0), rng.uniform(0.7, 1.0)])
    print_ = _fit(artwork, round(800 * half[0] / half[1]), 800)
    return Package(
        _sheet(half, rng.uniform(0.5, 1.4)),
        print_,
        float(np.linalg.norm(half)),
        0.6,
        rng.uniform(0.3, 1.0),
        rng.uniform(0.5, 1.0),
    )


def _flat(artwork: np.ndarray, rng: np.random.Generator) -> Package:
    half = np.array([rng.uniform(0.6, 1.0), rng.uniform(0.7, 1.0)])
    print_ = _fit(artwork, round(800 * half[0] / half[1]), 800)
    return Package(
        _sheet(half, 0.0),
        print_,
        float(np.linalg.norm(half)),
        0.7,
        rng.uniform(0, 0.5),
        rng.uniform(0.0, 0.15),
    )


PACKAGES: dict[str, Callable[[np.ndarray, np.random.Generator], Package]] = {
    "carton": _carton,
    "can": _can,
    "pouch": _pouch,
    "flat": _flat,
}


def _rotation(yaw: float, pitch: float, roll: float) -> np.ndarray:
    cy, sy, cp, sp, cr, sr = (
        np.cos(yaw),
        np.sin(yaw),
        np.cos(pitch),
        np.sin(pitch),
        np.cos(roll),
        np.sin(roll),
    )
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    turned: np.ndarray = about_z @ about_x @ about_y
    return turned


def _shade(
    hit: Hit, rotation: np.ndarray, package: Package, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Diffuse factor and highlight of every pixel, (h, w) each, light and wrinkles drawn anew."""
    shape = hit.distance.shape
    normal = hit.normal @ rotation.T
    cell = max(shape) / rng.uniform(4, 12)
    folds = cv2.GaussianBlur(fractal_noise(shape, rng, cell, 4, 0.55), (0, 0), 1.5)
    steep = package.wrinkles * 14 * max(shape) / 900
    normal[..., 0] += steep * cv2.Sobel(folds, cv2.CV_32F, 1, 0)
    normal[..., 1] += steep * cv2.Sobel(folds, cv2.CV_32F, 0, 1)
    normal /= np.linalg.norm(normal, axis=2, keepdims=True) + 1e-9
    light = np.array([rng.normal(0, 0.7), rng.normal(-0.6, 0.5), -1.0], np.float32)
    light /= np.linalg.norm(light)
    ambient = rng.uniform(0.35, 0.65)
    diffuse = ambient + (1.15 - ambient) * np.clip(normal @ light, 0, 1)
    halfway = light + np.array([0.0, 0.0, -1.0], np.float32)
    halfway /= np.linalg.norm(halfway)
    shine = package.gloss * rng.uniform(0.4, 1.0) * np.clip(normal @ halfway, 0, 1) ** rng.uniform(20, 90)
    return diffuse.astype(np.float32), shine.astype(np.float32)


def _sampled(package: Package, hit: Hit) -> np.ndarray:
    """Look the print up, filtered for its size in the frame, shape (h, w, 3), float32."""
    seen = np.isfinite(hit.distance)
    texels = package.print_.shape[0] * float(np.ptp(hit.v[seen])) if seen.any() else 1.0
    rows = max(float(seen.any(axis=1).sum()), 1.0)
    blur = max(0.0, texels / rows - 1.0) * 0.5
    source = cv2.GaussianBlur(package.print_, (0, 0), blur) if blur > 0.3 else package.print_
    x = (hit.u * (source.shape[1] - 1)).astype(np.float32)
    y = (hit.v * (source.shape[0] - 1)).astype(np.float32)
    return np.asarray(cv2.remap(source, x, y, cv2.INTER_LINEAR), np.float32)


def photograph(
    package: Package,
    rng: np.random.Generator,
    other: np.ndarray | None,
    size: tuple[int, int],
    *,
    fill: float,
) -> np.ndarray:
    """Take one photograph of a package.

    Parameters
    ----------
    other : ndarray, shape (h, w, 3), uint8 or None
        Material for the background; a studio's sweep when None.
    size : (width, height)
    fill : float
        About which part of the short side the package takes, 0..1.

    Returns
    -------
    ndarray, shape (height, width, 3), uint8
        With lens blur, noise and the camera's tones; not yet encoded.
    """
    width, height = round(size[0] * _SUPERSAMPLING), round(size[1] * _SUPERSAMPLING)
    focal = rng.uniform(1.0, 2.2) * max(width, height)
    rotation = _rotation(
        rng.uniform(-package.yaw, package.yaw), rng.uniform(*package.pitch), rng.normal(0, 0.12)
    )
    away = focal * 1.45 * package.reach / (fill * min(width, height))
    offset = rng.uniform(-0.5, 0.5, 2) * (1 - fill) * np.array([width, height])
    columns = (np.arange(width, dtype=np.float32) - width / 2 - offset[0]) / focal
    lines = (np.arange(height, dtype=np.float32) - height / 2 - offset[1]) / focal
    rays = np.ones((height, width, 3), np.float32)
    rays[..., 0], rays[..., 1] = columns[None, :], lines[:, None]
    turn = rotation.astype(np.float32)
    hit = package.cast((turn.T @ np.array([0.0, 0.0, -away])).astype(np.float32), rays @ turn)
    seen = np.isfinite(hit.distance).astype(np.float32)
    diffuse, shine = _shade(hit, turn, package, rng)
    colour = _sampled(package, hit) * diffuse[..., None] + 255.0 * shine[..., None]
    ground = background(rng, (width, height), other).astype(np.float32)
    reach = 0.03 * max(width, height)
    shadow = np.roll(
        cv2.GaussianBlur(seen, (0, 0), reach), (round(reach), round(reach * rng.normal(0, 0.5))), (0, 1)
    )
    ground *= 1 - rng.uniform(0.2, 0.6) * shadow[..., None]
    cover = cv2.GaussianBlur(seen, (0, 0), 0.7)[..., None]
    return _camera(colour * cover + ground * (1 - cover), size, rng)


def _camera(image: np.ndarray, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Lens, sensor and tones of one phone, drawn anew."""
    image = cv2.resize(image, size, interpolation=cv2.INTER_AREA) / 255.0
    image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.0))
    gain = rng.uniform(0.8, 1.15) * np.exp(rng.normal(0, 0.05, 3)).astype(np.float32)
    image = np.clip(image * gain, 0, 1) ** rng.uniform(0.85, 1.2)
    image = image + rng.normal(0, rng.uniform(0.004, 0.022), image.shape)
    sharp = cv2.GaussianBlur(image, (0, 0), 1.2)
    image = image + (image - sharp) * rng.uniform(0, 0.7)
    return np.asarray(np.clip(image * 255, 0, 255), np.uint8)
