"""Count the boxes of a credential before anything parses them, and tell whole ones from remains.

A JUMBF superbox is a ``jumb`` box whose first child is a ``jumd`` box with a type (ISO/IEC 19566-5); the type
of a C2PA manifest store begins with the letters ``c2pa`` (C2PA specification 2.x, section 11.1).
"""

import re
from enum import StrEnum
from typing import Literal

from bixie.imaging.limits import Limits
from bixie.imaging.structure.metadata import jumbf_stores, xmp_packets
from bixie.imaging.structure.model import Structure

__all__ = ["StoreState", "exceeds_limits", "find_stores", "named_in_xmp"]

_STORE_TYPE = bytes.fromhex("6332706100110010800000aa00389b71")
_MARK = b"jumd" + _STORE_TYPE[:8]
_PROVENANCE = re.compile(rb"dcterms:provenance\s*(?:=\s*[\"']|>)\s*([^\"'<\s]{1,2000})")
_HEAD = 8
MAX_BOXES = 4_000
"""Boxes of one file that are handed on; the richest file of `python -m bench credentials` has 79."""


class StoreState(StrEnum):
    """State of the block where a credential should be."""

    STORE = "store"
    ZEROS = "zeros"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    OTHER = "other"


def find_stores(structure: Structure, limits: Limits) -> list[tuple[StoreState, int]]:
    """Return what each credential block of the file is, and how many bytes it has.

    A block that the container does not announce counts as unreadable if its type occurs in the bytes.
    """
    found = [(_what(block), len(block)) for block in jumbf_stores(structure, limits)]
    if not found and any(node.kind == "jumbf" for node in structure.all_nodes()):
        # The blocks are there and together too large to be joined, or empty.
        found = [(StoreState.TRUNCATED, 0)]
    if not found and _MARK in structure.data:
        found = [(StoreState.UNREADABLE, 0)]
    return found


def exceeds_limits(structure: Structure, limits: Limits) -> bool:
    """Return whether there are too many boxes, too deep ones or too many bytes for the library."""
    blocks = jumbf_stores(structure, limits)
    size = sum(node.payload[1] for node in structure.all_nodes() if node.kind == "jumbf")
    return (
        size > limits.metadata_bytes
        or sum(block.count(b"jumb") + block.count(b"cbor") for block in blocks) > MAX_BOXES
        or any(_depth(block) > limits.depth for block in blocks)
    )


def named_in_xmp(structure: Structure, limits: Limits) -> Literal["elsewhere", "here"] | None:
    """Return where the XMP says that a credential is: on a server or in this file; None where it does not.

    References
    ----------
    C2PA specification 2.x, section 11.4: ``dcterms:provenance``; ``self#jumbf=`` stands for the file itself.
    """
    packets = xmp_packets(structure, limits)
    found = [match[1] for packet in packets if (match := _PROVENANCE.search(packet))]
    if any(address.startswith(b"http") for address in found):
        return "elsewhere"
    return "here" if any(address.startswith(b"self#jumbf") for address in found) else None


def _what(block: bytes) -> StoreState:
    if not block.strip(b"\0"):
        return StoreState.ZEROS
    length = int.from_bytes(block[:4])
    if block[4:8] != b"jumb" or block[12:16] != b"jumd":
        return StoreState.UNREADABLE
    if length > len(block):
        return StoreState.TRUNCATED
    return StoreState.STORE if block[16:32] == _STORE_TYPE else StoreState.OTHER


def _depth(block: bytes) -> int:
    """Return how deep superboxes stand in one another, by their announced lengths; never recursive."""
    deepest, open_ends = 0, [len(block)]
    at = 0
    while at + _HEAD <= len(block):
        while len(open_ends) > 1 and at >= open_ends[-1]:
            open_ends.pop()
        length = int.from_bytes(block[at : at + 4])
        if block[at + 4 : at + 8] == b"jumb":
            open_ends.append(min(at + length if length >= _HEAD else len(block), open_ends[-1]))
            deepest = max(deepest, len(open_ends) - 1)
            at += _HEAD
        else:
            at += length if length >= _HEAD else len(block)
    return deepest
