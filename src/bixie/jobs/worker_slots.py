"""A worker's place at a store: a number that it holds as long as its process lives, and not a moment longer.

The database itself holds it: a lock of PostgreSQL's session, or of a file beside SQLite's. When a process is
killed its lock is gone, so that others can tell the dead from the slow without looking at a clock.
"""

import hashlib
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from bixie.jobs.errors import WorkError
from bixie.store.engine import refusals

__all__ = ["MAX_PLACES", "WorkerSlot", "beside", "hold", "schema_of", "take"]

MAX_PLACES = 64
"""Workers at one store."""


class WorkerSlot(Protocol):
    """A place that this process holds."""

    number: int

    def held(self) -> bool:
        """Return whether it is still held; a connection that was cut is made again where it can be."""
        ...

    def leave(self) -> None:
        """Give it up."""
        ...


def take(engine: Engine) -> WorkerSlot:
    """Take the first free place.

    Raises
    ------
    WorkError
        ``work.no_place``.
    StoreError
        When the database cannot be reached.
    """
    for number in range(1, MAX_PLACES + 1):
        place = hold(engine, number)
        if place is not None:
            return place
    raise WorkError("work.no_place", most=MAX_PLACES)


def hold(engine: Engine, number: int) -> WorkerSlot | None:
    """Take one place, None while another process holds it."""
    if engine.dialect.name == "postgresql":
        with refusals():
            return _SessionPlace.take(engine.url, number)
    return _FilePlace.take(engine.url, number)


def beside(url: URL, ending: str) -> Path:
    """Return the path of a file beside a SQLite database: ``bixie.sqlite3`` has ``bixie-work.sqlite3``."""
    database = Path(str(url.database))
    return database.with_name(f"{database.stem}-work{ending}")


def schema_of(connection: Connection) -> str:
    """Return the schema in which a PostgreSQL connection finds the store's tables."""
    return str(connection.execute(text("SELECT current_schema()")).scalar_one())


class _FilePlace:
    """An empty SQLite database, locked: the system takes the lock away from a process that is gone."""

    def __init__(self, number: int, connection: sqlite3.Connection) -> None:
        self.number = number
        self._connection = connection

    @classmethod
    def take(cls, url: URL, number: int) -> "_FilePlace | None":
        file = beside(url, f"-{number}.lock")
        connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return None
        return cls(number, connection)

    def held(self) -> bool:
        return True

    def leave(self) -> None:
        self._connection.close()


class _SessionPlace:
    """An advisory lock of PostgreSQL, held by a connection of its own."""

    def __init__(self, number: int, url: URL, connection: Connection) -> None:
        self.number = number
        self._url = url
        self._connection = connection

    @classmethod
    def take(cls, url: URL, number: int) -> "_SessionPlace | None":
        connection = _locked(url, number)
        return None if connection is None else cls(number, url, connection)

    def held(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.leave()
            with refusals():
                connection = _locked(self._url, self.number)
            if connection is None:
                return False
            self._connection = connection
        return True

    def leave(self) -> None:
        with suppress(SQLAlchemyError):
            self._connection.close()


def _locked(url: URL, number: int) -> Connection | None:
    # Without a pool: the session ends with the connection. Without a transaction: it may stand for days.
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    connection = engine.connect()
    try:
        # Advisory locks are the whole database's; stores in different schemas must not meet.
        space = int.from_bytes(hashlib.sha256(schema_of(connection).encode()).digest()[:4], signed=True)
        asked = text("SELECT pg_try_advisory_lock(:space, :number)")
        if connection.execute(asked, {"space": space, "number": number}).scalar_one():
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None
