"""What a camera noted about one exposure, and whether two files can be of the same one by their notes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from bixie.imaging.structure.metadata import exif_values
from bixie.imaging.structure.model import Structure

__all__ = ["ExposureNotes", "differing", "exposure_notes"]

_MAX_TEXT = 64


@dataclass(frozen=True, slots=True)
class ExposureNotes:
    """The notes of one exposure, each as it stands in the file; None where it is not there.

    Parameters
    ----------
    moment : str or None
        By the camera's clock, with the fraction of the second where it has one.
    exposure_time, aperture, sensitivity : object
    serial : str or None
        Of the camera's body.

    References
    ----------
    Exif 3.0, section 4.6.6: DateTimeOriginal, SubSecTimeOriginal, ExposureTime, FNumber,
    PhotographicSensitivity, BodySerialNumber.
    """

    moment: str | None = None
    exposure_time: Any = None
    aperture: Any = None
    sensitivity: Any = None
    serial: str | None = None


def exposure_notes(structure: Structure) -> ExposureNotes:
    """Return the notes of the main picture."""
    exif = exif_values(structure, "Exif")
    moment, fraction = _text(exif, 0x9003), _text(exif, 0x9291)
    return ExposureNotes(
        moment=f"{moment}.{fraction}" if moment and fraction else moment,
        exposure_time=exif.get(0x829A),
        aperture=exif.get(0x829D),
        sensitivity=exif.get(0x8827),
        serial=_text(exif, 0xA431),
    )


def differing(first: ExposureNotes, second: ExposureNotes) -> tuple[str, ...]:
    """Return the notes that both have and that are not the same, by their names.

    Notes can be written by anybody, so what differs may only ever protect a photo.
    """
    pairs = ((one.name, getattr(first, one.name), getattr(second, one.name)) for one in fields(ExposureNotes))
    return tuple(name for name, one, other in pairs if None not in (one, other) and not _alike(one, other))


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        # A copy may have lost the fraction of the second: only what both have counts.
        length = min(len(one), len(other))
        return one[:length] == other[:length]
    return bool(one == other)


def _text(exif: Mapping[int, Any], tag: int) -> str | None:
    value = exif.get(tag)
    text = value.strip(" \0") if isinstance(value, str) else ""
    # Cameras without a clock that was set write blanks or zeros.
    return text[:_MAX_TEXT] if text.strip("0: ") else None
