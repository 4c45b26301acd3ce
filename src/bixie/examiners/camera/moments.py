"""Read times as cameras, phones and satellites write them.

EXIF asks for ``2026:11:13 10:12:00``; programs also write dashes, slashes, ISO 8601, and 24 for midnight. For
an unknown time Exif 3.0 (CIPA DC-008) asks for blanks; many cameras write noughts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bixie.examiners.camera.rationals import three

__all__ = ["Moment", "header_moment", "is_unset", "moment_of", "satellite_moment"]

_TIME, _DATE = 7, 29
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2100
_WEST_MOST, _EAST_MOST = timedelta(hours=12), timedelta(hours=14)
"""How far local clocks are from UTC: behind by up to 12 hours, ahead by up to 14."""
_WRITTEN = re.compile(
    r"(\d{4})[-:/.](\d\d?)[-:/.](\d\d?)[T ]+(\d\d?):(\d\d?)(?::(\d\d?)(?:[.,]\d+)?)? ?(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_MEANINGLESS = " \0:-/.T0"
_MAX_TEXT = 40
_HEADER_BEGINS = datetime(1904, 1, 1, tzinfo=UTC)
_MAX_HEADER_S = 1 << 33


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

    def disagrees_with(self, other: "Moment", slack: timedelta) -> bool:
        """Return whether the two cannot be one moment, clocks being wrong by up to `slack`."""
        return self.latest + slack < other.earliest or other.latest + slack < self.earliest


def is_unset(text: Any) -> bool:
    """Return whether a field for a time says that the time is not known: missing, blank, or noughts."""
    return text is None or (isinstance(text, str) and not text.strip(_MEANINGLESS))


def moment_of(text: Any, offset: Any = None) -> Moment | None:
    """Read a time as EXIF or QuickTime hold it.

    Parameters
    ----------
    text : str
        Date and time; the zone may follow.
    offset : str, optional
        The zone, such as ``+08:00``, where `text` names none.

    Returns
    -------
    Moment or None
        None where `text` is no time from 1990 to 2099.
    """
    plain = text.strip(" \0") if isinstance(text, str) and len(text) < _MAX_TEXT else ""
    written = _WRITTEN.fullmatch(plain)
    if written is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in written.groups()[:6])
    if hour > 24 or minute > 59 or second > 60:
        return None
    try:
        # Hour 24 is midnight after the day; second 60 comes of rounding.
        local = datetime(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second)
    except (ValueError, OverflowError):
        return None
    return _moment(local, _zone(written[7] or offset))


def satellite_moment(gps: Mapping[int, Any]) -> Moment | None:
    """Return the time of the satellites, which is UTC."""
    parts = three(gps.get(_TIME))
    date = gps.get(_DATE)
    if parts is None or not isinstance(date, str):
        return None
    clock = ":".join(f"{int(part):02d}" for part in parts)
    return moment_of(f"{date[:10]} {clock}", "+00:00")


def header_moment(seconds: Any) -> Moment | None:
    """Return the time in a movie's header; nought, as many programs write, is unknown.

    Parameters
    ----------
    seconds : int
        Since 1904 in UTC (ISO/IEC 14496-12). Some cameras count in local time, so the bounds allow for both.
    """
    if not isinstance(seconds, int) or not 0 < seconds < _MAX_HEADER_S:
        return None
    there = _HEADER_BEGINS + timedelta(seconds=seconds)
    moment = _moment(there.replace(tzinfo=None), None)
    return None if moment is None else Moment(there.isoformat(), moment.earliest, moment.latest)


def _moment(local: datetime, zone: timezone | None) -> Moment | None:
    if not _EARLIEST_YEAR <= local.year < _LATEST_YEAR:
        return None
    if zone is None:
        here = local.replace(tzinfo=UTC)
        return Moment(local.isoformat(), here - _EAST_MOST, here + _WEST_MOST)
    there = local.replace(tzinfo=zone)
    return Moment(there.isoformat(), there.astimezone(UTC), there.astimezone(UTC))


def _zone(text: Any) -> timezone | None:
    if not isinstance(text, str):
        return None
    if text.strip() == "Z":
        return UTC
    written = _ZONE.fullmatch(text.strip(" \0"))
    if written is None or int(written[3]) > 59:
        return None
    ahead = timedelta(hours=int(written[2]), minutes=int(written[3])) * (1 if written[1] == "+" else -1)
    return timezone(ahead) if -_WEST_MOST <= ahead <= _EAST_MOST else None
