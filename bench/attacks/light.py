"""Deliveries that change tones and sharpness but no geometry: light, camera processing, filters."""

import cv2
import numpy as np

from bench.attacks.parcel import Parcel
from bench.attacks.surface import fractal_noise

__all__ = ["relight"]


def _tones(image: np.ndarray, rng: np.random.Generator, strength: float) -> np.ndarray:
    """Gamma, gain, contrast, white balance; image 0..1."""
    image = np.clip(image, 0, 1) ** float(np.exp(rng.uniform(-0.45, 0.45) * strength))
    gain = np.exp(rng.uniform(-0.28, 0.22) * strength)
    balance = np.exp(rng.normal(0, 0.07 * strength, 3)).astype(np.float32)
    contrast = 1 + rng.uniform(-0.28, 0.28) * strength
    toned: np.ndarray = ((image * gain * balance) - 0.5) * contrast + 0.5
    return toned


def _field(shape: tuple[int, int], rng: np.random.Generator, strength: float) -> np.ndarray:
    """Draw uneven light, a factor of shape (h, w, 1): gradient, vignette, glow of a lamp or soft shadow."""
    height, width = shape
    ys, xs = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    choice = rng.integers(0, 4)
    if choice == 0:
        angle = rng.uniform(0, 2 * np.pi)
        field = 1 + rng.uniform(0.1, 0.45) * strength * (np.cos(angle) * xs + np.sin(angle) * ys)
    elif choice == 1:
        field = 1 - rng.uniform(0.1, 0.4) * strength * (xs**2 + ys**2) / 2
    elif choice == 2:
        x, y = rng.uniform(-0.9, 0.9, 2)
        field = 1 + rng.uniform(0.1, 0.5) * strength * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / 0.5)
    else:
        cloud = cv2.GaussianBlur(fractal_noise(shape, rng, max(shape), 2), (0, 0), max(shape) / 20)
        field = 1 - rng.uniform(0.1, 0.4) * strength * cloud
    return np.asarray(field, np.float32)[..., None]


def relight(parcel: Parcel, rng: np.random.Generator, strength: float = 1.0) -> Parcel:
    """Change light, colour and sharpness; `strength` 1 is as strong as a phone's filters go."""
    image = parcel.rgb.astype(np.float32) / 255.0
    if rng.random() < 0.85:
        image = _tones(image, rng, strength)
    if rng.random() < 0.55:
        image = image * _field(parcel.shape, rng, strength)
    if rng.random() < 0.5:
        grey = image.mean(axis=2, keepdims=True)
        image = grey + (image - grey) * np.exp(rng.uniform(-0.6, 0.45) * strength)
    choice = rng.random()
    unit = max(parcel.shape) / 640.0
    if choice < 0.2:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.1) * max(unit, 0.6) * strength + 1e-3)
    elif choice < 0.4:
        smooth = cv2.GaussianBlur(image, (0, 0), 1.2 * max(unit, 0.6))
        image = image + (image - smooth) * rng.uniform(0.2, 1.0) * strength
    if rng.random() < 0.35:
        sigma = rng.uniform(1, 7) * strength / 255.0
        image = image + rng.normal(0, sigma, (*parcel.shape, 1 if rng.random() < 0.5 else 3)).astype(
            np.float32
        )
    return parcel.with_pixels(image * 255.0)
