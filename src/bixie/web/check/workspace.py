"""The temporary folder of this process. Folders left by killed processes are removed at the next start."""

import secrets
import shutil
import tempfile
from pathlib import Path

from bixie.kit.file_lock import FileLock

__all__ = ["Workspace"]

_PREFIX = "bixie-check-"
_LOCK = ".lock"
_JOURNAL = "-journal"
"""What SQLite puts beside a locked file."""
_ID_BYTES = 8
_MAX_TRIES = 10


class Workspace:
    """A folder that nobody else uses; it is gone after `close`.

    The lock lies beside the folder and is held before the folder is made: a folder whose lock is free
    belongs to a dead process.

    Parameters
    ----------
    parent : Path, optional
        Where it is made; the system's folder for temporary files when not given.

    Raises
    ------
    OSError
        If nothing can be written there.
    """

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        _remove_abandoned(parent)
        self.path, self._lock = _locked(parent)
        self.path.mkdir(mode=0o700)

    def close(self) -> None:
        """Remove the folder and everything in it."""
        _remove(self.path, self._lock)


def _locked(parent: Path) -> tuple[Path, FileLock]:
    for _ in range(_MAX_TRIES):
        folder = parent / f"{_PREFIX}{secrets.token_hex(_ID_BYTES)}"
        lock = FileLock.try_acquire(folder.with_suffix(_LOCK))
        if lock is not None:  # None where another process that starts just tries this lock
            return folder, lock
    raise PermissionError(f"no temporary folder can be made in {parent}")


def _remove_abandoned(parent: Path) -> None:
    for path in parent.glob(f"{_PREFIX}*{_LOCK}"):
        lock = None if path.is_symlink() else FileLock.try_acquire(path)
        if lock is not None:
            _remove(path.with_suffix(""), lock)


def _remove(folder: Path, lock: FileLock) -> None:
    if not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    lock.release()  # first: Windows removes no file that is open
    file = folder.with_suffix(_LOCK)
    for path in (file, file.with_name(file.name + _JOURNAL)):
        try:
            path.unlink(missing_ok=True)
        except OSError:  # another user's; nothing of ours is in it
            continue
