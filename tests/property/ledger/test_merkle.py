"""Proofs of trees of any size, and of none when anything in them is changed."""

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.ledger import trees

from bixie.ledger.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

SIZES = st.integers(1, 130)


def with_bit(hash_, bit):
    return (int.from_bytes(hash_) ^ (1 << bit)).to_bytes(len(hash_))


@given(SIZES, st.data())
def test_an_entry_is_proven_as_the_slow_tree_proves_it(size, data):
    items = trees.entries(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, trees.node(items))
    assert path == trees.path(index, items)
    assert verify_inclusion(leaf_hash(items[index]), index, size, path, trees.root(items))


@given(SIZES, st.data())
def test_a_beginning_is_shown_as_the_slow_tree_shows_it(second, data):
    items = trees.entries(second)
    first = data.draw(st.integers(1, second))
    path = consistency_proof(first, second, trees.node(items))
    assert path == trees.consistency(first, items)
    assert verify_consistency(first, second, trees.root(items[:first]), trees.root(items), path)


@given(SIZES, st.data())
def test_no_single_bit_of_a_proof_can_be_changed(size, data):
    items = trees.entries(size)
    index = data.draw(st.integers(0, size - 1))
    parts = [leaf_hash(items[index]), trees.root(items), *trees.path(index, items)]
    for at in range(len(parts)):
        changed = list(parts)
        changed[at] = with_bit(parts[at], data.draw(st.integers(0, 255)))
        assert not verify_inclusion(changed[0], index, size, changed[2:], changed[1])


@given(st.integers(2, 130), st.data())
def test_no_single_bit_of_a_consistency_proof_can_be_changed(second, data):
    items = trees.entries(second)
    first = data.draw(st.integers(1, second - 1))
    parts = [trees.root(items[:first]), trees.root(items), *trees.consistency(first, items)]
    for at in range(len(parts)):
        changed = list(parts)
        changed[at] = with_bit(parts[at], data.draw(st.integers(0, 255)))
        assert not verify_consistency(first, second, changed[0], changed[1], changed[2:])


@given(st.integers(2, 130), st.data())
def test_a_proof_of_one_place_proves_no_other(size, data):
    items = trees.entries(size)
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    path = trees.path(index, items)
    assert not verify_inclusion(leaf_hash(items[index]), other, size, path, trees.root(items))


def test_every_bit_of_one_whole_proof_counts():
    items = trees.entries(21)
    parts = [leaf_hash(items[13]), trees.root(items), *trees.path(13, items)]
    for at in range(len(parts)):
        for bit in range(256):
            changed = [with_bit(part, bit) if place == at else part for place, part in enumerate(parts)]
            assert not verify_inclusion(changed[0], 13, 21, changed[2:], changed[1])
