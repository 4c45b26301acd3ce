"""Choose the close-ups: rectangles around the changed regions, merged and ordered by size."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["MAX_CLOSEUPS", "Box", "closeups"]

MAX_CLOSEUPS = 4
MARGIN = 0.35
"""Of the region's own size, left around it on each side: enough to see what it sits on."""

MIN_SIDE = 0.16
"""Of the picture's shorter side. A hairline needs its surroundings to be recognised."""

ASPECT = 4 / 3
"""Width by height, so that close-ups stand beside each other in even rows."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the displayed grid: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        """Return whether the two overlap."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def joined(self, other: "Box") -> "Box":
        """Return the smallest box that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Box(x, y, right - x, bottom - y)


def closeups(
    regions: Iterable[tuple[tuple[int, int], ...]], width: int, height: int
) -> tuple[tuple[Box, tuple[int, ...]], ...]:
    """Return the rectangles to enlarge.

    Parameters
    ----------
    regions : iterable of polygons
        In pixels of the displayed grid.
    width, height : int
        Of the displayed grid.

    Returns
    -------
    tuple of (Box, tuple of int)
        At most `MAX_CLOSEUPS`, the largest changed part first, each with the regions it shows. None at
        all where one would show the whole picture again.
    """
    tight = [(_bounds(polygon), (index,)) for index, polygon in enumerate(regions) if polygon]
    groups = _merged([(_widened(box, width, height), members, box) for box, members in tight])
    groups.sort(key=lambda group: -group[2].width * group[2].height)
    framed = [(_framed(box, width, height), members) for box, members, _ in groups[:MAX_CLOSEUPS]]
    return tuple((box, members) for box, members in framed if box.width * box.height < 0.6 * width * height)


def _bounds(polygon: tuple[tuple[int, int], ...]) -> Box:
    across, down = [x for x, _ in polygon], [y for _, y in polygon]
    return Box(min(across), min(down), max(across) - min(across) + 1, max(down) - min(down) + 1)


def _widened(box: Box, width: int, height: int) -> Box:
    min_side = MIN_SIDE * min(width, height)
    wide, high = (max(min_side, side * (1 + 2 * MARGIN)) for side in (box.width, box.height))
    return Box(box.x + (box.width - wide) / 2, box.y + (box.height - high) / 2, wide, high)


def _merged(groups: list[tuple[Box, tuple[int, ...], Box]]) -> list[tuple[Box, tuple[int, ...], Box]]:
    """Join boxes until none overlap: two close-ups of one place would confuse."""
    done: list[tuple[Box, tuple[int, ...], Box]] = []
    for group in groups:
        box, members, tight = group
        while (other := next((one for one in done if one[0].meets(box)), None)) is not None:
            done.remove(other)
            box, members, tight = box.joined(other[0]), other[1] + members, tight.joined(other[2])
        done.append((box, members, tight))
    return done


def _framed(box: Box, width: int, height: int) -> Box:
    """Return `box` in the common proportions, moved into the picture."""
    wide = min(max(box.width, box.height * ASPECT), width, height * ASPECT)
    high = wide / ASPECT
    x = min(max(0.0, box.x + (box.width - wide) / 2), width - wide)
    y = min(max(0.0, box.y + (box.height - high) / 2), height - high)
    return Box(x, y, wide, high)
