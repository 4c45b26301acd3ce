"""Migrates a database to the revision that this version needs; revisions are in ``migrations/versions``.

Revisions import no models: they must still make yesterday's tables when the models have moved on. The
metadata, which only the command line and the web know whole, are handed in.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from bixie.store.backups.marker import check_whole
from bixie.store.engine import refusals
from bixie.store.errors import StoreError
from bixie.store.settings import place_of

__all__ = ["check_migrated", "check_readable", "differences", "lock_migrations", "migrate", "revision_of"]

_FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x42_69_78_69_65
"""Key of PostgreSQL's advisory lock: processes that start together migrate one after the other."""


def migrate(engine: Engine, metadata: MetaData, to: str = "head", *, restoring: bool = False) -> None:
    """Migrate the database to a revision, in one transaction.

    Parameters
    ----------
    engine : Engine
        From `bixie.store.engine.connect`.
    metadata : MetaData
        Of all models; constraints get their names from its naming convention.
    to : str
        The newest when not given.
    restoring : bool
        Whether the caller is a restore, which alone may work with a store that is not whole.

    Raises
    ------
    StoreError
        ``store.half_restored``;
        ``store.newer`` when a newer version of Bixie has been here, or is asked for; nothing is changed
        then.
    """
    scripts = ScriptDirectory(str(_FOLDER))
    with refusals(), engine.begin() as connection:
        lock_migrations(connection)
        if not restoring:
            check_whole(connection, place_of(engine.url))
        there = revision_of(connection)
        known = {script.revision for script in scripts.walk_revisions()}
        for wanted in (there, None if to == "head" else to):
            if wanted is not None and wanted not in known:
                raise StoreError("store.newer", revision=wanted)

        def steps(revision: Any, _context: object) -> Iterable[Any]:
            return scripts._upgrade_revs(to, revision)

        with EnvironmentContext(Config(), scripts, fn=steps, destination_rev=to) as environment:
            environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
            environment.run_migrations()


def lock_migrations(connection: Connection) -> None:
    """Keep others from migrating until the transaction ends; a transaction of SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database, None if it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def check_migrated(engine: Engine) -> None:
    """Check that the database can be reached and has the revision that this version needs.

    Raises
    ------
    StoreError
        ``store.not_migrated``, or when it cannot be reached.
    """
    with refusals(), engine.connect() as connection:
        there = revision_of(connection)
    if there != ScriptDirectory(str(_FOLDER)).get_current_head():
        raise StoreError("store.not_migrated", revision=there)


def check_readable(engine: Engine) -> None:
    """Check that this version can read what is in the database, without changing it.

    Raises
    ------
    StoreError
        ``store.older`` when it must be migrated first, ``store.newer`` when a newer version of Bixie made it.
    """
    scripts = ScriptDirectory(str(_FOLDER))
    with refusals(), engine.connect() as connection:
        there = revision_of(connection)
    if there == scripts.get_current_head():
        return
    known = {script.revision for script in scripts.walk_revisions()}
    code = "store.older" if there is None or there in known else "store.newer"
    raise StoreError(code, revision=there)


def differences(engine: Engine, metadata: MetaData) -> list[Any]:
    """Return Alembic's differences between the tables and the models; empty if they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))
