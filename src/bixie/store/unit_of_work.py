"""One request or job is one transaction: it is committed after the block, or not at all.

Nobody below calls ``commit``; what must happen outside of the transaction happens after the block.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from bixie.store.engine import READING, refusals

__all__ = ["Store"]

_Kind = TypeVar("_Kind", bound=Session)


class Store:
    """A database, and its transactions.

    Parameters
    ----------
    engine : Engine
        From `connect` or `open_to_read`.
    about : mapping, optional
        What every session knows, in ``session.info``, such as where the ledger's key is.
    """

    def __init__(self, engine: Engine, about: Mapping[str, Any] | None = None) -> None:
        self.engine = engine
        self.about = dict(about or {})
        # A snapshot: the data do not change while a reader reads.
        isolation = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        options = isolation if engine.dialect.name == "postgresql" else {}
        self._reader = engine.execution_options(**{READING: True}, **options)

    @contextmanager
    def writing(self, kind: type[_Kind], **about: Any) -> Iterator[_Kind]:
        """Open a session of that kind; commit it at the end of the block, or roll back on an exception.

        Parameters
        ----------
        kind : type of Session
        **about
            What the session knows about itself, in ``session.info``.

        Raises
        ------
        StoreError
            When the database refuses.
        """
        info = {**self.about, **about}
        with refusals(), kind(self.engine, expire_on_commit=False, info=info) as session, session.begin():
            yield session

    @contextmanager
    def reading(self, kind: type[_Kind], **about: Any) -> Iterator[_Kind]:
        """Open a session that sees one state of the database and cannot change it."""
        # Loaded rows stay usable after the block.
        info = {**self.about, **about}
        with refusals(), kind(self._reader, expire_on_commit=False, info=info) as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a connection that sees one state of all tables: for a backup, which knows no tenants."""
        with refusals(), self._reader.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
