"""Writes a store into a folder and restores it: rows, files, and a manifest with their hashes.

The folder gets its name only when everything in it is on disk; an interrupted backup stays partial. Restoring
checks every file against the manifest before it writes the first row.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, MetaData, delete, insert, inspect, literal, select

from bixie.kit.progress import Progress, no_progress
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.store.archive_form import drop_tables, lines_of, rows_of, tables_in
from bixie.store.blobs import Blobs
from bixie.store.disk import durable, file_refusals, make_folder, sync_folder
from bixie.store.engine import refusals
from bixie.store.errors import StoreError
from bixie.store.migration import migrate, revision_of
from bixie.store.unit_of_work import Store
from bixie.version import __version__

__all__ = ["Backup", "back_up", "restore"]

_SCHEMA = "bixie.backup/1"
_MANIFEST = "backup.json"
_MAX_MANIFEST = 64 * 1024 * 1024
_CHUNK = 1 << 20
_NAME = re.compile(r"[a-z_]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Backup:
    """Summary of a backup.

    Parameters
    ----------
    revision : str
        State of the database.
    made_at : str
    tables : dict
        Name to ``{"rows", "sha256"}``.
    files : int
        Kept files.
    """

    revision: str
    made_at: str
    tables: Mapping[str, Mapping[str, Any]]
    files: int

    @property
    def rows(self) -> int:
        """Number of rows in all tables."""
        return sum(int(one["rows"]) for one in self.tables.values())


def back_up(
    store: Store,
    blobs: Blobs,
    named: Callable[[Connection], Iterable[tuple[str, str]]],
    to: Path,
    *,
    temporary: Collection[str] = (),
    progress: Progress = no_progress,
    clock: Clock = utc_now,
) -> Backup:
    """Write a store into a new folder while the store stays in use.

    Parameters
    ----------
    store : Store
    blobs : Blobs
        Its files. A file is stored before a row names it, so the files of all rows exist.
    named : callable
        Returns space and SHA-256 of every file that the rows of a connection name. If one is missing, the
        store is incomplete or `blobs` belongs to another store.
    to : Path
        Must not exist.
    temporary : collection of str
        Tables that are backed up without their rows, because these expire soon.
    progress : Progress
        Called after each file.
    clock : callable

    Raises
    ------
    StoreError
        ``store.backup_exists``; ``store.file_missing`` or ``store.file_damaged`` if the store itself is
        incomplete; ``store.files`` or ``store.full``.
    """
    partial = to.with_name(f"{to.name}.partial")
    with file_refusals():
        if to.exists() or partial.exists():
            raise StoreError("store.backup_exists", path=str(to if to.exists() else partial))
        make_folder(partial / "tables")
    with store.snapshot() as connection:
        revision = revision_of(connection)
        assert revision is not None  # `existing_store` opens no other store
        tables = {
            table.name: _write_lines(
                partial / "tables" / f"{table.name}.jsonl",
                () if table.name in temporary else lines_of(connection, table),
            )
            for table in tables_in(connection)
        }
        files = set(named(connection))
    kept = _copy_files(blobs, files, partial, progress)
    made = Backup(revision, format_timestamp(clock()), tables, len(kept))
    with file_refusals():
        _write_manifest(partial / _MANIFEST, made, [f"{space}/{sha256}" for space, sha256 in kept])
        partial.rename(to)
        sync_folder(to.parent)
    return made


def restore(
    store: Store, blobs: Blobs, source: Path, metadata: MetaData, progress: Progress = no_progress
) -> Backup:
    """Fill an empty store from a backup, then bring it up to date.

    Parameters
    ----------
    store : Store
        Without a table.
    blobs : Blobs
    source : Path
        Folder that `back_up` wrote.
    metadata : MetaData
        Of all models, for migrations.
    progress : Progress
        Called after each file.

    Raises
    ------
    StoreError
        ``store.not_empty``, ``store.no_backup``, ``store.backup_damaged`` or ``store.newer``: nothing was
        written then. ``store.files``, ``store.full``, ``store.refused``: try again.
    """
    with refusals():
        if inspect(store.engine).get_table_names():
            raise StoreError("store.not_empty")
    made, kept = _read_manifest(source)
    for name, about in made.tables.items():
        _check(source / "tables" / f"{name}.jsonl", str(about["sha256"]))
    for done, entry in enumerate(kept, 1):
        space, _, sha256 = entry.partition("/")
        _restore_file(blobs, source, space, sha256)
        progress(done, len(kept))
    _fill(store, source, made, metadata)
    return made


def _copy_files(
    blobs: Blobs, named: set[tuple[str, str]], to: Path, progress: Progress
) -> list[tuple[str, str]]:
    """Copy all files, those that rows name included; return which there were."""
    # Rows were read first: a file stored meanwhile may lack its row, but no row lacks its file.
    found = sorted(named.union(blobs.all()))
    kept = []
    for done, (space, sha256) in enumerate(found, 1):
        try:
            with blobs.open(space, sha256) as source:
                _copy(source, to / "files" / space / sha256[:2] / sha256)
            kept.append((space, sha256))
        except StoreError as error:
            # The file of an erased exhibit may be removed meanwhile.
            if error.code != "store.file_missing" or (space, sha256) in named:
                raise
        progress(done, len(found))
    return kept


def _fill(store: Store, source: Path, made: Backup, metadata: MetaData) -> None:
    """Create the tables of the backup's revision, fill them, migrate them; on failure drop them all."""
    migrate(store.engine, metadata, to=made.revision)
    try:
        with refusals(), store.engine.begin() as connection:
            _insert(connection, source, made)
        migrate(store.engine, metadata)
    except BaseException:
        with refusals():
            drop_tables(store.engine)
        raise


