"""The manifest of a backup: what is in its folder, with the hashes and sizes that everything must have."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bixie.store.backups.folder import open_plain
from bixie.store.disk import durable
from bixie.store.errors import StoreError
from bixie.version import __version__

__all__ = ["MANIFEST", "Backup", "BackupFile", "read_manifest", "write_manifest"]

MANIFEST = "backup.json"
_SCHEMA = "bixie.backup/1"
_MAX_BYTES = 64 * 1024 * 1024
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


def write_manifest(folder: Path, made: Backup, files: Sequence[BackupFile]) -> None:
    """Write the manifest, durably, as the last file of a backup."""
    document = {
        "schema": _SCHEMA,
        "version": __version__,
        "revision": made.revision,
        "made_at": made.made_at,
        "tables": made.tables,
        "files": [f"{one.space}/{one.sha256}" for one in files],
        "file_bytes": [one.size for one in files],
    }
    with durable(folder / MANIFEST) as file:
        file.write((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def read_manifest(folder: Path) -> tuple[Backup, list[BackupFile]]:
    """Return what a backup says of itself.

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
        return _parsed(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError("store.backup_damaged", file=MANIFEST) from error


def _parsed(document: Any) -> tuple[Backup, list[BackupFile]]:
    if document["schema"] != _SCHEMA:
        raise ValueError(_SCHEMA)
    tables = {str(name): dict(about) for name, about in document["tables"].items()}
    entries = [str(entry).split("/") for entry in document["files"]]
    sizes = document.get("file_bytes", [None] * len(entries))
    if not all(_NAME.fullmatch(name) for name in tables):
        raise ValueError(_SCHEMA)
    files = [
        BackupFile(space, sha256, None if size is None else int(size))
        for (space, sha256), size in zip(entries, sizes, strict=True)
    ]
    return Backup(str(document["revision"]), str(document["made_at"]), tables, len(files)), files
