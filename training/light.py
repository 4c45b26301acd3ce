"""Light, sharpness and compression as deliveries change them, and the imperfect undoing of the light.

Everything takes a numpy random generator and pictures of shape (h, w, 3), uint8 or float32 in grey levels.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["compressed", "fitted_light", "relit", "repainted", "smooth_field", "softened"]

Image = NDArray[np.float32]
Bytes = NDArray[np.uint8]


def smooth_field(shape: tuple[int, int], rng: np.random.Generator, cells: float) -> Image:
    """Draw a smooth field of standard deviation about 1; `cells` is how many bumps fit along a side."""
    count = max(2, round(cells) + 2)
    coarse = rng.normal(0, 1, (count, count)).astype(np.float32)
    return cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)


def relit(picture: Bytes, rng: np.random.Generator) -> Image:
    """Change gamma, gain, white balance, contrast, saturation, vignette and gradient; clipped to 0..255."""
    strength = float(rng.choice([0.0, 0.4, 1.0], p=[0.25, 0.4, 0.35]))
    if strength == 0.0:
        return picture.astype(np.float32)
    tone = np.linspace(0, 1, 256) ** np.exp(rng.normal(0, 0.22 * strength)) * 255.0
    tone = tone * np.exp(rng.normal(0, 0.14 * strength))
    tone = tone[:, None] * np.exp(rng.normal(0, 0.07 * strength, 3))
    middle = float(rng.uniform(90, 150))
    tone = (tone - middle) * np.exp(rng.normal(0, 0.14 * strength)) + middle + rng.normal(0, 8 * strength)
    out = cv2.LUT(picture, tone.astype(np.float32)[None])
    saturation = float(np.exp(rng.normal(0, 0.22 * strength)))
    mix = saturation * np.eye(3) + (1 - saturation) / 3
    out = cv2.transform(out, mix.astype(np.float32))
    if rng.random() < 0.5:
        gain = np.exp(0.1 * strength * smooth_field(out.shape[:2], rng, rng.uniform(0, 3)))
        out = cv2.multiply(out, cv2.merge([gain] * 3))
    return np.clip(out, 0, 255)


def softened(picture: Image, rng: np.random.Generator) -> Image:
    """Blur, sharpen or add noise, as cameras, phones and messengers do."""
    choice = rng.random()
    out = picture.astype(np.float32)
    if choice < 0.25:
        out = cv2.GaussianBlur(out, (0, 0), float(rng.uniform(0.4, 1.5)))
    elif choice < 0.40:
        sharp = cv2.GaussianBlur(out, (0, 0), float(rng.uniform(0.7, 1.6)))
        out = out + float(rng.uniform(0.3, 1.3)) * (out - sharp)
    if rng.random() < 0.35:
        noise = rng.normal(0, rng.uniform(1, 7), (*out.shape[:2], 1 if rng.random() < 0.5 else 3))
        noise = noise.astype(np.float32)
        if rng.random() < 0.5:
            noise = cv2.GaussianBlur(noise, (0, 0), 0.7).reshape(noise.shape) * 1.7
        out = out + noise
    return np.clip(out, 0, 255)


def compressed(picture: Bytes, rng: np.random.Generator, low: int = 40) -> Bytes:
    """Pass a picture through JPEG (4:2:0 or 4:4:4) or, sometimes, WebP."""
    quality = int(np.clip(rng.triangular(low, 82, 97), low, 97))
    if rng.random() < 0.12:
        flags = [cv2.IMWRITE_WEBP_QUALITY, quality]
        kind = ".webp"
    else:
        full = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
        sampling = full if rng.random() < 0.3 else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
        flags = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
        kind = ".jpg"
    done, data = cv2.imencode(kind, picture, flags)
    assert done
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def repainted(picture: Bytes, rng: np.random.Generator) -> Bytes:
    """Rewrite fine texture everywhere, a cheap stand-in for an editor that regenerates the whole frame."""
    choice = rng.integers(0, 5)
    if choice == 0:
        return cv2.bilateralFilter(picture, 5, float(rng.uniform(10, 35)), float(rng.uniform(1, 3)))
    if choice == 1:
        return cv2.medianBlur(picture, 3)
    if choice == 2:
        band = rng.normal(0, 1, picture.shape[:2]).astype(np.float32)
        band = cv2.GaussianBlur(band, (0, 0), 0.8) - cv2.GaussianBlur(
            band, (0, 0), float(rng.uniform(1.5, 3))
        )
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
        activity = cv2.GaussianBlur(np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 2)), (0, 0), 3)
        amount = float(rng.uniform(1.0, 4.0)) * (2 + activity)
        return np.clip(picture + (amount * band)[..., None], 0, 255).astype(np.uint8)
    if choice == 3:
        smooth = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.6, 1.2))).astype(np.float32)
        sharp = smooth + float(rng.uniform(0.8, 2.0)) * (smooth - cv2.GaussianBlur(smooth, (0, 0), 1.5))
        return np.clip(sharp, 0, 255).astype(np.uint8)
    size = (max(8, round(picture.shape[1] * 0.6)), max(8, round(picture.shape[0] * 0.6)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)


def fitted_light(known: Image, exhibit: Image, trusted: NDArray[np.bool_], rng: np.random.Generator) -> Image:
    """Give the known picture the exhibit's light as an estimate would: colours, then a smooth gain.

    `trusted` is where the estimate looks. What is left over is what examination will meet.
    """
    step = 4
    here, there, use = (picture[::step, ::step] for picture in (known, exhibit, trusted))
    if np.count_nonzero(use) < 60:
        use = np.ones_like(use)
    squares = rng.random() < 0.7
    source, target = _terms(here[use], squares), there[use].astype(np.float64)
    identity = np.zeros((source.shape[1], 3))
    identity[1:4] = 255.0 * np.eye(3)
    ridge = 0.003 * len(source) * np.eye(source.shape[1])
    weights, matrix = np.ones(len(source)), identity
    for _ in range(2):
        scaled = source * weights[:, None]
        step_from = scaled.T @ (target - source @ identity)
        matrix = identity + np.linalg.solve(scaled.T @ source + ridge, step_from)
        error = np.abs(target - source @ matrix).max(axis=1)
        weights = 1.0 / (1.0 + (error / 10.0) ** 2)
    out = (_terms(known.reshape(-1, 3), squares) @ matrix.astype(np.float32)).reshape(known.shape)
    if rng.random() < 0.8:
        out = cv2.multiply(
            out, cv2.merge([_smooth_gain(exhibit, out, trusted, float(rng.uniform(24, 60)))] * 3)
        )
    if rng.random() < 0.6:
        gain = np.exp(0.03 * smooth_field(out.shape[:2], rng, rng.uniform(0, 4)))
        out = cv2.multiply(out, cv2.merge([gain] * 3)) + rng.normal(0, 1.5, 3).astype(np.float32)
    return np.clip(out, 0, 255)


def _smooth_gain(exhibit: Image, known: Image, trusted: NDArray[np.bool_], reach: float) -> Image:
    """Ratio of local brightness, `reach` pixels wide."""
    size = (exhibit.shape[1] // 8, exhibit.shape[0] // 8)
    weight = trusted.astype(np.float32) + 0.02
    sums = [weight, *(weight * cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (exhibit, known))]
    small = [
        cv2.GaussianBlur(cv2.resize(p, size, interpolation=cv2.INTER_AREA), (0, 0), reach / 8) for p in sums
    ]
    gain = np.clip((small[1] + 8 * small[0]) / (small[2] + 8 * small[0]), 0.6, 1.6)
    return cv2.resize(gain, exhibit.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _terms(colours: Image, squares: bool) -> Image:
    """Return 1, the channels in 0..1 and, if asked for, their squares, shape (n, 4 or 7)."""
    unit = colours / 255.0
    parts = [np.ones((len(unit), 1), np.float32), unit, *([unit * unit] if squares else [])]
    return np.concatenate(parts, axis=1).astype(np.float32)
