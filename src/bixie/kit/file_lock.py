"""A lock on a file that the system takes away from a dead process, on every system that Python runs on."""

import sqlite3
from pathlib import Path

__all__ = ["FileLock"]


class FileLock:
    """An exclusive lock, held until `release` or until the process ends, however it ends.

    The file is an empty SQLite database: its locks work alike on Linux, macOS and Windows.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def try_acquire(cls, path: Path) -> "FileLock | None":
        """Lock `path`, which is made if it is missing.

        Returns
        -------
        FileLock or None
            None while another process holds it, or where it cannot be written.
        """
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            if connection is not None:
                connection.close()
            return None
        return cls(connection)

    def release(self) -> None:
        """Give the lock up."""
        self._connection.close()
