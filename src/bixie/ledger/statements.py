"""What the events of a tenant say of rows, gathered on disk while a ledger is walked along.

A temporary database holds the statements, so that memory does not grow with them. It never holds personal
values: a statement only names them.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from bixie.kit.canonical_json import Json
from bixie.ledger.recorded import SEQUENCE, Columns, key_text

__all__ = [
    "MAX_KEYS",
    "Restated",
    "Said",
    "Stated",
    "Statements",
    "commitment_name",
    "is_names",
    "statements_of",
    "without_statements",
]

MAX_KEYS = 500
"""Keys in one query."""

_PAGES = "PRAGMA cache_size = -16000"  # KiB
_TABLE = "CREATE TABLE said (of TEXT, row TEXT, event INTEGER, statement TEXT)"
_INDEX = "CREATE INDEX said_of_row ON said (of, row)"
_ADD = "INSERT INTO said VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the last event that speaks of a column says.

    Parameters
    ----------
    sequence : int
        Of the event.
    value : Json
        None for a personal value.
    personal : str or None
        Name of the event's commitment.
    """

    sequence: int
    value: Json
    personal: str | None = None


@dataclass(frozen=True, slots=True)
class Restated:
    """An event that says of a row what none may: another value of a fixed column, or that it was deleted.

    Parameters
    ----------
    sequence : int
        Of the event.
    column : str or None
        None where it deletes the row.
    before, now : Stated
        What was said first, and what this event says.
    """

    sequence: int
    column: str | None
    before: Stated
    now: Stated


@dataclass(slots=True)
class Said:
    """All that the ledger says of a row.

    Parameters
    ----------
    of : Columns
        Of its table.
    exists : bool
        False before a row was made and after it was deleted.
    sequence : int
        Of the last event that speaks of the row.
    columns : dict of str to Stated
    restated : Restated or None
        The first event that says what none may.
    """

    of: Columns
    exists: bool = False
    sequence: int = 0
    columns: dict[str, Stated] = field(default_factory=dict)
    restated: Restated | None = None

    def hear(self, sequence: int, statement: Mapping[str, Any]) -> None:
        """Take in the next statement."""
        self.sequence = sequence
        values = statement["values"]
        if values is None:
            if self.exists and not self.of.deletable:
                self._restate(None, self.columns[SEQUENCE], Stated(sequence, None))
            self.exists, self.columns = False, {}
            return
        if not self.exists:
            self.exists = True
            self.columns[SEQUENCE] = Stated(sequence, sequence)
            if SEQUENCE in values:  # of a row from before, or in an event that continues another
                self.columns[SEQUENCE] = Stated(sequence, values[SEQUENCE])
        for name, value in values.items():
            self._say(name, Stated(sequence, value), statement["key"])
        for name in statement["personal"]:
            stated = Stated(sequence, None, commitment_name(name, statement["position"]))
            self._say(name, stated, statement["key"])

    def _say(self, name: str, now: Stated, key: Json) -> None:
        before = self.columns.get(name, now)
        if before is not now and name not in self.of.changing:
            hidden = (before.personal, now.personal) != (None, None)
            anew = hidden or before.value != now.value
            # A new commitment never counts as the former value, and only what is personal can be erased.
            if anew and (now.personal is not None or not self.of.may_become(name, now.value, key)):
                self._restate(name, before, now)
        self.columns[name] = now

    def _restate(self, column: str | None, before: Stated, now: Stated) -> None:
        self.restated = self.restated or Restated(now.sequence, column, before, now)


def commitment_name(column: str, position: int) -> str:
    """Return the name of the commitment to a column of the row at a position, from 0, in its event."""
    return f"{column}.{position}" if position else column


def without_statements(data: Mapping[str, Json]) -> dict[str, Json]:
    """Return an event's data without what it says of rows for verifying."""
    return {name: value for name, value in data.items() if name not in ("rows", "recorded")}


def statements_of(data: Mapping[str, Json]) -> list[dict[str, Json]]:
    """Return the statements of an event's data, each with its position.

    Raises
    ------
    ValueError
        For what no version of Bixie writes.
    """
    rows = data.get("rows", [])
    if type(rows) is not list:
        raise ValueError(rows)
    return [_checked(one, position) for position, one in enumerate(rows)]


def is_names(value: Json) -> bool:
    """Return whether a value is a list of strings."""
    return type(value) is list and all(type(one) is str for one in value)


def _checked(one: Json, position: int) -> dict[str, Json]:
    if type(one) is not dict or type(one.get("table")) is not str or not {"key", "values"} <= one.keys():
        raise ValueError(one)
    values, personal = one["values"], one.get("personal", [])
    if not (values is None or type(values) is dict) or not is_names(personal):
        raise ValueError(one)
    return {"personal": personal, **one, "position": position}


class Statements:
    """Statements about the rows of one tenant."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # a temporary file that SQLite removes
        for command in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", _PAGES, _TABLE, "BEGIN"):
            self._database.execute(command)

    def add(self, said: Sequence[tuple[int, Mapping[str, Json]]]) -> None:
        """Add statements with the sequences of their events, in order."""
        self._database.executemany(
            _ADD,
            (
                (one["table"], key_text(one["key"]), sequence, json.dumps(one, ensure_ascii=False))
                for sequence, one in said
            ),
        )

    def finish(self) -> None:
        """Prepare for questions; nothing more is added."""
        self._database.execute(_INDEX)

    def tables(self) -> list[str]:
        """Return the tables that have statements, in order."""
        return [table for (table,) in self._database.execute("SELECT DISTINCT of FROM said ORDER BY of")]

    def take(self, table: str, keys: Sequence[str], columns: Columns) -> dict[str, Said]:
        """Return what is said of some rows, at most `MAX_KEYS`, and forget it."""
        marks = ", ".join("?" * len(keys))
        where = f"FROM said WHERE of = ? AND row IN ({marks})"
        found = self._database.execute(
            f"SELECT row, event, statement {where} ORDER BY rowid", (table, *keys)
        ).fetchall()
        self._database.execute(f"DELETE {where}", (table, *keys))
        rows: dict[str, Said] = {}
        for row, sequence, statement in found:
            rows.setdefault(row, Said(columns)).hear(sequence, json.loads(statement))
        return rows

    def left(self, table: str, columns: Columns) -> Iterator[tuple[str, Said]]:
        """Yield what is said of the rows of a table that nobody took, by key."""
        found = self._database.execute(
            "SELECT row, event, statement FROM said WHERE of = ? ORDER BY row, rowid", (table,)
        )
        for row, statements in groupby(found, key=lambda one: one[0]):
            said = Said(columns)
            for _, sequence, statement in statements:
                said.hear(sequence, json.loads(statement))
            yield row, said

    def close(self) -> None:
        """Remove the temporary file."""
        self._database.close()
