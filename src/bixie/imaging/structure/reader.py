"""Bounded reading for the container walkers: no byte outside the file, a limit of nodes, each warning once.

Every walker reads through a `Reader`, which checks every range, so that no walker runs past the end.
"""

from typing import Any, Literal

from bixie.imaging.errors import FileNote, note
from bixie.imaging.limits import Limits
from bixie.imaging.structure.model import Node

__all__ = ["OutOfBoundsError", "Reader"]

ByteOrder = Literal["little", "big"]


class OutOfBoundsError(Exception):
    """A number or a block lies outside the readable range. Never leaves this package."""


class Reader:
    """Bounded access to one file.

    Parameters
    ----------
    data : bytes
        The whole file.
    limits : Limits
        `Limits.nodes` and `Limits.depth` bound the walk, `Limits.metadata_bytes` each parsed block.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data = data
        self.limits = limits
        self._nodes_left = limits.nodes
        # A table may point to the same bytes any number of times; the file size bounds such revisits.
        self._revisit_bytes_left = len(data)
        self._notes: dict[str, FileNote] = {}

    @property
    def size(self) -> int:
        """Size of the file, bytes."""
        return len(self.data)

    @property
    def warnings(self) -> tuple[FileNote, ...]:
        """The recorded warnings, each code once, in order."""
        return tuple(self._notes.values())

    @property
    def exhausted(self) -> bool:
        """Whether the limit of nodes is reached; the caller stops its loop."""
        return self._nodes_left <= 0

    def may_revisit(self, length: int) -> bool:
        """Return whether `length` bytes that an entry points to may be walked, and count them.

        Together they may be no more than the file, so that the time of a walk is linear in its size.
        """
        self._revisit_bytes_left -= length
        return self._revisit_bytes_left >= 0

    def note(self, code: str, **values: object) -> None:
        """Record a warning, once for each code."""
        if code not in self._notes:
            self._notes[code] = note(code, **values)

    def note_damage(self, offset: int) -> None:
        """Record that the container is malformed at `offset`."""
        self.note("imaging.structure_damaged", offset=offset)

    def node(
        self,
        kind: str,
        offset: int,
        length: int,
        payload: tuple[int, int] | None = None,
        children: tuple[Node, ...] = (),
        **facts: Any,
    ) -> Node:
        """Return a node, clipped to the file, and count it."""
        self._nodes_left -= 1
        if self._nodes_left == 0:
            self.note("imaging.structure_too_large", limit=self.limits.nodes)
        offset, length = self.clip(offset, length)
        inside = self.clip(*payload) if payload else (offset, length)
        return Node(kind, offset, length, inside, children, facts)

    def clip(self, offset: int, length: int) -> tuple[int, int]:
        """Return the part of a range that lies in the file."""
        start = min(max(offset, 0), self.size)
        return start, min(max(length, 0), self.size - start)

    def too_deep(self, depth: int) -> bool:
        """Return whether `depth` exceeds the limit, and record it if so."""
        if depth <= self.limits.depth:
            return False
        self.note("imaging.structure_too_deep", limit=self.limits.depth)
        return True

    def number(self, at: int, size: int, order: ByteOrder = "big", end: int | None = None) -> int:
        """Return the unsigned integer of `size` bytes at `at`.

        Raises
        ------
        OutOfBoundsError
            If it does not end before `end` (by default the end of the file).
        """
        limit = self.size if end is None else min(end, self.size)
        if at < 0 or at + size > limit:
            raise OutOfBoundsError(at)
        return int.from_bytes(self.data[at : at + size], order)

    def text(self, at: int, length: int) -> str:
        """Return a short name; unprintable letters become hexadecimal escapes."""
        raw = self.data[max(at, 0) : max(at, 0) + length].decode("latin-1")
        return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in raw)
