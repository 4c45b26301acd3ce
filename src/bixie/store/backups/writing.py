"""Writes a store into a folder while the store stays in use.

The folder gets its name only when everything in it is on disk; until then its name ends in ``.partial``. A
backup that was interrupted is taken over: its rows are written anew, its files are kept where they are whole.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from sqlalchemy import Connection

from bixie.kit.chunks import chunks
from bixie.kit.file_lock import FileLock
from bixie.kit.progress import Progress, no_progress
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.store.backups.hashed_lines import write_lines
from bixie.store.backups.manifest import FILE_LIST, MANIFEST, Backup, BackupFile, write_manifest
from bixie.store.backups.rows import lines_of, tables_in
from bixie.store.blobs import Blobs, named_by
from bixie.store.disk import durable, file_refusals, make_folder, sync_folder
from bixie.store.errors import StoreError
from bixie.store.migration import revision_of
from bixie.store.unit_of_work import Store

__all__ = ["back_up"]

_TABLES, _FILES = "tables", "files"


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
    """Write a store into a new folder, or finish a backup there that was interrupted.

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
        ``store.backup_exists``, or ``store.backup_running`` while another process writes to the same folder;
        ``store.file_missing`` or ``store.file_damaged`` if the store itself is incomplete; ``store.files`` or
        ``store.full``: call again, and what was written is taken over.
    """
    partial = to.with_name(f"{to.name}.partial")
    with _locked(partial):
        with file_refusals():
            _prepare(to, partial)
        with store.snapshot() as connection:
            revision = revision_of(connection)
            assert revision is not None  # `existing_store` opens no other store
            tables = {
                table.name: write_lines(
                    partial / _TABLES / f"{table.name}.jsonl",
                    () if table.name in temporary else lines_of(connection, table),
                )
                for table in tables_in(connection)
            }
            files = set(named(connection))
        kept, resumed = _copy_files(blobs, files, partial, progress)
        made = Backup(revision, format_timestamp(clock()), tables, len(kept), resumed)
        with file_refusals():
            _remove_others(partial / _FILES, {"/".join(one.names[1:]) for one in kept})
            write_manifest(partial, made, kept)
            partial.rename(to)
            sync_folder(to.parent)
    return made


@contextmanager
def _locked(partial: Path) -> Iterator[None]:
    """Hold the lock that says whether a backup is being written; a killed process has lost it."""
    path = partial.with_name(f"{partial.name}.lock")
    with file_refusals():
        make_folder(path.parent)
    lock = FileLock.try_acquire(path)
    if lock is None:
        raise StoreError("store.backup_running", path=str(partial))
    try:
        yield
    finally:
        lock.release()
        with suppress(OSError):  # another process may hold it now
            path.unlink()


def _prepare(to: Path, partial: Path) -> None:
    """Make the partial folder, or leave nothing but files in that of an interrupted backup."""
    if os.path.lexists(to):
        raise StoreError("store.backup_exists", path=str(to))
    if os.path.lexists(partial):
        if not _is_left_over(partial):
            raise StoreError("store.backup_exists", path=str(partial))
        for name in (MANIFEST, FILE_LIST):
            (partial / name).unlink(missing_ok=True)
        if (partial / _TABLES).exists():
            shutil.rmtree(partial / _TABLES)
    make_folder(partial / _TABLES)


def _is_left_over(partial: Path) -> bool:
    """Return whether a folder has nothing but what an interrupted backup leaves."""
    if partial.is_symlink() or not partial.is_dir():
        return False
    for parent, folders, files in os.walk(partial):
        here = Path(parent)
        if any((here / name).is_symlink() for name in (*folders, *files)):
            return False
        if not all(_is_ours((here / name).relative_to(partial)) for name in files):
            return False
    return True


def _is_ours(path: PurePath) -> bool:
    """Return whether a backup writes a file of this name, relative to its folder."""
    first, *rest = path.parts
    if first == _FILES:
        return named_by("/".join(rest)) is not None
    if first == _TABLES:
        return len(rest) == 1 and path.suffix == ".jsonl"
    return path.parts in {(MANIFEST,), (FILE_LIST,)}


def _copy_files(
    blobs: Blobs, named: set[tuple[str, str]], partial: Path, progress: Progress
) -> tuple[list[BackupFile], int]:
    """Copy all files, also those that rows name; return them, and how many had been copied before."""
    # Rows were read first: a file stored meanwhile may lack its row, but no row lacks its file.
    found = sorted(named.union(blobs.all()))
    kept, resumed = [], 0
    for done, (space, sha256) in enumerate(found, 1):
        one = BackupFile(space, sha256)
        try:
            size = _taken_over(blobs, partial, one)
            resumed += size is not None
            if size is None:
                size = _copy(blobs, partial, one)
            kept.append(BackupFile(space, sha256, size))
        except StoreError as error:
            # The file of an erased exhibit may be removed meanwhile.
            if error.code != "store.file_missing" or (space, sha256) in named:
                raise
        progress(done, len(found))
    return kept, resumed


def _taken_over(blobs: Blobs, partial: Path, one: BackupFile) -> int | None:
    """Return the size of a file that an interrupted backup has written whole; remove it otherwise."""
    path = partial.joinpath(*one.names)
    with file_refusals():
        if not path.exists():
            return None
        with path.open("rb") as file:
            whole = hashlib.file_digest(file, "sha256").hexdigest() == one.sha256
            size = file.tell()
            os.fsync(file.fileno())  # the other process may have died before it did
        if not whole or not blobs.holds(one.space, one.sha256):
            path.unlink()  # `_copy` says what the store lacks
            return None
        sync_folder(path.parent)
    return size


def _copy(blobs: Blobs, partial: Path, one: BackupFile) -> int:
    size = 0
    with (
        blobs.open(one.space, one.sha256) as source,
        file_refusals(),
        durable(partial.joinpath(*one.names)) as file,
    ):
        for chunk in chunks(source):
            size += file.write(chunk)
    return size


def _remove_others(folder: Path, wanted: Collection[str]) -> None:
    """Remove what an interrupted backup has written and the store no longer has."""
    for path in folder.glob("*/*/*"):
        if path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
