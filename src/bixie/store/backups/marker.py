"""The mark of a store that a backup is being restored into: it is not whole, and nobody may work with it.

The mark is a table, made before the first other table and dropped as the last act: a store whose restore
was killed is recognised, whichever folder or machine it is opened from.
"""

from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text, inspect

from bixie.store.engine import refusals
from bixie.store.errors import StoreError

__all__ = ["check_whole", "mark", "tables_beside", "unmark"]

_NAME = "restore_in_progress"
_MARK = Table(_NAME, MetaData(), Column("note", Text, nullable=True))


def check_whole(database: Connection | Engine, place: str) -> None:
    """Check that no restore into a database is under way or was cut off.

    Raises
    ------
    StoreError
        ``store.half_restored``.
    """
    if inspect(database).has_table(_NAME):
        raise StoreError("store.half_restored", place=place)


def mark(connection: Connection) -> bool:
    """Mark an empty database; return whether it was marked already: then a restore was cut off.

    Raises
    ------
    StoreError
        ``store.not_empty``.
    """
    names = inspect(connection).get_table_names()
    if _NAME in names:
        return True
    if names:
        raise StoreError("store.not_empty")
    _MARK.create(connection)
    return False


def unmark(engine: Engine) -> None:
    """Remove the mark: the store is whole, or empty."""
    with refusals(), engine.begin() as connection:
        _MARK.drop(connection, checkfirst=True)


def tables_beside(connection: Connection) -> MetaData:
    """Return all tables of a database but the mark."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name != _NAME)
    return found
