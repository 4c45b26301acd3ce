"""An opened package whose layout, manifest and seal are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from bixie.dossier.errors import PackageFaultError
from bixie.dossier.package.manifest import Manifest
from bixie.dossier.package.seal import Seal
from bixie.dossier.package.zip_format import Entry, chunks_of
from bixie.kit.canonical_json import CanonicalError, Json, decode_canonical
from bixie.ledger.rules import Checkpoint, Event

__all__ = ["Opened", "StampedAt", "read_member"]

_MAX_DOCUMENT = 64 << 20


@dataclass(frozen=True, slots=True)
class StampedAt:
    """The time of a stamp.

    Parameters
    ----------
    where : str
        The file that holds it.
    time : datetime
    after : datetime
        When what was stamped says that it was made.
    """

    where: str
    time: datetime
    after: datetime


@dataclass
class Opened:
    """A package while it is verified.

    Parameters
    ----------
    file : BinaryIO
    entries : dict of str to Entry
        By name, in their order.
    manifest : Manifest
    seal : Seal
    events : dict of int to Event
        By their numbers, once their proofs hold.
    checkpoint : Checkpoint, optional
        Once it was read.
    stamped : list of StampedAt
        What authorities say about when.
    """

    file: BinaryIO
    entries: Mapping[str, Entry]
    manifest: Manifest
    seal: Seal
    events: dict[int, Event] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    stamped: list[StampedAt] = field(default_factory=list)

    def read(self, name: str, limit: int = _MAX_DOCUMENT) -> bytes:
        """Return a member's data.

        Raises
        ------
        PackageFaultError
            ``package.missing``, ``package.member_too_large``.
        """
        return read_member(self.file, self.entries, name, limit)

    def document(self, name: str, kind: type = dict) -> Json:
        """Return the value of a canonical JSON file, which must be of this kind.

        Raises
        ------
        PackageFaultError
            As `read`, and ``package.unreadable``.
        """
        try:
            value = decode_canonical(self.read(name))
        except CanonicalError as error:
            raise PackageFaultError("package.unreadable", name) from error
        if type(value) is not kind:
            raise PackageFaultError("package.unreadable", name)
        return value


def read_member(file: BinaryIO, entries: Mapping[str, Entry], name: str, limit: int) -> bytes:
    """Return a member's data; see `Opened.read`."""
    entry = entries.get(name)
    if entry is None:
        raise PackageFaultError("package.missing", name)
    if entry.bytes > limit:
        raise PackageFaultError("package.member_too_large", name, limit=limit)
    return b"".join(chunks_of(file, entry))
