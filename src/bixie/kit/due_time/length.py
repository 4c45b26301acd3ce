"""How long somebody has: hours, days or working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from bixie.kit.due_time.errors import DueTimeError
from bixie.kit.messages import Text, catalogue

__all__ = ["MAX_AMOUNT", "Length", "Unit"]

Unit = Literal["hours", "days", "workdays"]
UNITS: tuple[Unit, ...] = get_args(Unit)

MAX_AMOUNT = 3650
"""Upper limit of an amount, ten years of days: more is a typing error."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as a policy states it.

    Parameters
    ----------
    amount : int
        1 to `MAX_AMOUNT`.
    unit : str
        ``hours`` by the clock; ``days`` and ``workdays`` by the calendar of UTC+8.

    Raises
    ------
    DueTimeError
        ``length.no_unit`` or ``length.not_an_amount``.

    Examples
    --------
    >>> Length.of({"workdays": 3}).as_dict()
    {'workdays': 3}
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise DueTimeError("length.no_unit", units=", ".join(UNITS))
        if type(self.amount) is not int or not 1 <= self.amount <= MAX_AMOUNT:  # a bool is an int
            raise DueTimeError("length.not_an_amount", unit=self.unit, maximum=MAX_AMOUNT)

    @classmethod
    def of(cls, mapping: Mapping[str, int]) -> "Length":
        """Return the length of ``{"hours": 48}``, ``{"days": 7}`` or ``{"workdays": 3}``.

        Raises
        ------
        DueTimeError
            ``length.no_unit`` unless exactly one unit is named, ``length.not_an_amount``.
        """
        found = [(unit, mapping[unit]) for unit in UNITS if unit in mapping]
        if len(found) != 1 or len(mapping) != 1:
            raise DueTimeError("length.no_unit", units=", ".join(UNITS))
        (unit, amount) = found[0]
        return cls(amount, unit)

    def as_dict(self) -> dict[str, int]:
        """Return what `of` reads."""
        return {self.unit: self.amount}

    def as_timedelta(self) -> timedelta:
        """Return the length of a window that ends now, a day being 24 hours.

        Raises
        ------
        ValueError
            For working days, which have no fixed length.
        """
        if self.unit == "workdays":
            raise ValueError(self.unit)
        return timedelta(**{self.unit: self.amount})

    def in_words(self) -> Text:
        """Return the length for a person: ``3 working days``, ``3 个工作日``."""
        number = "one" if self.amount == 1 else "many"
        return catalogue("bixie.kit.due_time").text(f"length.{self.unit}.{number}", amount=self.amount)
