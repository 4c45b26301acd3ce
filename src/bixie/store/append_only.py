"""Append-only tables: the database itself refuses to change or delete their rows.

Used by migrations. The owner of the database can drop these triggers; verifying the ledger detects later
changes.
"""

from sqlalchemy import Connection, text

__all__ = ["make_append_only"]

_REFUSE = """
CREATE OR REPLACE FUNCTION bixie_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def make_append_only(connection: Connection, table: str, key: tuple[str, ...]) -> None:
    """Make the database refuse UPDATE, DELETE and TRUNCATE of a table.

    Parameters
    ----------
    connection : Connection
    table : str
    key : tuple of str
        Its primary key.
    """
    for statement in _STATEMENTS[connection.dialect.name](table, key):
        connection.execute(text(statement))


def _postgresql(table: str, _key: tuple[str, ...]) -> list[str]:
    return [
        _REFUSE,
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION bixie_append_only()",
    ]


def _sqlite(table: str, key: tuple[str, ...]) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        # INSERT OR REPLACE deletes the old row without firing the trigger for DELETE.
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}",
    ]


_STATEMENTS = {"postgresql": _postgresql, "sqlite": _sqlite}
