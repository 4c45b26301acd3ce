"""Choose the close-ups: one for each changed place, with the numbers of all places that it shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from bixie.report.page.box import Box

__all__ = ["MAX_CLOSEUPS", "Closeup", "closeups"]

MAX_CLOSEUPS = 4
MARGIN = 0.35
"""Of the place's own size, left around it on each side: enough to see what it sits on."""

MIN_SIDE = 0.16
"""Of the shown part's shorter side. A hairline needs its surroundings to be recognised."""

ASPECT = 4 / 3
"""Width by height, so that close-ups stand beside each other in even rows."""

WELL_SHOWN = 0.25
"""Of a close-up's width or height. A place that is smaller on it gets a close-up of its own."""

MUCH_LARGER = 1.4
"""Factor by which a close-up may be wider than that of its largest place alone, to take in a neighbour."""

MOSTLY = 0.6
"""Share of a place from which a close-up bears its number."""

WHOLE = 0.6
"""Share of the shown part from which a close-up would show the whole again."""


@dataclass(frozen=True, slots=True)
class Closeup:
    """One enlarged rectangle.

    Parameters
    ----------
    box : Box
    numbers : tuple of int
        Of the places that it shows, counted from 1 in the order in which they were given.
    """

    box: Box
    numbers: tuple[int, ...]


def closeups(places: Sequence[Box], part: Box) -> tuple[Closeup, ...]:
    """Return the rectangles to enlarge.

    Parameters
    ----------
    places : sequence of Box
        Around each changed place, in pixels of the displayed grid, the largest place first.
    part : Box
        The part of the picture that is shown; no close-up reaches beyond it.

    Returns
    -------
    tuple of Closeup
        At most `MAX_CLOSEUPS`, in the order of `places`. A place gets its own unless it can share
        that of a neighbour. None at all where one would show the whole part again.
    """
    groups: list[Box] = []
    for place in places:
        for index, group in enumerate(groups):
            if _share_one(group, place, part):
                groups[index] = group.joined(place)
                break
        else:
            if len(groups) < MAX_CLOSEUPS:
                groups.append(place)
    boxes = [_framed(_widened(group, part), part) for group in groups]
    return tuple(Closeup(box, _numbers(box, places)) for box in boxes if box.area < WHOLE * part.area)


def _share_one(group: Box, place: Box, part: Box) -> bool:
    """Return whether one close-up shows both well, hardly smaller than two would."""
    alone, other, both = (_framed(_widened(box, part), part) for box in (group, place, group.joined(place)))
    if both.width > MUCH_LARGER * max(alone.width, other.width):
        return False
    return place.width >= WELL_SHOWN * both.width or place.height >= WELL_SHOWN * both.height


def _numbers(box: Box, places: Sequence[Box]) -> tuple[int, ...]:
    return tuple(
        number
        for number, place in enumerate(places, start=1)
        if box.common(place).area >= MOSTLY * place.area
    )


def _widened(box: Box, part: Box) -> Box:
    min_side = MIN_SIDE * min(part.width, part.height)
    wide, high = (max(min_side, side * (1 + 2 * MARGIN)) for side in (box.width, box.height))
    return Box(box.x + (box.width - wide) / 2, box.y + (box.height - high) / 2, wide, high)


def _framed(box: Box, part: Box) -> Box:
    """Return `box` in the common proportions, moved into `part`."""
    wide = min(max(box.width, box.height * ASPECT), part.width, part.height * ASPECT)
    high = wide / ASPECT
    x = min(max(part.x, box.x + (box.width - wide) / 2), part.right - wide)
    y = min(max(part.y, box.y + (box.height - high) / 2), part.bottom - high)
    return Box(x, y, wide, high)
