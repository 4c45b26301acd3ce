"""The temporary folder of this process. Folders left by killed processes are removed at the next start."""

import shutil
import tempfile
import time
from pathlib import Path

from bixie.kit.file_lock import FileLock

__all__ = ["Workspace"]

_PREFIX = "bixie-check-"
_LOCK = "lock.sqlite3"
_STARTING_SECONDS = 60.0
"""A folder younger than this may belong to a process that has not locked it yet."""


class Workspace:
    """A folder that nobody else uses; it is gone after `close`.

    Parameters
    ----------
    parent : Path, optional
        Where it is made; the system's folder for temporary files when not given.
    """

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        _remove_abandoned(parent)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        self._lock = FileLock.try_acquire(self.path / _LOCK)

    def close(self) -> None:
        """Remove the folder and everything in it."""
        if self._lock is not None:
            self._lock.release()  # first: Windows removes no file that is open
            self._lock = None
        shutil.rmtree(self.path, ignore_errors=True)


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            if folder.is_symlink() or not folder.is_dir():
                continue
            if not (folder / _LOCK).is_file():
                if time.time() - folder.stat().st_mtime > _STARTING_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)
                continue
            lock = FileLock.try_acquire(folder / _LOCK)
        except OSError:  # another user's
            continue
        if lock is not None:
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)
