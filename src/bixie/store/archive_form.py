"""How rows look in a backup: one line of JSON each, the same for both databases.

A backup of SQLite can be restored into PostgreSQL and the other way round: this is also how a store moves.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, LargeBinary, MetaData, Table, select

from bixie.kit.timestamps import format_timestamp, parse_timestamp
from bixie.store.errors import StoreError

__all__ = ["drop_tables", "lines_of", "rows_of", "tables_in"]

_MAX_LINE = 64 * 1024 * 1024
_AT_ONCE = 1000
_BOOKKEEPING = "alembic_version"
"""Alembic's own table: the list of a backup names the revision instead."""


def tables_in(connection: Connection) -> list[Table]:
    """Return the tables that a database has, as it describes them, those that others refer to first.

    The models are not asked: a backup of an earlier version has the columns of its time.
    """
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _BOOKKEEPING]


def drop_tables(engine: Engine) -> None:
    """Take away every table, those of Alembic as well: a database is as it was before Bixie came."""
    found = MetaData()
    with engine.begin() as connection:
        found.reflect(connection)
        found.drop_all(connection)


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield the rows of a table in the order of its key, each as a line.

    Parameters
    ----------
    connection : Connection
        It sees one state of the database.
    table : Table
    """
    wanted = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(wanted).mappings():
        values = {column.name: _written(row[column.name]) for column in table.columns}
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def rows_of(file: Path, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield rows in runs, as the database takes them.

    Raises
    ------
    StoreError
        ``store.backup_damaged`` for a line that is no row of the table.
    """
    run: list[dict[str, Any]] = []
    with file.open("rb") as lines:
        while line := lines.readline(_MAX_LINE + 1):
            run.append(_row(line, table, file.name))
            if len(run) == _AT_ONCE:
                yield run
                run = []
    if run:
        yield run


def _row(line: bytes, table: Table, name: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
        if not isinstance(values, Mapping) or values.keys() != {column.name for column in table.columns}:
            raise ValueError(name)
        return {column.name: _read(column.type, values[column.name]) for column in table.columns}
    except (ValueError, TypeError, RecursionError) as error:
        raise StoreError("store.backup_damaged", file=name) from error


def _written(value: Any) -> Any:
    """Return a value as JSON has it: SQLite keeps moments as this text, PostgreSQL by a type of its own."""
    if isinstance(value, datetime):
        return format_timestamp(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _read(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return parse_timestamp(value)
    return base64.b64decode(value, validate=True) if isinstance(kind, LargeBinary) else value
