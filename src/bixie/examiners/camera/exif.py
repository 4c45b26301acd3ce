"""What EXIF says of camera, program, time and place, bounded and cleaned.

None of it is proof: clocks are wrong, and anyone can write any field. Tags: Exif 3.0 (CIPA DC-008).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

from bixie.examiners.camera.known_facts import known_facts
from bixie.imaging.structure.metadata import exif_values
from bixie.imaging.structure.model import Structure
from bixie.kit.sanitise import sanitise_or_none

__all__ = ["Capture", "Moment", "Place", "capture_of"]

_MAKE, _MODEL, _SOFTWARE = 0x010F, 0x0110, 0x0131
_ORIGINAL, _DIGITISED, _OFFSET = 0x9003, 0x9004, 0x9011
_CAMERA_TAGS = (0x829A, 0x829D, 0x8827, 0x920A)
_LAT_REF, _LAT, _LON_REF, _LON, _GPS_TIME, _GPS_DATE = 1, 2, 3, 4, 7, 29
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2100
_WEST_MOST, _EAST_MOST = timedelta(hours=12), timedelta(hours=14)
"""How far local clocks are from UTC: behind by up to 12 hours, ahead by up to 14."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a picture was taken, as its file says; without a zone only bounds are known.

    Parameters
    ----------
    text : str
        ISO 8601, with the zone where the file names one.
    earliest, latest : datetime
        In UTC.
    """

    text: str
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture was taken, as its file says: degrees, north and east positive."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Capture:
    """What EXIF says.

    Parameters
    ----------
    make, model, software : str or None
        Cleaned. `make` and `model` only where `make` is a maker of cameras.
    foreign_make : bool
        Whether Make holds something else: generators write their workflow there.
    camera_fields : int
        How many of exposure time, aperture, sensitivity and focal length are there.
    moment : Moment or None
    place : Place or None
    odd : tuple of str
        Fields that hold what cannot be: ``time``, ``place``.
    """

    make: str | None = None
    model: str | None = None
    software: str | None = None
    foreign_make: bool = False
    camera_fields: int = 0
    moment: Moment | None = None
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


def capture_of(structure: Structure) -> Capture:
    """Return what the EXIF block of the main picture says."""
    main, exif, gps = (exif_values(structure, name) for name in ("IFD0", "Exif", "GPS"))
    written = sanitise_or_none(main.get(_MAKE), 40)
    is_maker = written is not None and known_facts().is_maker(written)
    time_text = exif.get(_ORIGINAL, exif.get(_DIGITISED))
    moment = _gps_moment(gps) or _moment(time_text, exif.get(_OFFSET))
    place = _place(gps)
    odd = {
        "time": bool(sanitise_or_none(time_text)) and moment is None,
        "place": _LAT in gps and place is None,
    }
    return Capture(
        make=written if is_maker else None,
        model=sanitise_or_none(main.get(_MODEL), 40) if is_maker else None,
        software=sanitise_or_none(main.get(_SOFTWARE), 60),
        foreign_make=written is not None and not is_maker,
        camera_fields=sum(tag in exif for tag in _CAMERA_TAGS),
        moment=moment,
        place=place,
        odd=tuple(name for name, is_odd in odd.items() if is_odd),
    )


def _moment(text: Any, offset: Any) -> Moment | None:
    """Read ``2026:11:13 10:12:00`` and an offset such as ``+08:00``."""
    if not isinstance(text, str):
        return None
    try:
        local = datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    if not _EARLIEST_YEAR <= local.year < _LATEST_YEAR:
        return None
    zone = _zone(offset)
    if zone is None:
        here = local.replace(tzinfo=UTC)
        return Moment(local.isoformat(), here - _EAST_MOST, here + _WEST_MOST)
    there = local.replace(tzinfo=zone)
    return Moment(there.isoformat(), there.astimezone(UTC), there.astimezone(UTC))


def _zone(text: Any) -> timezone | None:
    if not isinstance(text, str) or len(text.strip()) != 6:
        return None
    try:
        zone = datetime.fromisoformat(f"2000-01-01T00:00:00{text.strip()}").utcoffset()
    except ValueError:
        return None
    return timezone(zone) if zone is not None and -_WEST_MOST <= zone <= _EAST_MOST else None


def _gps_moment(gps: Mapping[int, Any]) -> Moment | None:
    """Return the time of the satellites, which is UTC."""
    parts = _three(gps.get(_GPS_TIME))
    date = gps.get(_GPS_DATE)
    if parts is None or not isinstance(date, str):
        return None
    clock = ":".join(f"{int(part):02d}" for part in parts)
    return _moment(f"{date[:10]} {clock}", "+00:00")


def _place(gps: Mapping[int, Any]) -> Place | None:
    lat = _degrees(gps.get(_LAT), gps.get(_LAT_REF), "N", "S", 90)
    lon = _degrees(gps.get(_LON), gps.get(_LON_REF), "E", "W", 180)
    # Nought and nought is what programs write that have no position.
    return None if lat is None or lon is None or (lat == 0 and lon == 0) else Place(lat, lon)


def _degrees(value: Any, side: Any, plus: str, minus: str, max_degrees: int) -> float | None:
    parts = _three(value)
    if parts is None or side not in {plus, minus} or parts[1] >= 60 or parts[2] >= 60:
        return None
    degrees = float(parts[0] + parts[1] / 60 + parts[2] / 3600)
    return (degrees if side == plus else -degrees) if degrees <= max_degrees else None


def _three(value: Any) -> tuple[Fraction, Fraction, Fraction] | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    first, second, third = value
    if not (isinstance(first, Fraction) and isinstance(second, Fraction) and isinstance(third, Fraction)):
        return None
    return (first, second, third) if min(value) >= 0 and max(value) < 1000 else None
