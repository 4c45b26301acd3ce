"""The examiner `camera`: what a file notes about its own making, compared with the picture and the order.

Missing notes weigh nothing, and no note is proof: every finding is informative.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bixie.examiners.camera.exif import capture_of_exif
from bixie.examiners.camera.findings import (
    finding_of_notes,
    finding_of_thumbnail,
    findings_of_order,
    not_applicable,
)
from bixie.examiners.camera.notes import notes_of
from bixie.examiners.camera.presentation import PRESENTATION
from bixie.examiners.camera.thumbnail import compare, thumbnail_of
from bixie.examiners.presentation import Presentation
from bixie.examiners.protocol import Container, Context, Exhibit, Statement
from bixie.imaging.sniff import is_video

__all__ = ["EXAMINER", "CameraExaminer"]


@dataclass(frozen=True, slots=True)
class CameraExaminer:
    """Reads what a file notes about its own making."""

    name: str = "camera"
    presentation: Presentation = PRESENTATION

    def examine_container(self, container: Container, context: Context) -> Iterable[Statement]:
        """Return what the file notes, and what does not fit the order.

        Parameters
        ----------
        container : Container
        context : Context
            Its order, and whether coordinates may be shown.
        """
        notes = notes_of(container, context)
        if not notes.says_anything:
            return [not_applicable()]
        noted = finding_of_notes(notes, show_place=context.show_place)
        return [noted, *findings_of_order(notes.capture, notes.order)]

    def examine(self, exhibit: Exhibit, context: Context) -> Iterable[Statement]:
        """Return whether the preview inside the file shows the same picture; nothing where there is none."""
        if is_video(exhibit.source.media_type):
            return []
        small = thumbnail_of(exhibit.structure)
        found = None if small is None else compare(small, exhibit.picture)
        return [] if found is None else [finding_of_thumbnail(found, capture_of_exif(exhibit.structure))]


EXAMINER = CameraExaminer()
