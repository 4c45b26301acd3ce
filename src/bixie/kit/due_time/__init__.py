"""By when something is due, by the clock or by working days in China, and why (docs/reference/duties.md)."""

from bixie.kit.due_time.due import Due, Skipped, due_after, resumed
from bixie.kit.due_time.errors import DueTimeError
from bixie.kit.due_time.holidays import Calendar
from bixie.kit.due_time.length import Length
from bixie.kit.due_time.zones import moment_in_zone, reader_zone

__all__ = [
    "Calendar",
    "Due",
    "DueTimeError",
    "Length",
    "Skipped",
    "due_after",
    "moment_in_zone",
    "reader_zone",
    "resumed",
]
