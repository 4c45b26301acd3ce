"""Prepare one picture of an exhibit with what was found in it: the part shown, the rings, the close-ups."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from bixie.examiners.results import ComparisonView, Finding
from bixie.report.page.box import Box
from bixie.report.page.closeup import Closeup, closeups
from bixie.report.page.frame import stage_frame, visible_part
from bixie.report.page.rings import NUMBER_RADIUS, Polygon, Ring, draw_rings

__all__ = ["Plate", "prepare_plate"]

_SINGULAR = 1


@dataclass(frozen=True, slots=True)
class Plate:
    """One picture of an exhibit with what was found in it.

    Parameters
    ----------
    name : str
        Unique on the page.
    width, height : int
        Coordinates of everything drawn on it: the displayed grid.
    part : Box
        What is worth looking at: the matched part, or the whole picture.
    claim, known : str or None
        Names of the `Picture` from the claim, and of the known picture on the same grid.
    changed, annotated : tuple of Ring
        The largest place first. The n-th ring of `changed` bears the number n.
    closeups : tuple of Closeup
    hatched : bool
        Whether the known picture leaves a part of it uncovered.
    finding : Finding or None
    """

    name: str
    width: int
    height: int
    part: Box
    claim: str | None
    known: str | None = None
    changed: tuple[Ring, ...] = ()
    annotated: tuple[Ring, ...] = ()
    closeups: tuple[Closeup, ...] = ()
    hatched: bool = False
    finding: Finding | None = None

    @property
    def frame(self) -> Box:
        """What the stage shows first."""
        return stage_frame(self.part)

    @property
    def cropped(self) -> bool:
        """Whether the stage shows a part of the picture only."""
        return self.part.area < self.width * self.height

    @property
    def numbered(self) -> bool:
        """Whether the rings bear numbers; a single one needs none."""
        return len(self.changed) > _SINGULAR

    @property
    def number_radius(self) -> float:
        """Of a ring's number, in pixels of the displayed grid."""
        return round(NUMBER_RADIUS * max(self.part.width, self.part.height), 2)

    @property
    def all_close(self) -> bool:
        """Whether every changed place is seen in some close-up."""
        return {number for one in self.closeups for number in one.numbers} >= set(
            range(1, len(self.changed) + 1)
        )

    @property
    def start(self) -> int:
        """Where the slider stands first, in per cent of the stage: across the largest changed place."""
        if not self.closeups:
            return 50
        box, frame = self.closeups[0].box, self.frame
        return min(92, max(8, round(100 * (box.x + box.width / 2 - frame.x) / frame.width)))


def prepare_plate(
    name: str,
    size: tuple[int, int],
    pictures: tuple[str | None, str | None],
    finding: Finding | None = None,
    view: ComparisonView | None = None,
) -> Plate:
    """Return the plate of a picture.

    Parameters
    ----------
    name : str
        Unique on the page.
    size : (int, int)
        Width and height of the displayed grid.
    pictures : (str or None, str or None)
        Names of the `Picture` from the claim and of the known one.
    finding : Finding, optional
        What was found in it.
    view : ComparisonView, optional
        The comparison that `finding` rests on.
    """
    width, height = size
    whole = Box(0, 0, width, height)
    changed = _largest_first(finding.regions if finding else ())
    annotated = _largest_first(finding.annotation.regions if finding and finding.annotation else ())
    places = [Box.around(polygon) for polygon in changed]
    matched = _matched(view, width, height) if view else whole
    part = visible_part(whole, matched, [*places, *map(Box.around, annotated)])
    claim, known = pictures
    return Plate(
        name=name,
        width=width,
        height=height,
        part=part,
        claim=claim,
        known=known,
        changed=draw_rings(changed, part),
        annotated=draw_rings(annotated, part),
        closeups=closeups(places, part) if claim else (),
        hatched=view is not None and view.hatched,
        finding=finding,
    )


def _largest_first(regions: Sequence[Polygon]) -> list[Polygon]:
    drawable = [polygon for polygon in regions if polygon]
    return sorted(drawable, key=lambda polygon: cv2.contourArea(np.array(polygon, np.int32)), reverse=True)


def _matched(view: ComparisonView, width: int, height: int) -> Box:
    left, top, right, bottom = view.reach
    return Box(left * width, top * height, (right - left) * width, (bottom - top) * height)
