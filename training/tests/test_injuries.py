import numpy as np
import pytest
from tests.makers.photo import photo
from training.injuries import injured

SEEDS = range(24)

PICTURE, DONOR = photo(240, 320, 1), photo(90, 400, 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_paints_the_same_and_leaves_its_inputs_alone(seed):
    picture, donor = PICTURE.copy(), DONOR.copy()
    first, second = (injured(picture, donor, np.random.default_rng(seed)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert np.array_equal(picture, PICTURE)
    assert np.array_equal(donor, DONOR)


@pytest.mark.parametrize("shape", [(240, 320), (150, 150)])
@pytest.mark.parametrize("seed", SEEDS)
def test_only_what_is_covered_changes(seed, shape):
    picture = PICTURE[: shape[0], : shape[1]]
    damaged, coverage = injured(picture, DONOR, np.random.default_rng(seed))
    assert damaged.shape == picture.shape
    assert coverage.shape == shape
    assert damaged.dtype == coverage.dtype == np.float32
    assert 0 <= damaged.min() <= damaged.max() <= 255
    assert 0 <= coverage.min() < coverage.max() <= 1
    assert np.array_equal(damaged[coverage == 0], picture[coverage == 0])


def test_damage_can_be_seen():
    changes = [np.abs(injured(PICTURE, DONOR, np.random.default_rng(seed))[0] - PICTURE) for seed in SEEDS]
    assert np.mean([change.max() > 8 for change in changes]) > 0.85
