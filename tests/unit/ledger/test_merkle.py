import hashlib

import pytest
from tests.unit.ledger import trees

from bixie.ledger.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

# The test vectors of Google's certificate transparency code, which RFC 6962's authors published.
VECTORS = [
    bytes.fromhex(one)
    for one in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_the_published_vectors(size):
    assert root_hash(size, trees.node(VECTORS[:size])).hex() == ROOTS[size]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert root_hash(0, trees.node([])) == hashlib.sha256(b"").digest() == Frontier().root()


def test_a_leaf_can_never_pass_as_an_inner_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize("size", range(1, 34))
def test_a_growing_tree_tells_the_root_and_every_complete_subtree(size):
    items = trees.entries(size)
    frontier, completed = Frontier(), {}
    for item in items:
        for level, position, made in frontier.push(leaf_hash(item)):
            completed[level, position] = made
    assert frontier.root() == trees.root(items)
    assert completed == {
        (level, position): trees.node(items)(level, position)
        for level in range(1, 6)
        for position in range(size >> level)
    }


@pytest.mark.parametrize("size", range(1, 20))
def test_every_entry_of_every_small_tree_is_proven(size):
    items = trees.entries(size)
    for index in range(size):
        path = inclusion_proof(index, size, trees.node(items))
        assert path == trees.path(index, items)
        assert verify_inclusion(leaf_hash(items[index]), index, size, path, trees.root(items))


@pytest.mark.parametrize("second", range(1, 20))
def test_every_small_tree_is_shown_to_begin_with_each_smaller_one(second):
    items = trees.entries(second)
    for first in range(1, second + 1):
        path = consistency_proof(first, second, trees.node(items))
        assert path == trees.consistency(first, items)
        assert verify_consistency(first, second, trees.root(items[:first]), trees.root(items), path)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 4), (4, 4)])
def test_what_is_not_in_the_tree_has_no_proof(index, size):
    with pytest.raises(ValueError, match=str(index)):
        inclusion_proof(index, size, trees.node(trees.entries(8)))
    assert not verify_inclusion(leaf_hash(b""), index, size, [], trees.root([b""]))


@pytest.mark.parametrize(("first", "second"), [(0, 1), (0, 0), (3, 2), (-1, 2)])
def test_a_larger_tree_is_no_beginning(first, second):
    with pytest.raises(ValueError, match=str(first)):
        consistency_proof(first, second, trees.node(trees.entries(8)))
    root = trees.root(trees.entries(2))
    assert not verify_consistency(first, second, root, root, [root])


def test_a_proof_without_hashes_shows_nothing_between_two_sizes():
    items = trees.entries(3)
    assert not verify_consistency(3, 5, trees.root(items), trees.root(trees.entries(5)), [])


def test_a_path_that_is_too_long_or_too_short_fails():
    items = trees.entries(11)
    path, root = trees.path(4, items), trees.root(items)
    leaf = leaf_hash(items[4])
    assert verify_inclusion(leaf, 4, 11, path, root)
    assert not verify_inclusion(leaf, 4, 11, path[:-1], root)
    assert not verify_inclusion(leaf, 4, 11, [*path, path[0]], root)
    steps = trees.consistency(4, items)
    assert not verify_consistency(4, 11, trees.root(items[:4]), root, steps[:-1])
    assert not verify_consistency(4, 11, trees.root(items[:4]), root, [*steps, steps[0]])
