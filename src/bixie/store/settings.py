"""Where the store is: a folder of one's own by default, a PostgreSQL by one address.

``BIXIE_DATA`` names the folder, ``BIXIE_DATABASE_URL`` the database; options of the command line come first.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bixie.kit.errors import SettingError

__all__ = ["DATABASE_FILE", "DATABASE_URL", "Location"]

DATABASE_URL = "BIXIE_DATABASE_URL"
_DATA = "BIXIE_DATA"
_DEFAULT_FOLDER = "bixie-data"
DATABASE_FILE = "bixie.sqlite3"
"""Name of the SQLite file in the folder."""

_NO_FILE = {None, "", ":memory:"}
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


@dataclass(frozen=True, slots=True)
class Location:
    """Where a store's database and files lie.

    Parameters
    ----------
    folder : Path
        Files, and the SQLite database where no other is named.
    url : sqlalchemy.engine.URL
        The database, with the driver that Bixie uses.
    """

    folder: Path
    url: URL

    @classmethod
    def find(
        cls,
        data: str | None = None,
        url: str | None = None,
        environment: Mapping[str, str] | None = None,
        *,
        folder_is_store: bool = False,
    ) -> "Location":
        """Return where the store is.

        Parameters
        ----------
        data : str, optional
            The folder, as an option names it.
        url : str, optional
            The database, as an option names it.
        environment : mapping of str to str, optional
            ``os.environ`` when not given.
        folder_is_store : bool
            Whether a folder named by an option means the database in it, whatever the environment says.

        Raises
        ------
        SettingError
            ``setting.not_a_database`` for an address that is neither SQLite's nor PostgreSQL's.
        """
        variables = os.environ if environment is None else environment
        folder = Path(data or variables.get(_DATA) or _DEFAULT_FOLDER)
        named = url or ("" if folder_is_store and data else variables.get(DATABASE_URL, ""))
        if not named:
            return cls(folder, URL.create("sqlite", database=str(folder / DATABASE_FILE)))
        return cls(folder, _parsed(named, "--url" if url else DATABASE_URL))


def _parsed(text: str, name: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        url = URL.create("")
    driver = _DRIVERS.get(url.get_backend_name() if url.drivername else "")
    if driver is None or (driver == "sqlite" and url.database in _NO_FILE):
        # The address itself is not repeated: it may hold a password.
        raise SettingError("setting.not_a_database", name=name)
    return url.set(drivername=driver)
