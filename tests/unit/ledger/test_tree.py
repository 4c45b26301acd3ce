"""Reading the Merkle tree tile by tile, with tiles of the real size over made-up entries."""

import pytest

from bixie.ledger.merkle import Frontier, inclusion_proof, leaf_hash, root_hash, verify_inclusion
from bixie.ledger.tree import KeptTree

ENTRIES = [number.to_bytes(32) for number in range(70_000)]


class Kept:
    """What a store keeps, and how often it was asked."""

    def __init__(self, size):
        self.levels = {0: ENTRIES[:size], 8: [], 16: []}
        self.asked = 0

    def __call__(self, level, first, past):
        self.asked += 1
        return list(self.levels.get(level, [])[first:past])

    def grow(self, before, after):
        for level, position, made in KeptTree(self).grow(before, after):
            assert position == len(self.levels[level])
            self.levels[level].append(made)


def root(size):
    frontier = Frontier()
    for entry in ENTRIES[:size]:
        list(frontier.push(leaf_hash(entry)))
    return frontier.root()


@pytest.mark.parametrize("sizes", [(300,), (255, 256, 257), (1000, 70_000), (65_536,), (65_535, 65_537)])
def test_a_tree_that_grows_in_any_steps_has_the_root_of_its_entries(sizes):
    kept, before = Kept(sizes[-1]), 0
    for size in sizes:
        kept.levels[0] = ENTRIES[:size]
        kept.grow(before, size)
        before = size
        assert root_hash(size, KeptTree(kept)) == root(size)
    assert [len(kept.levels[level]) for level in (8, 16)] == [sizes[-1] >> 8, sizes[-1] >> 16]


def test_a_proof_reads_a_few_tiles_and_not_the_whole_tree():
    kept = Kept(70_000)
    kept.grow(0, 70_000)
    kept.asked = 0
    path = inclusion_proof(12_345, 70_000, KeptTree(kept))
    assert kept.asked <= 6
    assert verify_inclusion(leaf_hash(ENTRIES[12_345]), 12_345, 70_000, path, root(70_000))


def test_a_hash_that_is_not_kept_is_missed():
    kept = Kept(1000)
    with pytest.raises(LookupError):
        inclusion_proof(3, 1000, KeptTree(kept))
    kept.levels[0] = ENTRIES[:300]
    with pytest.raises(LookupError):
        kept.grow(0, 1000)
