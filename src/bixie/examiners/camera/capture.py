"""What a file says of its own capture: camera, program, clocks and place."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeAlias

from bixie.examiners.camera.known_facts import known_facts
from bixie.examiners.camera.moments import Moment
from bixie.examiners.camera.places import Place
from bixie.kit.sanitise import sanitise_or_none

__all__ = ["SLACK", "Capture", "Maker", "named_capture"]

SLACK = timedelta(hours=1)
"""By how much a clock may be wrong before its time is worth a sentence."""

Maker: TypeAlias = Literal["listed", "not_listed", "something_else"]
"""What the field for the maker holds: a maker on the list, a name that nobody listed (which says nothing), or
something that is no name: generators write their workflow there."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What a file says of its capture.

    Parameters
    ----------
    make, model, software : str or None
        Cleaned. `make` and `model` are None where the field holds something else.
    maker : Maker or None
        None where the file has no such field.
    camera_fields : int
        How many of exposure time, aperture, sensitivity and focal length are there; of a video, how many
        of make and model.
    moment : Moment or None
        By the camera's own clock.
    satellites : Moment or None
        By the satellites of its position. Receivers are wrong as well: some are 1024 weeks behind, and a fix
        may be hours old.
    place : Place or None
    odd : tuple of str
        Fields that hold what cannot be: ``time``, ``place``.
    """

    make: str | None = None
    model: str | None = None
    software: str | None = None
    maker: Maker | None = None
    camera_fields: int = 0
    moment: Moment | None = None
    satellites: Moment | None = None
    place: Place | None = None
    odd: tuple[str, ...] = ()

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to report."""
        return self != Capture()

    @property
    def claims_camera(self) -> bool:
        """Whether the file says that a camera took it."""
        return self.make is not None and self.camera_fields > 0

    @property
    def clocks_disagree(self) -> bool | None:
        """Whether camera and satellites name two moments; None where one of them is silent."""
        if self.moment is None or self.satellites is None:
            return None
        return self.moment.disagrees_with(self.satellites, SLACK)


def named_capture(make: Any, model: Any, software: Any) -> Capture:
    """Return a capture with what made the file: the fields as they stand in it, cleaned and graded.

    Parameters
    ----------
    make, model, software
        Anything that is no text is left out.
    """
    written = sanitise_or_none(make, 40)
    maker = None if written is None else known_facts().maker(written)
    is_name = maker in ("listed", "not_listed")
    return Capture(
        make=written if is_name else None,
        model=sanitise_or_none(model, 40) if is_name else None,
        software=sanitise_or_none(software, 60),
        maker=maker,
    )
