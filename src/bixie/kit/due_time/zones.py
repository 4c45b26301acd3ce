"""The zone in which a person reads times, and its name."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from bixie.kit.calendar import CHINA
from bixie.kit.due_time.dates import moment_in_words
from bixie.kit.messages import Text, catalogue

__all__ = ["moment_in_zone", "reader_zone", "zone_name"]

_LIKE_BEIJING = frozenset({"Asia/Shanghai", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "PRC"})


def reader_zone(key: str | None) -> tzinfo:
    """Return the zone of an IANA key such as ``Europe/Berlin``.

    Without a key, for a key that does not exist, and where the machine has no table of zones, this is UTC+8.
    An explanation names its zone, so that its time is right either way.
    """
    if not key or key in _LIKE_BEIJING:
        return CHINA
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):  # unknown or no tables, no key at all, the name of a folder
        return CHINA


def moment_in_zone(moment: datetime, zone: tzinfo) -> Text:
    """Return a moment for a person: to the minute, with the day of the week and the zone's name."""
    local = moment.astimezone(zone)
    words = catalogue("bixie.kit.due_time")
    return words.text("moment", time=moment_in_words(local), zone=zone_name(local))


def zone_name(time: datetime) -> Text:
    """Return the name of a time's zone for a person: Beijing time, ``Europe/Berlin, UTC+2``, ``UTC``.

    Raises
    ------
    ValueError
        For a time without a zone.
    """
    offset = time.utcoffset()
    if offset is None:
        raise ValueError(time.isoformat())
    key = getattr(time.tzinfo, "key", None)
    words = catalogue("bixie.kit.due_time")
    if time.tzinfo == CHINA or key in _LIKE_BEIJING:
        return words.text("zone.beijing")
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    utc = (
        "UTC"
        if not minutes
        else f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
    )
    if key is None or key == utc:
        return Text(en=utc, zh=utc)
    return words.text("zone.named", place=key, utc=utc)
