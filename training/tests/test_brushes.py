import numpy as np
import pytest
from tests.makers.photo import photo
from training.brushes import brushed

SEEDS = range(40)

PICTURE = photo(260, 380, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_draws_the_same_and_leaves_the_picture_alone(seed):
    picture = PICTURE.copy()
    first, second = (brushed(picture, np.random.default_rng(seed)) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
    assert np.array_equal(picture, PICTURE)


@pytest.mark.parametrize("shape", [(260, 380), (150, 150)])
@pytest.mark.parametrize("seed", SEEDS)
def test_only_what_is_covered_changes(seed, shape):
    picture = PICTURE[: shape[0], : shape[1]]
    marked, cover = brushed(picture, np.random.default_rng(seed))
    assert marked.shape == picture.shape
    assert cover.shape == shape
    assert marked.dtype == cover.dtype == np.float32
    assert 0 <= marked.min() <= marked.max() <= 255
    assert 0 <= cover.min() <= cover.max() <= 1
    assert np.array_equal(marked[cover == 0], picture[cover == 0])


def test_nearly_every_mark_can_be_seen():
    changes = [np.abs(brushed(PICTURE, np.random.default_rng(seed))[0] - PICTURE).max() for seed in SEEDS]
    assert np.mean([change > 8 for change in changes]) > 0.95


def test_the_shared_random_state_is_left_alone():
    before = np.random.get_state()[1].copy()
    brushed(PICTURE, np.random.default_rng(3))
    assert np.array_equal(np.random.get_state()[1], before)
