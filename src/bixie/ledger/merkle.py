"""The Merkle tree of RFC 9162: one hash for any number of entries, and short proofs about it.

Every subtree of a tree of any size is a run of entries; the complete ones (2 to the power of `level`
entries, the `position`-th of their kind) never change as the tree grows, so that they can be kept.
Functions that need inner hashes ask for them by level and position.

References
----------
RFC 9162, section 2.1 (the same tree as in RFC 6962).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

__all__ = [
    "Frontier",
    "Node",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "root_hash",
    "verify_consistency",
    "verify_inclusion",
]

Node = Callable[[int, int], bytes]
"""Returns the hash of the complete subtree at a level and position; level 0 are the leaves."""

EMPTY = hashlib.sha256().digest()
"""Root of the tree without entries."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry, 32 bytes."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node, 32 bytes."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: enough to append, and to compute the root at every size."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[tuple[int, bytes]] = []

    def push(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add a leaf hash; yield level, position and hash of each inner subtree that it completes.

        The caller must consume all of them: the tree grows only as far as the generator runs.
        """
        self.size += 1
        level, current = 0, leaf
        while self._complete and self._complete[-1][0] == level:
            current = node_hash(self._complete.pop()[1], current)
            level += 1
            yield level, (self.size >> level) - 1, current
        self._complete.append((level, current))

    def root(self) -> bytes:
        """Return the root at the current size."""
        if not self._complete:
            return EMPTY
        current = self._complete[-1][1]
        for _, left in reversed(self._complete[:-1]):
            current = node_hash(left, current)
        return current


def root_hash(size: int, node: Node) -> bytes:
    """Return the root of the tree of that size."""
    return _run(0, size, node) if size else EMPTY


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the hashes that lead from entry `index` (from 0) to the root of the tree of `size` entries.

    Raises
    ------
    ValueError
        When there is no such entry.
    """
    if not 0 <= index < size:
        raise ValueError(index)
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_run(middle, high, node))
            high = middle
        else:
            path.append(_run(low, middle, node))
            low = middle
    return path[::-1]


def consistency_proof(first: int, second: int, node: Node) -> list[bytes]:
    """Return the hashes that show that the tree of `second` entries begins with that of `first`.

    Raises
    ------
    ValueError
        Unless ``0 < first <= second``.
    """
    if not 0 < first <= second:
        raise ValueError(first)
    path: list[bytes] = []
    low, high, known = 0, second, True
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(_run(middle, high, node))
            high = middle
        else:
            path.append(_run(low, middle, node))
            low, known = middle, False
    if not known:
        path.append(_run(low, high, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether `path` leads from a leaf hash at `index` to the root of the tree of `size` entries.

    References
    ----------
    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            position, last = _up_to_left_sibling(position, last)
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Return whether `path` shows that the tree of `second` entries begins with the tree of `first`.

    References
    ----------
    RFC 9162, section 2.1.4.2.
    """
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second:
        return False
    # The hash of a complete first tree is not in the path: it is the root that is already known.
    hashes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not hashes:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            position, last = _up_to_left_sibling(position, last)
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _up_to_left_sibling(position: int, last: int) -> tuple[int, int]:
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _split(count: int) -> int:
    """Return the largest power of two below `count`: how many entries the left half of a tree has."""
    return 1 << (count - 1).bit_length() - 1


def _run(low: int, high: int, node: Node) -> bytes:
    """Return the hash of the subtree over the entries from `low` to `high`."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(count)
    return node_hash(_run(low, middle, node), _run(middle, high, node))
