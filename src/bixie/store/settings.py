"""Location of the store: a folder by default, or a PostgreSQL and a bucket by their addresses.

``BIXIE_DATA`` names the folder, ``BIXIE_DATABASE_URL`` the database and ``BIXIE_BLOBS_URL`` the bucket that
files are kept in; options of the command line come first.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bixie.kit.errors import SettingError

__all__ = ["BLOBS_URL", "DATABASE_FILE", "DATABASE_URL", "Bucket", "Location", "bucket_at", "place_of"]

BLOBS_URL = "BIXIE_BLOBS_URL"
DATABASE_URL = "BIXIE_DATABASE_URL"
_DATA = "BIXIE_DATA"
_DEFAULT_FOLDER = "bixie-data"
DATABASE_FILE = "bixie.sqlite3"
"""Name of the SQLite file in the folder."""

_NO_FILE = {None, "", ":memory:"}
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A location for files in an S3 service.

    Parameters
    ----------
    name : str
    prefix : str
        What the names of the store's objects begin with, without a slash at either end; may be empty.
    """

    name: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Location:
    """Location of a store's database and files.

    Parameters
    ----------
    folder : Path
        Files, and the SQLite database where no other is named.
    url : sqlalchemy.engine.URL
        The database, with the driver that Bixie uses.
    bucket : Bucket, optional
        Where files lie instead of the folder.
    """

    folder: Path
    url: URL
    bucket: Bucket | None = None

    @property
    def place(self) -> str:
        """Where the store is, for people: its folder, or its database without user and password."""
        return place_of(self.url)

    @classmethod
    def find(
        cls,
        data: str | None = None,
        url: str | None = None,
        environment: Mapping[str, str] | None = None,
        *,
        folder_is_store: bool = False,
    ) -> "Location":
        """Return the location that options and environment name.

        Parameters
        ----------
        data : str, optional
            The folder, as an option names it.
        url : str, optional
            The database, as an option names it.
        environment : mapping of str to str, optional
            ``os.environ`` when not given.
        folder_is_store : bool
            Whether a folder named by an option means what is in it, whatever the environment says.

        Raises
        ------
        SettingError
            ``setting.not_a_database`` for an address that is neither SQLite's nor PostgreSQL's,
            ``setting.not_a_bucket`` for one that is not S3's.
        """
        variables = os.environ if environment is None else environment
        folder = Path(data or variables.get(_DATA) or _DEFAULT_FOLDER)
        if folder_is_store and data:
            variables = {}
        bucket = bucket_at(variables.get(BLOBS_URL, ""))
        named = url or variables.get(DATABASE_URL, "")
        if not named:
            return cls(folder, URL.create("sqlite", database=str(folder / DATABASE_FILE)), bucket)
        return cls(folder, _parsed(named, "--url" if url else DATABASE_URL), bucket)


def place_of(url: URL) -> str:
    """Return where a database is, for people: an absolute path, or an address without user and password.

    The folder stands for the SQLite file that Bixie itself puts into it.
    """
    if url.get_backend_name() != "sqlite":
        # The query is left out as well: it may contain a password.
        port = f":{url.port}" if url.port else ""
        return f"{url.get_backend_name()}://{url.host or ''}{port}/{url.database or ''}"
    file = Path(str(url.database)).absolute()
    return str(file.parent if file.name == DATABASE_FILE else file)


def bucket_at(text: str, name: str = BLOBS_URL) -> Bucket | None:
    """Return the bucket at an address, ``s3://bucket/prefix``; None for an empty one.

    Parameters
    ----------
    text : str
    name : str
        Of the setting, for the error.

    Raises
    ------
    SettingError
        ``setting.not_a_bucket``.
    """
    if not text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:  # invalid brackets
        parts = urlsplit("")
    plain = parts.scheme == "s3" and not parts.query and not parts.fragment
    if not plain or not _BUCKET.fullmatch(parts.netloc) or not _PREFIX.fullmatch(parts.path):
        # Do not repeat the address: it may contain a key.
        raise SettingError("setting.not_a_bucket", name=name)
    return Bucket(parts.netloc, parts.path.strip("/"))


def _parsed(text: str, name: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        url = URL.create("")
    driver = _DRIVERS.get(url.get_backend_name() if url.drivername else "")
    if driver is None or (driver == "sqlite" and url.database in _NO_FILE):
        # Do not repeat the address: it may contain a password.
        raise SettingError("setting.not_a_database", name=name)
    return url.set(drivername=driver)
