"""The format of rows in a backup: one line of JSON each, the same for both databases.

A backup of SQLite can be restored into PostgreSQL and vice versa, which is also how a store moves.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, DateTime, LargeBinary, Table, select

from bixie.kit.timestamps import format_timestamp, parse_timestamp
from bixie.store.backups.marker import tables_beside
from bixie.store.errors import StoreError

__all__ = ["Lines", "lines_of", "rows_of", "tables_in"]

_MAX_LINE = 64 * 1024 * 1024
_BATCH = 1000
_BOOKKEEPING = "alembic_version"
"""Alembic's own table: the manifest of a backup names the revision instead."""


def tables_in(connection: Connection) -> list[Table]:
    """Return the tables of a database, referenced tables first.

    They are reflected, not taken from the models: a backup of an earlier version has other columns.
    """
    return [table for table in tables_beside(connection).sorted_tables if table.name != _BOOKKEEPING]


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield the rows of a table in the order of its key, each as a line.

    Parameters
    ----------
    connection : Connection
        A snapshot of the database.
    table : Table
    """
    wanted = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=_BATCH).execute(wanted).mappings():
        values = {column.name: _written(row[column.name]) for column in table.columns}
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Lines(Protocol):
    """A file that is read line by line."""

    def readline(self, size: int, /) -> bytes:
        """Return a line, cut off after so many bytes; empty at the end."""
        ...


def rows_of(lines: Lines, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield rows in batches for the database.

    Raises
    ------
    StoreError
        ``store.backup_damaged`` for a line that is not a row of the table.
    """
    batch: list[dict[str, Any]] = []
    while line := lines.readline(_MAX_LINE + 1):
        batch.append(_row(line, table))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _row(line: bytes, table: Table) -> dict[str, Any]:
    try:
        values = json.loads(line)
        if not isinstance(values, Mapping) or values.keys() != {column.name for column in table.columns}:
            raise ValueError(table.name)
        return {column.name: _read(column.type, values[column.name]) for column in table.columns}
    except (ValueError, TypeError, RecursionError) as error:
        raise StoreError("store.backup_damaged", file=f"{table.name}.jsonl") from error


def _written(value: Any) -> Any:
    """Return a value for JSON: SQLite stores moments as this text, PostgreSQL has a type for them."""
    if isinstance(value, datetime):
        return format_timestamp(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _read(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return parse_timestamp(value)
    return base64.b64decode(value, validate=True) if isinstance(kind, LargeBinary) else value
