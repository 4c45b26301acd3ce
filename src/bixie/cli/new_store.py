"""Opens the store of a command that a person calls: created only with ``--new``, and said so."""

import argparse
from typing import TYPE_CHECKING

from bixie.cli.console import complain
from bixie.cli.language import say
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.store.settings import Location
    from bixie.store.unit_of_work import Store

__all__ = ["announce_new", "open_to_change"]


def open_to_change(location: "Location", chosen: argparse.Namespace, language: Language) -> "Store":
    """Open the store of a command; create it if ``--new`` is given, and say so on standard error.

    Raises
    ------
    StoreError
        ``store.not_made`` if there is no store and ``--new`` is not given.
    """
    from bixie.assembly.stores import store_to_change  # noqa: PLC0415 - needs SQLAlchemy

    return store_to_change(location, new=chosen.new, on_new=lambda place: announce_new(place, language))


def announce_new(place: str, language: Language) -> None:
    """Say on standard error that a store was created."""
    complain(say("store.made", language, place=place))
