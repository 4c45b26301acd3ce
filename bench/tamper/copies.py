"""Copies of a populated store, one for each kind of tampering: a folder, or a database from a template."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from bench.tamper.kinds import Scene
from bench.tamper.population import Population
from bixie.store.engine import connect
from bixie.store.settings import Location

__all__ = ["copied", "tampering", "template_on"]

_TEMPLATE = "populated"


def template_on(server: str) -> str:
    """Make an empty database that copies are to be made of; return its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    return _database(server, _TEMPLATE)


@contextmanager
def copied(population: Population, server: str | None, folder: Path) -> Iterator[Population]:
    """Copy a populated store, with its files and its witness, into a folder; it is gone after the block."""
    shutil.copytree(population.folder, folder)
    try:
        if server is None:
            yield population.moved(folder, Location.find(str(folder / "data"), environment={}))
            return
        name = f"copy_{secrets.token_hex(6)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
            address = _database(server, name)
            yield population.moved(folder, Location.find(str(folder / "data"), address, environment={}))
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        shutil.rmtree(folder)


@contextmanager
def tampering(population: Population) -> Iterator[Scene]:
    """Open a copy as who owns the database can: nothing is refused. Committed at the end."""
    engine = connect(population.location.url)
    if engine.dialect.name == "sqlite":
        # At the beginning of the connection: inside of a transaction SQLite ignores it.
        sa.event.listen(engine, "connect", lambda opened, _: opened.execute("PRAGMA foreign_keys = OFF"))
    try:
        with engine.connect() as connection:
            _refuse_nothing(connection)
            yield Scene(
                connection,
                population.location,
                population.tenant,
                population.other,
                population.witness,
                population.key,
            )
            connection.commit()
    finally:
        engine.dispose()


def _refuse_nothing(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Triggers and foreign keys of this session's statements are not run.
        connection.execute(sa.text("SET session_replication_role = replica"))
        return
    named = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for name in connection.scalars(named).all():
        connection.execute(sa.text(f"DROP TRIGGER {name}"))


def _database(server: str, name: str) -> str:
    return f"{server.rsplit('/', 1)[0]}/{name}"
