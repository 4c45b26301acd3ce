"""A witness that is a file or folder elsewhere: lines are appended, and on disk before they count."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from bixie.kit.reasons import plain_reason
from bixie.ledger.errors import WitnessError
from bixie.ledger.witnesses.statements import Statement
from bixie.store.disk import sync_folder

__all__ = ["FileWitness"]


@dataclass(frozen=True, slots=True)
class FileWitness:
    """A file of JSON lines, or a folder with one for each tenant.

    Parameters
    ----------
    path : Path
        A folder if it is one, else a file, which is made in an existing folder.
    """

    path: Path

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def tell(self, statement: Statement) -> None:
        """Append a line. See `Witness.tell`."""
        folder = self.path.is_dir()
        file = self.path / f"{statement.checkpoint.tenant}.jsonl" if folder else self.path
        try:
            handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
            try:
                size = os.fstat(handle).st_size
                # What a power failure has cut off stays a line of its own: readers know it by its repetition.
                torn = size > 0 and _byte_at(handle, size - 1) != b"\n"
                _write_all(handle, (b"\n" if torn else b"") + statement.line())
                os.fsync(handle)
            finally:
                os.close(handle)
            sync_folder(file.parent)
        except OSError as error:
            raise WitnessError(
                "ledger.witness_unreachable", witness=self.name, reason=plain_reason(error)
            ) from error


def _write_all(handle: int, data: bytes) -> None:
    """Write all bytes: a disk that fills up takes some of them without an error."""
    while data:
        written = os.write(handle, data)
        if not written:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        data = data[written:]


def _byte_at(handle: int, position: int) -> bytes:
    os.lseek(handle, position, os.SEEK_SET)
    return os.read(handle, 1)
