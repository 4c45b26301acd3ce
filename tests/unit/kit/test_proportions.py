"""Bounds of a share: the values that were published, and both ends."""

import pytest

from bixie.kit.proportions import wilson


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_bounds_are_those_of_the_literature(count, total, low, high):
    # R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, score method.
    assert [round(one, 4) for one in wilson(count, total)] == [low, high]


def test_the_bounds_stay_inside_at_both_ends():
    assert wilson(0, 0) == (0.0, 1.0)
    for total in (1, 3, 7, 1_000, 100_000):
        assert wilson(0, total)[0] == 0.0
        assert wilson(total, total)[1] == 1.0
        low, high = wilson(1, total)
        assert 0 < low < 1 / total <= high <= 1
