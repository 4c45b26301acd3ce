import numpy as np
import pytest
from tests.makers.photo import photo
from training.apps import stamped

SEEDS = range(60)

PICTURE = photo(300, 400, 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_stamps_the_same_and_leaves_the_picture_alone(seed):
    picture = PICTURE.copy()
    (marked, mask), (again, same_mask) = (stamped(picture, np.random.default_rng(seed)) for _ in range(2))
    assert np.array_equal(marked, again)
    assert np.array_equal(mask, same_mask)
    assert np.array_equal(picture, PICTURE)


@pytest.mark.parametrize("shape", [(64, 64), (640, 200)])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_mask_holds_whatever_can_be_seen(seed, shape):
    picture = photo(*shape, 2)
    marked, mask = stamped(picture, np.random.default_rng(seed))
    assert (marked.shape, mask.shape, marked.dtype) == (picture.shape, shape, np.float32)
    assert set(np.unique(mask)) <= {0, 255}
    assert 0 <= marked.min() <= marked.max() <= 255
    assert (mask[np.abs(marked - picture).max(axis=2) > 8] == 255).all()


def test_nearly_every_mark_can_be_seen():
    seen = [(stamped(PICTURE, np.random.default_rng(seed))[1] > 0).any() for seed in SEEDS]
    assert np.mean(seen) > 0.95
