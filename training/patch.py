"""The part of a photo around one damage, and the brushes that all damage of the training is painted with."""

import cv2
import numpy as np
from bench.attacks.surface import fractal_noise, smoothstep
from numpy.typing import NDArray

__all__ = ["Floats", "Patch", "moved", "soft"]

Floats = NDArray[np.float32]

# Coffee, tea, wine, blood, inks, dyes, sauces, mud, soot, grass, paints, cosmetics.
_LIQUIDS = (
    (112, 70, 38),
    (176, 128, 66),
    (104, 18, 48),
    (112, 10, 12),
    (165, 14, 18),
    (214, 18, 36),
    (26, 36, 128),
    (22, 70, 205),
    (20, 20, 26),
    (20, 128, 66),
    (40, 165, 190),
    (122, 36, 150),
    (232, 176, 18),
    (196, 52, 18),
    (92, 70, 46),
    (38, 34, 31),
    (88, 122, 36),
    (240, 240, 232),
    (222, 82, 128),
    (150, 138, 96),
)


def soft(distance: Floats, width: float) -> Floats:
    """Turn a signed distance in pixels into coverage: an outline that fades over `width` pixels."""
    covered: Floats = smoothstep(-width / 2, width / 2, distance)
    return covered


def moved(picture: Floats, across: float, down: float) -> Floats:
    """Shift a picture by fractions of a pixel."""
    matrix = np.array([[1, 0, across], [0, 1, down]], np.float64)
    size = picture.shape[1], picture.shape[0]
    shifted: Floats = cv2.warpAffine(picture, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    return shifted


class Patch:
    """The part of a photo around one damage, and the means to paint on it.

    Parameters
    ----------
    whole : ndarray, shape (h, w, 3), float32, 0..255
        The photo; it stays as it is.
    donor : ndarray, shape (n, m, 3), float32, 0..255
        Another photo, seen through holes.
    rng : numpy.random.Generator
    centre : (x, y)
        Of the damage, in the photo.
    radius : float
        Of the damage, in pixels.
    """

    def __init__(
        self,
        whole: Floats,
        donor: Floats,
        rng: np.random.Generator,
        centre: tuple[float, float],
        radius: float,
    ) -> None:
        self.whole, self.donor, self.rng, self.centre, self.radius = whole, donor, rng, centre, radius
        height, width = self.whole.shape[:2]
        reach = self.radius * 1.6 + 6
        left, top = (max(0, int(value - reach)) for value in self.centre)
        right = min(width, int(self.centre[0] + reach) + 1)
        bottom = min(height, int(self.centre[1] + reach) + 1)
        self.box = slice(top, bottom), slice(left, right)
        self.rgb: Floats = self.whole[self.box].copy()
        self.covered: Floats = np.zeros(self.rgb.shape[:2], np.float32)
        self.x: Floats = np.arange(left, right, dtype=np.float32)[None, :] - np.float32(self.centre[0])
        self.y: Floats = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(self.centre[1])
        angle = self.rng.uniform(-np.pi, np.pi)
        self.light = float(np.cos(angle)), float(np.sin(angle))
        self.unit = max(height, width) / 640.0
        near = np.hypot(self.x, self.y) <= self.radius + 2
        self.tone = float(self.rgb[near].mean()) if near.any() else float(self.rgb.mean())

    def noise(self, cell: float, octaves: int = 4) -> Floats:
        """Fractal noise 0..1 over the patch; `cell` in pixels."""
        height, width = self.covered.shape
        made: Floats = fractal_noise((height, width), self.rng, max(cell, 1.0), octaves)
        return made

    def streaks(self, angle: float, cell: float, stretch: float) -> Floats:
        """Noise 0..1 drawn out `stretch` times along `angle`."""
        height, width = self.covered.shape
        side = int(np.hypot(height, width)) + 2
        source = fractal_noise((side, int(side / stretch) + 2), self.rng, max(cell, 1.0), 3)
        cosine, sine = np.cos(angle), np.sin(angle)
        matrix = np.array(
            [[cosine / stretch, sine / stretch, side / stretch / 3], [-sine, cosine, side / 3]], np.float64
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        made: Floats = cv2.warpAffine(
            source, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT
        )
        return made

    def grain(self) -> Floats:
        """Return factors around 1, shape (h, w, 1), for a fresh surface: even, cloudy or rough."""
        cell = np.exp(self.rng.uniform(np.log(2 * self.unit + 1), np.log(self.radius + 4)))
        depth = np.float32(self.rng.uniform(0, 0.6))
        return (1 + depth * (self.noise(cell, 5) - np.float32(0.6)))[..., None]

    def signed(self, level: Floats) -> Floats:
        """Distance in pixels from where `level` crosses zero, positive where it is above."""
        inside = (level > 0).astype(np.uint8)
        distance = cv2.distanceTransform(inside, cv2.DIST_L2, 3)
        distance = distance - cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3)
        smooth: Floats = cv2.GaussianBlur(np.clip(distance, -2e3, 2e3), (0, 0), 0.6)
        return smooth

    def level(self, roughness: float, stretch: float = 1.0, *, jagged: bool = False) -> Floats:
        """Draw a closed shape around the centre, about `radius` wide: above zero inside."""
        angle = self.rng.uniform(0, np.pi)
        cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        longer = min(np.sqrt(stretch), 1.3)
        along = (self.x * cosine + self.y * sine) / np.float32(longer)
        across = (self.y * cosine - self.x * sine) * np.float32(stretch / longer)
        distance, turn = cv2.cartToPolar(along, across)
        steps = np.linspace(0, 2 * np.pi, 721)
        if jagged:
            knots = self.rng.uniform(1 - roughness, 1 + roughness * 0.4, int(self.rng.integers(6, 22)))
            places = np.sort(self.rng.uniform(0, 2 * np.pi, len(knots)))
            profile = np.interp(steps, places, knots, period=2 * np.pi)
        else:
            profile = np.ones_like(steps)
            for lobes in range(2, 7):
                swing = self.rng.normal(0, roughness * 0.6 / lobes)
                profile += swing * np.cos(lobes * steps + self.rng.uniform(0, 2 * np.pi))
        rim = profile.astype(np.float32)[(turn * np.float32(720 / (2 * np.pi))).astype(np.int32)]
        shape: Floats = np.float32(self.radius) * (rim - np.float32(0.1)) - distance
        if not jagged:
            shape += np.float32(self.radius * roughness) * (self.noise(self.radius * 0.5) - np.float32(0.5))
        return shape

    def outline(self, roughness: float, stretch: float = 1.0, *, jagged: bool = False) -> Floats:
        """Signed distance in pixels from a closed shape around the centre (see `level`)."""
        return self.signed(self.level(roughness, stretch, jagged=jagged))

    def colour(self, base: tuple[float, ...]) -> Floats:
        """Vary a colour and, mostly, light it as bright as its surroundings."""
        varied = np.array(base) * self.rng.uniform(0.8, 1.2) + self.rng.normal(0, 8, 3)
        if self.rng.random() < 0.7:
            varied *= np.clip(0.4 + self.tone / 230, 0.5, 1.2)
        return np.clip(varied, 0, 255).astype(np.float32)

    def liquid(self) -> Floats:
        """Pick the colour of a stain, at times an odd one."""
        if self.rng.random() < 0.15:
            return self.rng.uniform(0, 255, 3).astype(np.float32)
        return self.colour(_LIQUIDS[int(self.rng.integers(len(_LIQUIDS)))])

    def paint(self, alpha: Floats, colour: Floats) -> None:
        """Cover with a colour or a picture."""
        self.rgb += alpha[..., None] * (colour - self.rgb)
        np.maximum(self.covered, alpha, out=self.covered)

    def soak(self, alpha: Floats, colour: Floats, body: float = 0.0) -> None:
        """Tint as a liquid does: the photo's texture shows through, less so with more `body` (0..1)."""
        passing = colour / np.float32(255)
        soaked = self.rgb * passing
        soaked += np.float32(body) * (colour - soaked)
        self.paint(alpha, soaked)

    def fading(self) -> Floats:
        """Return 1 over the damage, falling to 0 where the patch ends: no straight border may show."""
        room = np.float32(self.radius * 1.6 + 5) - np.hypot(self.x, self.y)
        faded: Floats = np.clip(room / np.float32(self.radius * 0.25 + 3), 0, 1)
        return faded

    def shade(self, amount: Floats, where: Floats) -> None:
        """Brighten (positive) or darken by a share of the light that falls here."""
        change = np.clip(amount, -0.95, 2.0)[..., None]
        self.rgb += change * np.where(change > 0, self.rgb * np.float32(0.6) + np.float32(45), self.rgb)
        np.maximum(self.covered, where, out=self.covered)

    def relief(self, height: Floats, strength: float) -> Floats:
        """Return how a height field is lit: up to `strength` where it faces the light, negative behind."""
        across = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=0.125)
        down = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=0.125)
        lit: Floats = -(across * np.float32(self.light[0]) + down * np.float32(self.light[1]))
        return lit * np.float32(strength / max(float(np.abs(lit).max()), 1e-4))

    def scatter(self, count: int, size: tuple[float, float], spread: float) -> Floats:
        """Dots 0..1 around the centre; sizes as shares of the radius."""
        canvas = np.zeros(self.covered.shape, np.uint8)
        origin = np.array([self.x[0, 0], self.y[0, 0]])
        for _ in range(count):
            place = self.rng.normal(0, self.radius * spread, 2) - origin
            dot = max(0.7, self.radius * np.exp(self.rng.uniform(np.log(size[0]), np.log(size[1]))))
            axes = round(dot * 16), round(dot * 16 * self.rng.uniform(0.6, 1.0))
            spot = np.round(place * 16).astype(int).tolist()
            cv2.ellipse(canvas, spot, axes, self.rng.uniform(0, 180), 0, 360, 255, cv2.FILLED, cv2.LINE_AA, 4)
        return canvas.astype(np.float32) / np.float32(255)

    def walk(self, start: NDArray[np.float64], heading: float, length: float, wobble: float) -> Floats:
        """Return a path (n, 2) of straight pieces that strays from `heading` and comes back to it."""
        count = int(np.clip(length / (4 * self.unit), 4, 40))
        stray = self.rng.normal(0, wobble, count)
        turns = heading + stray * self.rng.choice([0.4, 1, 2.2], count)
        pieces = np.stack([np.cos(turns), np.sin(turns)], axis=1) * self.rng.uniform(0.4, 1.6, (count, 1))
        path = np.concatenate([[start], start + np.cumsum(pieces, axis=0) * (length / count)])
        return path.astype(np.float32)

    def ribbon(self, canvas: NDArray[np.uint8], path: Floats, width: float, level: int = 255) -> None:
        """Draw a path with a width that swells, shrinks and runs out at its end."""
        along = np.gradient(path, axis=0)
        normal = along[:, ::-1] * [-1, 1] / (np.linalg.norm(along, axis=1, keepdims=True) + 1e-6)
        taper = np.minimum(1, np.linspace(2.5, 0.05, len(path)))
        half = (width * 0.5 * taper * self.rng.uniform(0.5, 1.4, len(path)))[:, None]
        sides = np.concatenate([path + normal * half, (path - normal * half)[::-1]])
        points = np.round((sides - [self.x[0, 0], self.y[0, 0]]) * 16).astype(np.int32)
        cv2.fillPoly(canvas, [points], level, cv2.LINE_AA, 4)

    def within(self) -> Floats:
        """Return what is seen inside an opening: darkness, another texture, or plain stuffing."""
        rng = self.rng
        height, width = self.covered.shape
        kind = rng.random()
        if kind < 0.4:
            dark = rng.uniform(4, 55) + rng.normal(0, 5, 3)
            return np.clip(dark * (0.6 + self.noise(self.radius, 3)[..., None]), 0, 255).astype(np.float32)
        if kind < 0.7:
            zoom = rng.uniform(0.4, 1)
            tall, wide = (
                max(2, int(min(n * zoom, m))) for n, m in zip((height, width), self.donor.shape, strict=False)
            )
            top, left = (
                int(rng.integers(m - n + 1)) for n, m in zip((tall, wide), self.donor.shape, strict=False)
            )
            seen: Floats = cv2.resize(self.donor[top : top + tall, left : left + wide], (width, height))
            return seen * np.float32(rng.uniform(0.3, 0.9))
        plain = [(215, 205, 185), (150, 118, 80), (186, 186, 190), (120, 60, 48), (240, 238, 230)]
        return self.colour(plain[int(rng.integers(5))]) * self.grain()

    def opened(self, edge: Floats, inside: Floats) -> None:
        """Replace what `edge` (signed distance) encloses, shadowed by the rim."""
        alpha = soft(edge, self.rng.choice([1.2, 1.2, 2.5, max(2.0, self.radius * 0.15)]))
        thick = self.radius * self.rng.uniform(0.03, 0.3)
        shadow = alpha - np.minimum(alpha, moved(alpha, -self.light[0] * thick, -self.light[1] * thick))
        shadow = cv2.GaussianBlur(shadow, (0, 0), max(0.7, thick * 0.4))
        shadow *= np.float32(self.rng.uniform(0.3, 0.9))
        self.paint(alpha, inside * (1 - shadow[..., None]))
