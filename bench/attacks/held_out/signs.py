"""Stickers by the held-out painter: a face, a star that says SALE, a heart, a speech bubble."""

import numpy as np

from bench.attacks.held_out.layer import Layer, colour_of
from bench.attacks.lettering import chinese, latin

__all__ = ["sticker"]

_DARK = (60, 40, 20)
_WHITE = (255, 255, 255)


def _face(layer: Layer) -> None:
    thin, thick = max(1, int(layer.radius * 0.04)), max(1, int(layer.radius * 0.07))
    head = layer.box(-0.6, -0.6, 0.6, 0.6)
    layer.pen.ellipse(head, fill=(255, 205, 60, 255), outline=(200, 140, 20, 255), width=thin)
    for left in (-0.3, 0.12):
        layer.pen.ellipse(layer.box(left, -0.25, left + 0.18, 0), fill=(*_DARK, 255))
    layer.pen.arc(layer.box(-0.35, -0.2, 0.35, 0.4), 20, 160, fill=(*_DARK, 255), width=thick)


def _star(layer: Layer) -> None:
    turns = np.arange(24) * np.pi / 12
    reach = np.where(np.arange(24) % 2, 0.7, 0.7 * 0.62)[:, None]
    layer.polygon(layer.centre + layer.radius * reach * np.stack([np.cos(turns), np.sin(turns)], axis=1))
    layer.stamp(latin("SALE", max(8, int(layer.radius * 0.3))), layer.centre, _WHITE)


def _heart(layer: Layer) -> None:
    turns = np.linspace(0, 2 * np.pi, 80)
    across = 16 * np.sin(turns) ** 3
    up = 13 * np.cos(turns) - 5 * np.cos(2 * turns) - 2 * np.cos(3 * turns) - np.cos(4 * turns)
    outline = layer.centre + layer.radius * 0.045 * np.stack([across, -up], axis=1)
    layer.polygon(outline, (230, 50, 80))
    layer.line(outline, layer.radius * 0.04, _WHITE)


def _bubble(layer: Layer) -> None:
    layer.pen.rounded_rectangle(
        layer.box(-0.9, -0.3, 0.9, 0.3), int(layer.radius * 0.3), fill=(*layer.ink, 255)
    )
    tail = np.array([[-0.2, 0.28], [0.1, 0.28], [-0.2, 0.6]])
    layer.polygon(layer.centre + layer.radius * tail)
    words = chinese("坏了", max(8, int(layer.radius * 0.34)), 0.1)
    layer.stamp(words, layer.centre, colour_of(layer.rng, "grey"))


_SIGNS = (_face, _star, _heart, _bubble)


def sticker(layer: Layer) -> None:
    """Put one of the signs onto the layer."""
    _SIGNS[int(layer.rng.integers(len(_SIGNS)))](layer)
