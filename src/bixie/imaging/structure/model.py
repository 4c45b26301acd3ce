"""The structure type of all containers. Payloads are slices of the file, copied on request."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bixie.imaging.errors import FileNote

__all__ = ["Node", "QuantisationTable", "Structure"]


@dataclass(frozen=True, slots=True)
class Node:
    """One segment, chunk, block, directory, entry, box or element.

    Parameters
    ----------
    kind : str
        As the format names it: ``APP1``, ``IHDR``, ``VP8X``, ``moov``, ``IFD``, ``Segment``.
    offset, length : int
        The whole of it, header included, in bytes from the start of the file; never beyond its end.
    payload : tuple of int
        ``(offset, length)`` of the content without header and checksum.
    children : tuple of Node
    facts : dict
        Parsed values; the module that walks the container documents the keys.
    """

    kind: str
    offset: int
    length: int
    payload: tuple[int, int]
    children: tuple["Node", ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below it, in file order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


@dataclass(frozen=True, slots=True)
class QuantisationTable:
    """One quantisation table of a JPEG.

    Parameters
    ----------
    image : int
        Which picture of the file (0 is the first; previews and MPO pictures follow).
    identifier : int
        0 to 3, as the frame header refers to it.
    bits : int
        8 or 16.
    values : tuple of int
        64 steps in natural order, row by row, 1 to 65535.
    """

    image: int
    identifier: int
    bits: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """The walked container of a file.

    Parameters
    ----------
    media_type : str
    data : bytes
        The file itself; nodes point into it.
    nodes : tuple of Node
        Top level, in file order.
    quantisation_tables : tuple of QuantisationTable
    trailing : tuple of int or None
        ``(offset, length)`` of what follows the end of the container.
    warnings : tuple of FileNote
    width, height : int or None
        As stored, before rotation; None if the header does not tell.
    """

    media_type: str
    data: bytes = field(repr=False)
    nodes: tuple[Node, ...] = ()
    quantisation_tables: tuple[QuantisationTable, ...] = ()
    trailing: tuple[int, int] | None = None
    warnings: tuple[FileNote, ...] = ()
    width: int | None = None
    height: int | None = None

    def bytes_of(self, node: Node) -> bytes:
        """Return the payload of `node`."""
        offset, length = node.payload
        return self.data[offset : offset + length]

    def all_nodes(self) -> Iterator[Node]:
        """Yield every node of the file, parents before children."""
        for node in self.nodes:
            yield from node.walk()
