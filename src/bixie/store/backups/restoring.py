"""Fills an empty store from a backup; a restore that was killed starts over when it is run again.

Every file is checked against the manifest before the first row is written.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, delete, insert, literal, select, text

from bixie.kit.chunks import chunks
from bixie.kit.file_lock import FileLock
from bixie.kit.progress import Progress, no_progress
from bixie.store.backups.folder import open_plain
from bixie.store.backups.hashed_lines import open_lines
from bixie.store.backups.manifest import MANIFEST, Backup, BackupFile, read_manifest
from bixie.store.backups.marker import mark, tables_beside, unmark
from bixie.store.backups.rows import rows_of, tables_in
from bixie.store.blobs import Blobs
from bixie.store.engine import refusals
from bixie.store.errors import StoreError
from bixie.store.migration import lock_migrations, migrate
from bixie.store.settings import place_of
from bixie.store.unit_of_work import Store

__all__ = ["restore"]

_LOCK = 0x42_69_78_69_66
"""Key of PostgreSQL's advisory lock that a restore holds from its first to its last act."""
_ATTEMPTS, _BETWEEN_SECONDS = 21, 0.1


def _nothing() -> None:
    pass


def restore(
    store: Store,
    blobs: Blobs,
    source: Path,
    metadata: MetaData,
    *,
    named: Callable[[Connection], Iterable[tuple[str, str]]],
    progress: Progress = no_progress,
    verify: Callable[[], None] = _nothing,
) -> Backup:
    """Fill an empty store from a backup, then bring it up to date.

    Parameters
    ----------
    store : Store
        Without a table, or left by a restore that was cut off, of this backup or of another.
    blobs : Blobs
    source : Path
        Folder that `back_up` wrote.
    metadata : MetaData
        Of all models, for migrations.
    named : callable
        Returns space and SHA-256 of every file that the rows of a connection name: none may be missing.
    progress : Progress
        Called after each file.
    verify : callable
        Called when everything is in place, before anybody else may open the store.

    Raises
    ------
    StoreError
        ``store.not_empty``, ``store.restore_running``, ``store.no_backup``, ``store.backup_damaged``,
        ``store.backup_not_plain`` or ``store.newer``: no row was written then. ``store.files``,
        ``store.full``, ``store.refused``: try again.
    """
    with _alone(store.engine):
        made, files = read_manifest(source)
        for name in made.tables:
            _check(source, made, name)
        for _ in files:  # its hash is checked at the end
            pass
        with refusals(), store.engine.begin() as connection:
            lock_migrations(connection)
            left_over = mark(connection)
        try:
            if left_over:
                _drop_tables(store.engine)
            for done, one in enumerate(files, 1):
                _restore_file(blobs, source, one)
                progress(done, made.files)
            migrate(store.engine, metadata, to=made.revision, restoring=True)
            with refusals(), store.engine.begin() as connection:
                _insert(connection, source, made)
            migrate(store.engine, metadata, restoring=True)
            with store.snapshot() as connection:
                _check_files(named(connection), files)
            verify()
        except BaseException:
            _drop_tables(store.engine)
            unmark(store.engine)
            raise
        unmark(store.engine)
    return made


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keep a second restore from dropping the tables of this one; a killed process has lost its lock."""
    running = StoreError("store.restore_running", place=place_of(engine.url))
    if engine.dialect.name == "sqlite":
        path = Path(f"{engine.url.database}.restoring")
        lock = FileLock.try_acquire(path)
        if lock is None:
            raise running
        try:
            yield
        finally:
            lock.release()
            path.unlink(missing_ok=True)
        return
    with refusals(), engine.connect() as connection:
        # The server needs a moment to notice that the client of a killed restore is gone.
        for attempt in range(_ATTEMPTS):
            locked = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar()
            connection.commit()  # a session's lock; an open transaction would hold back the server's clean-up
            if locked:
                break
            if attempt == _ATTEMPTS - 1:
                raise running
            time.sleep(_BETWEEN_SECONDS)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()


def _drop_tables(engine: Engine) -> None:
    with refusals(), engine.begin() as connection:
        tables_beside(connection).drop_all(connection)


def _insert(connection: Connection, source: Path, made: Backup) -> None:
    tables = tables_in(connection)
    if {table.name for table in tables} != made.tables.keys():
        raise StoreError("store.backup_damaged", file=MANIFEST)
    for table in reversed(tables):
        # The migration itself inserted rows; the backup has their later state.
        if connection.execute(select(literal(1)).select_from(table).limit(1)).first():
            connection.execute(delete(table))
    for table in tables:
        about = made.tables[table.name]
        with open_lines(source, "tables", f"{table.name}.jsonl", about=about) as file:
            for run in rows_of(file, table):
                connection.execute(insert(table), run)


def _check_files(named: Iterable[tuple[str, str]], files: Iterable[BackupFile]) -> None:
    """Check that the backup has every file that its rows name; whoever made it may have left some out."""
    missing = set(named)
    for one in files:
        missing.discard((one.space, one.sha256))
    if missing:
        raise StoreError("store.backup_damaged", file="/".join(min(missing)))


def _check(source: Path, made: Backup, name: str) -> None:
    with open_lines(source, "tables", f"{name}.jsonl", about=made.tables[name]) as file:
        for _ in chunks(file):
            pass


def _restore_file(blobs: Blobs, source: Path, one: BackupFile) -> None:
    entry = f"{one.space}/{one.sha256}"
    try:
        with (
            open_plain(source, *one.names, size=one.size) as file,
            blobs.receiving(chunks(file)) as received,
        ):
            if received.sha256 != one.sha256:
                raise StoreError("store.backup_damaged", file=entry)
            blobs.keep(one.space, received)
    except (OSError, ValueError) as error:  # of reading; writing raises StoreError
        raise StoreError("store.backup_damaged", file=entry) from error
