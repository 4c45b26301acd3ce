"""Read positions as cameras and phones write them.

Android blanks the position of a photo that an app may not know, privacy tools do the same, and cameras
without a fix write noughts. All of these are no position, and nothing odd.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bixie.examiners.camera.rationals import three

__all__ = ["Place", "is_odd", "place_of_exif", "place_of_iso6709"]

_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4
_ISO6709 = re.compile(r"([+-]\d{2,6}(?:\.\d{1,12})?)([+-]\d{3,7}(?:\.\d{1,12})?)(?:[+-].*)?/?", re.ASCII)
_MAX_TEXT = 80


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture was taken, as its file says: degrees, north and east positive."""

    lat: float
    lon: float


def place_of_exif(gps: Mapping[int, Any]) -> Place | None:
    """Return the position of a GPS directory; None where it holds none, or one that cannot be."""
    lat = _degrees(gps.get(_LAT), _side(gps.get(_LAT_REF)), "N", "S", 90)
    lon = _degrees(gps.get(_LON), _side(gps.get(_LON_REF)), "E", "W", 180)
    return _unless_nought(lat, lon)


def is_odd(gps: Mapping[int, Any]) -> bool:
    """Return whether a GPS directory holds a position that cannot be; a blank, nought or missing one can."""
    values = gps.get(_LAT), gps.get(_LON)
    sides = _side(gps.get(_LAT_REF)), _side(gps.get(_LON_REF))
    if any(map(_is_blank, values)) or "" in sides:
        return False
    if all(map(_is_nought, values)):
        return False
    return place_of_exif(gps) is None


def place_of_iso6709(text: str) -> Place | None:
    """Return the position of a text such as ``+31.2304+121.4737+004.000/`` (ISO 6709, annex H)."""
    written = _ISO6709.fullmatch(text.strip(" \0")) if len(text) < _MAX_TEXT else None
    if written is None:
        return None
    return _unless_nought(_decimal(written[1], 2, 90), _decimal(written[2], 3, 180))


def _unless_nought(lat: float | None, lon: float | None) -> Place | None:
    # Nought and nought is what programs write that have no position.
    return None if lat is None or lon is None or (lat == 0 and lon == 0) else Place(lat, lon)


def _side(value: Any) -> str:
    """Return N, S, E, W or whatever stands there; empty where it is missing or blank."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return text.strip(" \0").upper() if isinstance(text, str) else ""


def _is_blank(value: Any) -> bool:
    """Return whether a coordinate is missing, or a fraction over nought as blanking leaves it."""
    if value is None:
        return True
    if isinstance(value, str | bytes):
        return _side(value) == ""
    return isinstance(value, tuple) and any(part is None for part in value)


def _is_nought(value: Any) -> bool:
    return value == 0 or (isinstance(value, tuple) and all(part == 0 for part in value))


def _degrees(value: Any, side: str, plus: str, minus: str, max_degrees: int) -> float | None:
    parts = three(value)
    # Sixty comes of rounding.
    if parts is None or side not in {plus, minus} or parts[1] > 60 or parts[2] > 60:
        return None
    degrees = float(parts[0] + parts[1] / 60 + parts[2] / 3600)
    return (degrees if side == plus else -degrees) if degrees <= max_degrees else None


def _decimal(text: str, digits: int, max_degrees: int) -> float | None:
    """Read degrees, or degrees with minutes, or with minutes and seconds: the number of digits tells."""
    sign, whole, fraction = text[0], text[1:].partition(".")[0], text.partition(".")[2]
    more = len(whole) - digits
    if more not in (0, 2, 4):
        return None
    parts = [whole[:digits], *(whole[digits + at : digits + at + 2] for at in range(0, more, 2))]
    numbers = [Fraction(part) for part in parts]
    numbers[-1] += Fraction(f"0.{fraction}") if fraction else 0
    if any(number > 60 for number in numbers[1:]):
        return None
    degrees = float(sum(number / 60**power for power, number in enumerate(numbers)))
    return None if degrees > max_degrees else (-degrees if sign == "-" else degrees)
