"""Bounded reading for the walkers: nothing beyond the file, a count of nodes, warnings said once.

Every walker gets one `Reader`; what it hands out is checked, so that a walker cannot run past the end.
"""

from typing import Any, Literal

from bixie.imaging.errors import FileNote, note
from bixie.imaging.limits import Limits
from bixie.imaging.structure.model import Node

__all__ = ["CutShortError", "Reader"]

ByteOrder = Literal["little", "big"]


class CutShortError(Exception):
    """A number or a block lies beyond the end of what may be read. Never leaves this package."""


class Reader:
    """One file being walked.

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
        # A table may point to the same bytes any number of times: second looks are bounded by the file.
        self._second_looks_left = len(data)
        self._notes: dict[str, FileNote] = {}

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.data)

    @property
    def warnings(self) -> tuple[FileNote, ...]:
        """What was noted, each code once, in the order it came up."""
        return tuple(self._notes.values())

    @property
    def exhausted(self) -> bool:
        """Whether no further node may be listed; the caller stops its loop."""
        return self._nodes_left <= 0

    def may_look_again(self, length: int) -> bool:
        """Return whether `length` bytes that something points to may be walked, and count them.

        Together they may be no more than the file, so that a walk takes time in proportion to it.
        """
        self._second_looks_left -= length
        return self._second_looks_left >= 0

    def note(self, code: str, **values: object) -> None:
        """Record a warning unless the same code was recorded before."""
        if code not in self._notes:
            self._notes[code] = note(code, **values)

    def damaged(self, offset: int) -> None:
        """Record that the container is not as it must be at `offset`."""
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
        """Return a node clipped to the file, and count it."""
        self._nodes_left -= 1
        if self._nodes_left == 0:
            self.note("imaging.structure_too_large", limit=self.limits.nodes)
        offset, length = self.clip(offset, length)
        inside = self.clip(*payload) if payload else (offset, length)
        return Node(kind, offset, length, inside, children, facts)

    def clip(self, offset: int, length: int) -> tuple[int, int]:
        """Return the part of the range that lies in the file."""
        start = min(max(offset, 0), self.size)
        return start, min(max(length, 0), self.size - start)

    def too_deep(self, depth: int) -> bool:
        """Return whether `depth` may not be entered, and record it."""
        if depth <= self.limits.depth:
            return False
        self.note("imaging.structure_too_deep", limit=self.limits.depth)
        return True

    def number(self, at: int, size: int, order: ByteOrder = "big", end: int | None = None) -> int:
        """Return the unsigned number of `size` bytes at `at`.

        Raises
        ------
        CutShortError
            If it does not lie before `end` (the end of the file when not given).
        """
        limit = self.size if end is None else min(end, self.size)
        if at < 0 or at + size > limit:
            raise CutShortError(at)
        return int.from_bytes(self.data[at : at + size], order)

    def text(self, at: int, length: int) -> str:
        """Return a short name; letters that cannot be printed are written out in hexadecimal."""
        raw = self.data[max(at, 0) : max(at, 0) + length].decode("latin-1")
        return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in raw)
