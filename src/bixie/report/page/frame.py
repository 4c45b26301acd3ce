"""Choose the part of a picture that the page shows first: what both pictures have in common."""

from collections.abc import Iterable

from bixie.report.page.box import Box

__all__ = ["stage_frame", "visible_part"]

MARGIN = 0.04
"""Of the matched part's longer side, shown around it: where the known picture ends must be seen."""

WORTH_CROPPING = 0.7
"""Share of the picture; a part larger than that is shown with all the rest."""

SLIMMEST, WIDEST = 0.42, 3.0
"""Width by height of the stage. A picture that is slimmer or wider still gets blank sides, so that there is
room to enlarge it."""


def visible_part(picture: Box, matched: Box, places: Iterable[Box]) -> Box:
    """Return the part of `picture` worth looking at: the matched part with all changed places.

    Parameters
    ----------
    picture : Box
        The whole displayed grid.
    matched : Box
        What the known picture covers of it.
    places : iterable of Box
        Around what was found; shown even where it lies outside `matched`.
    """
    part = matched
    for place in places:
        part = part.joined(place)
    part = part.widened(MARGIN * max(part.width, part.height)).common(picture)
    return picture if part.area >= WORTH_CROPPING * picture.area else part


def stage_frame(part: Box) -> Box:
    """Return the frame in which `part` is shown: the same, or with blank sides around what is too slim."""
    width = max(part.width, part.height * SLIMMEST)
    height = max(part.height, part.width / WIDEST)
    return Box(part.x - (width - part.width) / 2, part.y - (height - part.height) / 2, width, height)
