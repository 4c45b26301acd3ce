import numpy as np
import pytest
from tests.makers.photo import photo
from training.repaints import SHARES, repainted

SEEDS = range(24)

PICTURE, DONOR = photo(240, 320, 1), photo(200, 150, 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_large_area_is_filled_anew_and_nothing_else_is_touched(seed):
    filled, cover = repainted(PICTURE, DONOR, np.random.default_rng(seed))
    assert (filled.shape, filled.dtype, cover.shape) == (PICTURE.shape, np.float32, PICTURE.shape[:2])
    assert 0 <= filled.min() <= filled.max() <= 255
    assert np.array_equal(filled[cover == 0], PICTURE[cover == 0])
    assert SHARES[0] * 0.9 < (cover > 0.5).mean() < 1
    assert np.abs(filled - PICTURE).max(axis=2)[cover > 0.9].mean() > 8


def test_the_same_seed_fills_the_same_and_leaves_the_picture_alone():
    picture = PICTURE.copy()
    first, second = (repainted(picture, DONOR, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])
    assert np.array_equal(picture, PICTURE)


def test_frames_of_a_few_pixels_are_filled_too():
    filled, _ = repainted(PICTURE[:20, :24].copy(), DONOR, np.random.default_rng(3))
    assert filled.shape == (20, 24, 3)
