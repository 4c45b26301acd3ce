"""Marks and damage that the networks learn from: drawn alike for a seed, and true about where they are."""

import numpy as np
import pytest
from training.overlays import overlaid
from training.pens import inked
from training.wounds import wounded

SEEDS = range(12)


def picture():
    rng = np.random.default_rng(3)
    return rng.integers(40, 216, (180, 240, 3)).astype(np.float32)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pen_draws_the_same_again_and_leaves_its_paper_alone(seed):
    before = picture()
    first, second = (inked(before, np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(before, picture())
    assert first.shape == before.shape


@pytest.mark.parametrize("seed", SEEDS)
def test_a_marks_mask_holds_every_visible_change(seed):
    before = picture()
    marked, mask = overlaid(before, np.random.default_rng(seed))
    seen = np.abs(marked - before).max(axis=2) > 8
    assert (mask[seen] == 255).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_damage_is_nowhere_but_under_its_cover(seed):
    before, donor = picture(), picture()[::-1]
    damaged, cover = wounded(before, donor, np.random.default_rng(seed))
    again, _ = wounded(before, donor, np.random.default_rng(seed))
    np.testing.assert_array_equal(damaged, again)
    assert 0 <= cover.min() <= cover.max() <= 1
    assert 0 <= damaged.min() <= damaged.max() <= 255
    np.testing.assert_allclose(damaged[cover == 0], before[cover == 0])
