"""The record of a report: when, for which order, by whom and with which version it was made."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bixie.kit.sanitise import sanitise_or_none
from bixie.kit.timestamps import Clock, local_now
from bixie.version import __version__

if TYPE_CHECKING:
    from bixie.examiners.order import Order  # needs pydantic, which most examinations do not

__all__ = ["EXAMINED_BY", "Record", "examined_by_setting", "make_record"]

EXAMINED_BY = "BIXIE_EXAMINED_BY"
"""The setting that names the shop or desk that examines."""


@dataclass(frozen=True, slots=True)
class Record:
    """When and by whom a report was made.

    Parameters
    ----------
    created_at : datetime
        With its zone.
    order_id : str or None
        Of the order that the claim is about, as given.
    examined_by : str or None
        Name of the shop or desk that examined.
    version : str
        Of Bixie.

    Raises
    ------
    ValueError
        For a time without a zone.
    """

    created_at: datetime
    order_id: str | None = None
    examined_by: str | None = None
    version: str = __version__

    def __post_init__(self) -> None:
        if self.created_at.tzinfo is None:
            raise ValueError(self.created_at.isoformat())


def make_record(
    order: "Order | None" = None, examined_by: str | None = None, clock: Clock = local_now
) -> Record:
    """Return the record of a report that is made now.

    Parameters
    ----------
    order : Order, optional
        Its ``id`` is the order's number.
    examined_by : str, optional
        A free text; shortened to one line. What `BIXIE_EXAMINED_BY` says when not given.
    clock : callable
    """
    name = examined_by_setting() if examined_by is None else sanitise_or_none(examined_by)
    return Record(clock(), order.facts.get("id") if order else None, name)


def examined_by_setting(environment: Mapping[str, str] | None = None) -> str | None:
    """Return what `BIXIE_EXAMINED_BY` says, as one line; None if it is not set.

    Parameters
    ----------
    environment : mapping of str to str, optional
        ``os.environ`` when not given.
    """
    return sanitise_or_none((os.environ if environment is None else environment).get(EXAMINED_BY))
