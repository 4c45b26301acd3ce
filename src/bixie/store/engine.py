"""Connections to SQLite and PostgreSQL, configured so that both are durable.

SQLite: write-ahead log, every commit on disk before it counts, writers begin with the lock they will need.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from bixie.kit.messages import Text, catalogue
from bixie.store.errors import StoreError
from bixie.store.settings import place_of

__all__ = ["READING", "connect", "open_to_read", "refusals"]

READING = "bixie_reading"
"""Execution option of a connection that only reads."""

_SQLITE_REASONS = {
    sqlite3.SQLITE_BUSY: "database.busy",
    sqlite3.SQLITE_LOCKED: "database.busy",
    sqlite3.SQLITE_READONLY: "database.read_only",
    sqlite3.SQLITE_IOERR: "database.disk",
    sqlite3.SQLITE_CORRUPT: "database.damaged",
    sqlite3.SQLITE_FULL: "database.full",
    sqlite3.SQLITE_CANTOPEN: "database.cannot_open",
    sqlite3.SQLITE_NOTADB: "database.none",
}

_BUSY_SECONDS = 30
_ASKED_AGAIN_AFTER = 0.01
_WRITER_ASKS_AGAIN_AFTER = 0.005
"""SQLite's own waiting sleeps up to 100 ms, and misses the moments between transactions of a busy writer."""
_CONNECT_SECONDS = 10


def connect(url: URL) -> Engine:
    """Return an engine for reading and writing; a SQLite file and its folder are made where they are missing.

    Parameters
    ----------
    url : sqlalchemy.engine.URL
        From `Location.find`.
    """
    if url.get_backend_name() == "sqlite":
        # Other users of this machine must not read it.
        Path(str(url.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _sqlite(url, _prepare_to_write)
    return _postgresql(url)


def open_to_read(url: URL) -> Engine:
    """Return an engine that never writes, not even a missing file, and accepts invalid text.

    Raises
    ------
    StoreError
        ``store.not_there`` where there is no such SQLite file.
    """
    if url.get_backend_name() != "sqlite":
        return _postgresql(url)
    file = Path(str(url.database)).absolute()
    if not file.is_file():
        raise StoreError("store.not_there", place=place_of(url))
    return _sqlite(url.set(database=file.as_uri(), query=_read_only(file)), _prepare_to_read)


def _read_only(file: Path) -> dict[str, str]:
    """Return the parameters of SQLite's URI for a file that must not be changed."""
    chosen = {"uri": "true", "mode": "ro"}
    # Beside a file with a write-ahead log SQLite keeps a map of it, which cannot be made on a read-only
    # medium. An existing log must be read, though, or the newest events seem to be missing.
    if not os.access(file.parent, os.W_OK) and not Path(f"{file}-wal").exists():
        chosen["immutable"] = "1"
    return chosen


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the database's own errors inside the block into a `StoreError`.

    Raises
    ------
    StoreError
        ``store.unreachable`` when it cannot be reached or is locked, ``store.busy`` when all connections are
        taken for too long, ``store.refused`` otherwise.
    """
    try:
        yield
    except OperationalError as error:
        raise StoreError("store.unreachable", reason=_reason(error)) from error
    except NoFreeConnection as error:
        raise StoreError("store.busy") from error
    except DBAPIError as error:
        raise StoreError("store.refused", reason=_reason(error)) from error


def _reason(error: DBAPIError) -> Text | str:
    """Return what SQLite means in both languages; of PostgreSQL the first line of its own message."""
    key = _SQLITE_REASONS.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
    if key is not None:
        return catalogue("bixie.store").text(key)
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_SECONDS}, hide_parameters=True
    )


def _sqlite(url: URL, prepare: Any) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_to_write(connection: sqlite3.Connection, _record: object) -> None:
    # Keep Python's driver from beginning transactions; `_begin` does.
    connection.isolation_level = None
    _write_ahead(connection)
    # Secure delete: erased values are overwritten.
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on, or find it on.

    Two connections that turn it on in a new file block each other, and SQLite refuses one of them at once
    instead of letting it wait (https://sqlite.org/c3ref/busy_handler.html): that one tries again.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(_ASKED_AGAIN_AFTER)


def _prepare_to_read(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    # Invalid bytes in a text column become lone surrogates instead of an error.
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")


def _begin(connection: Connection) -> None:
    # Two readers that upgrade to writers would deadlock; a writer locks at its beginning.
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    if reading:
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_writing(connection)


def _begin_writing(connection: Connection) -> None:
    driver, deadline = connection.connection.driver_connection, time.monotonic() + _BUSY_SECONDS
    assert driver is not None
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < deadline:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.Error as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            time.sleep(_WRITER_ASKS_AGAIN_AFTER)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last try: SQLAlchemy reports its error
    finally:
        driver.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000:.0f}")