def _insert(connection: Connection, source: Path, made: Backup) -> None:
    tables = tables_in(connection)
    if {table.name for table in tables} != made.tables.keys():
        raise StoreError("store.backup_damaged", file=_MANIFEST)
    for table in reversed(tables):
        # The migration itself inserted rows; the backup has their later state.
        if connection.execute(select(literal(1)).select_from(table).limit(1)).first():
            connection.execute(delete(table))
    for table in tables:
        for run in rows_of(source / "tables" / f"{table.name}.jsonl", table):
            connection.execute(insert(table), run)


def _restore_file(blobs: Blobs, source: Path, space: str, sha256: str) -> None:
    path = source / "files" / space / sha256[:2] / sha256
    try:
        with path.open("rb") as file, blobs.receiving(_chunks(file)) as received:
            if received.sha256 != sha256:
                raise StoreError("store.backup_damaged", file=f"{space}/{sha256}")
            blobs.keep(space, received)
    except (OSError, ValueError) as error:  # of reading; writing raises StoreError
        raise StoreError("store.backup_damaged", file=f"{space}/{sha256}") from error


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _write_lines(path: Path, lines: Iterable[bytes]) -> dict[str, Any]:
    digest, rows = hashlib.sha256(), 0
    with file_refusals(), durable(path) as file:
        for line in lines:
            file.write(line)
            digest.update(line)
            rows += 1
    return {"rows": rows, "sha256": digest.hexdigest()}


def _copy(source: BinaryIO, path: Path) -> None:
    with file_refusals(), durable(path) as file:
        for chunk in _chunks(source):
            file.write(chunk)


def _write_manifest(path: Path, made: Backup, kept: list[str]) -> None:
    document = {
        "schema": _SCHEMA,
        "version": __version__,
        "revision": made.revision,
        "made_at": made.made_at,
        "tables": made.tables,
        "files": kept,
    }
    with durable(path) as file:
        file.write((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def _read_manifest(source: Path) -> tuple[Backup, list[str]]:
    try:
        with (source / _MANIFEST).open("rb") as file:
            data = file.read(_MAX_MANIFEST + 1)
    except OSError as error:
        raise StoreError("store.no_backup", path=str(source)) from error
    try:
        document = json.loads(data)
        if len(data) > _MAX_MANIFEST or document["schema"] != _SCHEMA:
            raise ValueError(_SCHEMA)
        tables = {str(name): dict(about) for name, about in document["tables"].items()}
        kept = [str(entry) for entry in document["files"]]
        if not all(_NAME.fullmatch(name) for name in tables):
            raise ValueError(_SCHEMA)
        return Backup(str(document["revision"]), str(document["made_at"]), tables, len(kept)), kept
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError("store.backup_damaged", file=_MANIFEST) from error


def _check(path: Path, sha256: str) -> None:
    try:
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError as error:
        raise StoreError("store.backup_damaged", file=path.name) from error
    if not same:
        raise StoreError("store.backup_damaged", file=path.name)
