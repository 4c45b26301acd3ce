"""Worker slots: a number that a worker holds exactly as long as its process lives.

The database holds the lock: an advisory lock of a PostgreSQL session, or a locked file beside SQLite's. A
killed process loses its lock, so other workers can tell dead from slow without looking at a clock.
"""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from bixie.jobs.errors import WorkError
from bixie.kit.file_lock import FileLock
from bixie.store.engine import refusals

__all__ = ["MAX_WORKER_SLOTS", "WorkerSlot", "acquire", "beside", "is_free", "schema_of", "try_acquire"]

MAX_WORKER_SLOTS = 64
"""Workers at one store."""


class WorkerSlot(Protocol):
    """A slot that this process holds."""

    number: int

    def is_held(self) -> bool:
        """Return whether it is still held. A broken connection is replaced if the slot is still free."""
        ...

    def release(self) -> None:
        """Release it."""
        ...


def acquire(engine: Engine) -> WorkerSlot:
    """Acquire the first free slot.

    Raises
    ------
    WorkError
        ``work.no_place``.
    StoreError
        When the database cannot be reached.
    """
    for number in range(1, MAX_WORKER_SLOTS + 1):
        slot = try_acquire(engine, number)
        if slot is not None:
            return slot
    raise WorkError("work.no_place", max=MAX_WORKER_SLOTS)


def try_acquire(engine: Engine, number: int) -> WorkerSlot | None:
    """Acquire one slot, None while another process holds it."""
    if engine.dialect.name == "postgresql":
        with refusals():
            return _SessionSlot.acquire(engine.url, number)
    return _FileSlot.acquire(engine.url, number)


def is_free(engine: Engine, number: int) -> bool:
    """Return whether no process holds a slot."""
    slot = try_acquire(engine, number)
    if slot is None:
        return False
    slot.release()
    return True


def beside(url: URL, ending: str) -> Path:
    """Return the path of a file beside a SQLite database: ``bixie.sqlite3`` has ``bixie-work.sqlite3``."""
    database = Path(str(url.database))
    return database.with_name(f"{database.stem}-work{ending}")


def schema_of(connection: Connection) -> str:
    """Return the schema in which a PostgreSQL connection finds the store's tables."""
    return str(connection.execute(text("SELECT current_schema()")).scalar_one())


class _FileSlot:
    """A locked file. The operating system frees the lock when the process ends."""

    def __init__(self, number: int, lock: FileLock) -> None:
        self.number = number
        self._lock = lock

    @classmethod
    def acquire(cls, url: URL, number: int) -> "_FileSlot | None":
        lock = FileLock.try_acquire(beside(url, f"-{number}.lock"))
        return None if lock is None else cls(number, lock)

    def is_held(self) -> bool:
        return True

    def release(self) -> None:
        self._lock.release()


class _SessionSlot:
    """An advisory lock of PostgreSQL, held by a connection of its own."""

    def __init__(self, number: int, url: URL, connection: Connection) -> None:
        self.number = number
        self._url = url
        self._connection = connection

    @classmethod
    def acquire(cls, url: URL, number: int) -> "_SessionSlot | None":
        connection = _locked(url, number)
        return None if connection is None else cls(number, url, connection)

    def is_held(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.release()
            with refusals():
                connection = _locked(self._url, self.number)
            if connection is None:
                return False
            self._connection = connection
        return True

    def release(self) -> None:
        with suppress(SQLAlchemyError):
            self._connection.close()


def _locked(url: URL, number: int) -> Connection | None:
    # No pool: the session ends with the connection. No transaction: it would be open for days.
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    connection = engine.connect()
    try:
        # Advisory locks belong to the whole database; stores in different schemas must not share them.
        space = int.from_bytes(hashlib.sha256(schema_of(connection).encode()).digest()[:4], signed=True)
        query = text("SELECT pg_try_advisory_lock(:space, :number)")
        if connection.execute(query, {"space": space, "number": number}).scalar_one():
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None
