from pathlib import Path

import numpy as np
import pytest
from bench.attacks.honest import PACKAGE_KINDS, rephotograph
from bench.datasets import read_rgb

SAMPLES = Path(__file__).parents[1] / "samples"
ARTWORK = SAMPLES / "camera_1024" / "cam_027.jpg"
OTHERS = (SAMPLES / "clothing" / "clo_0399.jpg", SAMPLES / "camera_1024" / "cam_069.jpg")


def taken(kind, seed=1):
    return rephotograph(
        read_rgb(ARTWORK), kind, np.random.default_rng(seed), [read_rgb(path) for path in OTHERS]
    )


@pytest.mark.parametrize("kind", PACKAGE_KINDS)
def test_two_photographs_of_one_print_are_two_pictures(kind):
    pair = taken(kind)
    assert pair.known.shape != pair.claim.shape or np.abs(pair.known.astype(int) - pair.claim).mean() > 10


@pytest.mark.parametrize("kind", PACKAGE_KINDS)
def test_the_package_is_in_the_picture(kind):
    """The print's strongest colour, the carton's yellow, is to be seen in both."""
    yellow = [
        ((p[..., 0] > 90) & (p[..., 0] > p[..., 2] * 1.6)).mean()
        for p in (taken(kind).known, taken(kind).claim)
    ]
    assert min(yellow) > 0.005


@pytest.mark.parametrize("kind", PACKAGE_KINDS)
def test_the_same_seed_takes_the_same_photographs(kind):
    first, second = taken(kind), taken(kind)
    assert np.array_equal(first.known, second.known)
    assert np.array_equal(first.claim, second.claim)


def test_some_units_are_truly_damaged_and_some_are_not():
    assert {taken("flat", seed).damaged for seed in range(6)} == {True, False}
