"""Upright rectangles on a picture."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Box"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the displayed grid: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]]) -> "Box":
        """Return the smallest box that holds the pixels at `points`, of which there is at least one."""
        across, down = zip(*points, strict=True)
        return cls(min(across), min(down), max(across) - min(across) + 1, max(down) - min(down) + 1)

    @property
    def right(self) -> float:
        """The column after the last."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The row after the last."""
        return self.y + self.height

    @property
    def area(self) -> float:
        """Width by height."""
        return self.width * self.height

    def joined(self, other: "Box") -> "Box":
        """Return the smallest box that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def common(self, other: "Box") -> "Box":
        """Return what both hold; width or height is 0 where they do not overlap."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(x, y, max(0.0, right - x), max(0.0, bottom - y))

    def widened(self, margin: float) -> "Box":
        """Return the box with `margin` pixels more on each side."""
        return Box(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def __str__(self) -> str:
        """Return the four numbers as the ``viewBox`` of an SVG."""
        return " ".join(
            f"{side:.1f}".removesuffix(".0") for side in (self.x, self.y, self.width, self.height)
        )
