"""Read EXIF's fractions in threes: degrees, minutes and seconds, or hours, minutes and seconds."""

from fractions import Fraction
from typing import Any

__all__ = ["three"]

_TOO_LARGE = 1000


def three(value: Any) -> tuple[Fraction, Fraction, Fraction] | None:
    """Return the three parts of `value`; None where it is not three fractions from 0 to below 1000."""
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    first, second, third = value
    if not (isinstance(first, Fraction) and isinstance(second, Fraction) and isinstance(third, Fraction)):
        return None
    return (first, second, third) if min(value) >= 0 and max(value) < _TOO_LARGE else None
