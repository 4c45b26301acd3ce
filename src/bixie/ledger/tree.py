"""The Merkle tree in the store: the hashes of the events, and of every eighth level above.

A proof reads one run of at most 256 hashes on each kept level instead of all events.
"""

from collections.abc import Callable

from bixie.ledger.merkle import leaf_hash, node_hash

__all__ = ["STEP", "KeptTree"]

STEP = 8
"""Distance between stored levels; a tile has 2 to the power of it hashes."""

_TILE = 1 << STEP

Read = Callable[[int, int, int], list[bytes]]
"""Returns the hashes of a stored level from one position to another; level 0 are the entries."""


class KeptTree:
    """Returns the hash of any complete subtree (`bixie.ledger.merkle.Node`), reading tile by tile.

    Parameters
    ----------
    read : callable
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, level: int, position: int) -> bytes:
        """Return the hash of the complete subtree at a level and position.

        Raises
        ------
        LookupError
            Where a hash that is needed is not kept.
        """
        above = level % STEP
        tile, start = divmod(position << above, _TILE)
        hashes = self._tile(level - above, tile)[start : start + (1 << above)]
        if len(hashes) != 1 << above:
            raise LookupError((level, position))
        return _folded(hashes)

    def grow(self, before: int, after: int) -> list[tuple[int, int, bytes]]:
        """Return level, position and hash of the nodes to store when a tree grows from one size to another.

        Raises
        ------
        LookupError
            Where an entry below `after` is missing.
        """
        gained: list[tuple[int, int, bytes]] = []
        level = STEP
        while after >> level:
            for position in range(before >> level, after >> level):
                hashes = self._tile(level - STEP, position)
                if len(hashes) != _TILE:
                    raise LookupError((level, position))
                gained.append((level, position, _folded(hashes)))
                self._tile(level, position // _TILE).append(gained[-1][2])
                del self._tiles[level - STEP, position]  # not needed again, and there may be many
            level += STEP
        return gained

    def _tile(self, level: int, tile: int) -> list[bytes]:
        if (level, tile) not in self._tiles:
            hashes = self._read(level, tile * _TILE, (tile + 1) * _TILE)
            self._tiles[level, tile] = hashes if level else [leaf_hash(entry) for entry in hashes]
        return self._tiles[level, tile]


def _folded(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
