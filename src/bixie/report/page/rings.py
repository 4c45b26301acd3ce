"""Draw a ring around every changed place, a little off it, and put its number on the ring.

The rings are contours, computed once: nothing has to be masked while the page is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.report.page.box import Box

__all__ = ["NUMBER_RADIUS", "Polygon", "Ring", "draw_rings"]

NUMBER_RADIUS = 0.032
"""Of the frame's longer side: 11 pixels on a phone, where two digits can still be read."""

_GRID = 720
"""Cells along the frame's longer side in which contours are computed. A ring's line covers several."""
_GAP = 0.012
"""Of the frame's longer side, between a changed place and its ring, which must not hide a hairline."""
_APART = 0.009
"""Of the frame's longer side, at least between two rings, so that they can be counted."""
_EDGE = 0.004
"""Of the frame's longer side, between a ring and the picture's edge, which would cut it."""

Polygon = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Ring:
    """The line around one place, in pixels of the displayed grid.

    Parameters
    ----------
    points : tuple of (float, float)
        A closed contour outside the place.
    number_at : (float, float)
        Centre of the ring's number: a point of the contour, or inside the picture close to it.
    """

    points: tuple[tuple[float, float], ...]
    number_at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cells of the part of the picture in which rings are drawn."""

    part: Box
    scale: float

    @property
    def shape(self) -> tuple[int, int]:
        return max(1, round(self.part.height * self.scale)), max(1, round(self.part.width * self.scale))

    def filled(self, polygon: Polygon) -> NDArray[np.bool_]:
        """Return the cells that `polygon` covers."""
        corner = np.array([self.part.x, self.part.y])
        points = np.round((np.array(polygon) + 0.5 - corner) * self.scale - 0.5).astype(np.int32)
        points = np.clip(points, 0, np.array(self.shape[::-1]) - 1)
        cells = np.zeros(self.shape, np.uint8)
        cv2.fillPoly(cells, [points.reshape(-1, 1, 2)], 1)
        return cells > 0

    def to_picture(self, points: NDArray[np.number[Any]]) -> tuple[tuple[float, float], ...]:
        """Return contour points, shape (n, 2), as pixels of the picture."""
        moved = (points + 0.5) / self.scale + (self.part.x, self.part.y)
        return tuple((round(float(x), 1), round(float(y), 1)) for x, y in moved)


def draw_rings(polygons: Sequence[Polygon], part: Box) -> tuple[Ring, ...]:
    """Return one ring for each polygon, in their order.

    Parameters
    ----------
    polygons : sequence of polygons
        In pixels of the displayed grid; all of them lie within `part`.
    part : Box
        The part of the picture that is shown. Rings and numbers stay inside it.
    """
    if not polygons:
        return ()
    grid = _Grid(part, _GRID / max(part.width, part.height))
    places = [grid.filled(polygon) for polygon in polygons]
    distances = _Nearest(places)
    contours = [_contour(_around(place, index, distances)) for index, place in enumerate(places)]
    numbers = _number_places(contours, distances.first, grid.shape)
    return tuple(
        Ring(
            grid.to_picture(cv2.approxPolyDP(contour.reshape(-1, 1, 2), 0.7, True)[:, 0]),
            grid.to_picture(np.array([at]))[0],
        )
        for contour, at in zip(contours, numbers, strict=True)
    )


class _Nearest:
    """Distances, in cells, to the nearest place and to the second nearest."""

    def __init__(self, places: list[NDArray[np.bool_]]) -> None:
        shape = places[0].shape
        self.first = np.full(shape, np.inf, np.float32)
        self.second = self.first.copy()
        self.owner = np.full(shape, -1)
        for index, place in enumerate(places):
            own = _distance(place)
            nearer = own < self.first
            self.second = np.where(nearer, self.first, np.minimum(self.second, own))
            self.first = np.where(nearer, own, self.first)
            self.owner[nearer] = index


def _distance(place: NDArray[np.bool_]) -> NDArray[np.float32]:
    distance = cv2.distanceTransform((~place).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance, np.float32)


def _around(place: NDArray[np.bool_], index: int, nearest: _Nearest) -> NDArray[np.uint8]:
    """Return the area inside the ring: the place and a gap, short of its neighbours and of the edge."""
    near = (nearest.owner == index) & (nearest.first <= _GAP * _GRID)
    near &= nearest.second - nearest.first >= _APART * _GRID
    inside = np.zeros_like(place)
    edge = round(_EDGE * _GRID)
    inside[edge : inside.shape[0] - edge, edge : inside.shape[1] - edge] = True
    area = (place | near) & inside
    # A place within the edge itself is ringed where it is.
    return (area if area.any() else place).astype(np.uint8)


def _contour(area: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the outer contour of the largest piece of `area`, shape (n, 2)."""
    found, _ = cv2.findContours(area, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(found, key=lambda contour: (cv2.contourArea(contour), len(contour)))
    return np.asarray(largest[:, 0], np.int32)


def _number_places(
    contours: list[NDArray[np.int32]], to_places: NDArray[np.float32], shape: tuple[int, int]
) -> list[NDArray[np.float64]]:
    """Return where each number stands: on its contour, inside the picture, free of other numbers."""
    radius = NUMBER_RADIUS * _GRID
    room = np.array([shape[1], shape[0]])
    taken: list[NDArray[np.float64]] = []
    for contour in contours:
        centres = np.clip(contour, np.minimum(radius, room / 2), np.maximum(room - 1 - radius, room / 2))
        clear = np.minimum(to_places[contour[:, 1], contour[:, 0]], radius)
        # The upper left first, as one reads; but not where the number would hide what changed.
        cost = -clear + 0.02 * radius * contour.sum(1) / room.sum()
        cost = cost + 100 * np.hypot(*(centres - contour).T)
        for other in taken:
            cost = cost + 1000 * np.maximum(0.0, 2.1 * radius - np.hypot(*(centres - other).T))
        taken.append(centres[int(np.argmin(cost))])
    return taken
