"""The manifest of a backup: what is in its folder, with the hashes and sizes that everything must have.

The list of files is a file of its own, a line for each, so that no number of files is too large for memory.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bixie.store.backups.folder import open_plain
from bixie.store.backups.hashed_lines import open_lines, write_lines
from bixie.store.blobs import named_by
from bixie.store.disk import durable
from bixie.store.errors import StoreError
from bixie.version import __version__

__all__ = ["FILE_LIST", "MANIFEST", "Backup", "BackupFile", "read_manifest", "write_manifest"]

MANIFEST = "backup.json"
FILE_LIST = "files.jsonl"
_SCHEMA = "bixie.backup/2"
_SCHEMA_WITH_FILES = "bixie.backup/1"
"""Of earlier versions: the list of files stands in the manifest."""
_MAX_BYTES = 64 * 1024 * 1024
_MAX_LINE = 4096
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
        Name to ``{"rows", "sha256", "bytes"}``; backups of earlier versions have no ``bytes``.
    files : int
        Kept files.
    resumed : int
        Files among them that an interrupted backup had written.
    """

    revision: str
    made_at: str
    tables: Mapping[str, Mapping[str, Any]]
    files: int
    resumed: int = 0

    @property
    def rows(self) -> int:
        """Number of rows in all tables."""
        return sum(int(one["rows"]) for one in self.tables.values())


@dataclass(frozen=True, slots=True, order=True)
class BackupFile:
    """A kept file in a backup.

    Parameters
    ----------
    space, sha256 : str
    size : int or None
        In bytes; None in backups of earlier versions.
    """

    space: str
    sha256: str
    size: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The folders that it lies in, and its name."""
        return ("files", self.space, self.sha256[:2], self.sha256)


def write_manifest(folder: Path, made: Backup, files: Iterable[BackupFile]) -> None:
    """Write the list of files and the manifest, durably, as the last files of a backup."""
    listed = write_lines(folder / FILE_LIST, (_line(one) for one in files))
    document = {
        "schema": _SCHEMA,
        "version": __version__,
        "revision": made.revision,
        "made_at": made.made_at,
        "tables": made.tables,
        "files": listed,
    }
    with durable(folder / MANIFEST) as file:
        file.write((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def read_manifest(folder: Path) -> tuple[Backup, Iterable[BackupFile]]:
    """Return what a backup says of itself, and its files, which are read anew each time they are asked for.

    Raises
    ------
    StoreError
        ``store.no_backup``, ``store.backup_not_plain`` or ``store.backup_damaged``.
    """
    try:
        with open_plain(folder, MANIFEST) as file:
            if os.fstat(file.fileno()).st_size > _MAX_BYTES:
                raise StoreError("store.backup_damaged", file=MANIFEST)
            data = file.read(_MAX_BYTES)
    except OSError as error:
        raise StoreError("store.no_backup", path=str(folder)) from error
    try:
        return _parsed(folder, json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError("store.backup_damaged", file=MANIFEST) from error


def _parsed(folder: Path, document: Any) -> tuple[Backup, Iterable[BackupFile]]:
    tables = {str(name): _table(about) for name, about in document["tables"].items()}
    if not all(_NAME.fullmatch(name) for name in tables):
        raise ValueError(_SCHEMA)
    files: Iterable[BackupFile]
    if document["schema"] == _SCHEMA_WITH_FILES:
        files = _files_within(document)
        count = len(document["files"])
    elif document["schema"] == _SCHEMA:
        listed = document["files"]
        count = int(listed["rows"])
        files = _FileList(
            folder, {"rows": count, "sha256": str(listed["sha256"]), "bytes": int(listed["bytes"])}
        )
    else:
        raise ValueError(_SCHEMA)
    return Backup(str(document["revision"]), str(document["made_at"]), tables, count), files


def _table(about: Any) -> dict[str, Any]:
    """Return what the manifest says of a table; raises ValueError or KeyError where it says too little."""
    sizes = [about["rows"], *([about["bytes"]] if "bytes" in about else [])]
    if not all(type(size) is int and size >= 0 for size in sizes) or type(about["sha256"]) is not str:
        raise ValueError(_SCHEMA)
    return dict(about)


def _files_within(document: Any) -> list[BackupFile]:
    entries = [str(entry).split("/") for entry in document["files"]]
    sizes = document.get("file_bytes", [None] * len(entries))
    return [
        BackupFile(space, sha256, None if size is None else int(size))
        for (space, sha256), size in zip(entries, sizes, strict=True)
    ]


def _line(one: BackupFile) -> bytes:
    return json.dumps({"space": one.space, "sha256": one.sha256, "bytes": one.size}).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class _FileList:
    """The files of a backup as its list names them, read line by line."""

    folder: Path
    about: Mapping[str, Any]

    def __iter__(self) -> Iterator[BackupFile]:
        count = 0
        with open_lines(self.folder, FILE_LIST, about=self.about) as lines:
            while line := lines.readline(_MAX_LINE):
                count += 1
                yield _listed(line)
        if count != self.about["rows"]:
            raise StoreError("store.backup_damaged", file=FILE_LIST)


def _listed(line: bytes) -> BackupFile:
    try:
        document = json.loads(line)
        one = BackupFile(str(document["space"]), str(document["sha256"]), int(document["bytes"]))
        if named_by("/".join(one.names[1:])) != (one.space, one.sha256):
            raise ValueError(one.space)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreError("store.backup_damaged", file=FILE_LIST) from error
    return one
