"""Gather everything that one file notes about itself."""

from dataclasses import dataclass, field
from pathlib import PurePath

from bixie.examiners.camera.capture import Capture
from bixie.examiners.camera.exif import capture_of_exif
from bixie.examiners.camera.known_facts import known_facts
from bixie.examiners.camera.order_facts import OrderFacts, compare_with_order
from bixie.examiners.camera.quicktime import capture_of_video
from bixie.examiners.camera.tables import Compression, compression_of
from bixie.examiners.protocol import Container, Context
from bixie.imaging.sniff import is_video

__all__ = ["Notes", "notes_of"]


@dataclass(frozen=True, slots=True)
class Notes:
    """What a file notes about itself.

    Parameters
    ----------
    capture : Capture
    compression : Compression or None
    order : OrderFacts
    messenger : str or None
        The messenger that gives its files such names.
    canvas : bool
        Whether the size is one that generators offer, where no camera is named.
    width, height : int or None
    """

    capture: Capture
    compression: Compression | None = None
    order: OrderFacts = field(default_factory=OrderFacts)
    messenger: str | None = None
    canvas: bool = False
    width: int | None = None
    height: int | None = None

    @property
    def says_anything(self) -> bool:
        """Whether there is more to report than how the file was compressed."""
        return self.capture.says_anything or self.messenger is not None or self.canvas


def notes_of(container: Container, context: Context) -> Notes:
    """Return what the file notes about itself, compared with the order."""
    structure = container.structure
    capture = (capture_of_video if is_video(structure.media_type) else capture_of_exif)(structure)
    facts = known_facts()
    # Where both separators are possible, a name from another system keeps its own.
    name = PurePath(container.path.replace("\\", "/")).name
    return Notes(
        capture=capture,
        compression=compression_of(structure),
        order=compare_with_order(capture.moment, capture.place, context.order),
        messenger=facts.messenger(name),
        canvas=not capture.claims_camera and facts.is_canvas(structure.width, structure.height),
        width=structure.width,
        height=structure.height,
    )
