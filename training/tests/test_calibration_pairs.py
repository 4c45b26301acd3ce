from itertools import islice

import numpy as np
import pytest
from bench.attacks.parcel import pack
from bench.datasets import pictures_of
from training.calibration import pairs
from training.calibration.variety import refitted


def test_screenshots_of_one_app_never_show_one_picture_twice(monkeypatch):
    few = pictures_of(split="test")[:2]
    if len({picture.identity for picture in few}) < 2:
        pytest.skip("the first two pictures at hand show one thing")
    monkeypatch.setattr(pairs, "pictures_of", lambda split: few)
    for pair in islice(pairs.app_pairs("test", 6), 6):
        assert pair.homography is None
        same_size = pair.exhibit.shape == pair.known.shape
        assert not same_size or (pair.exhibit != pair.known).any(axis=2).mean() > 0.05


def test_a_refitted_frame_stays_upright_and_nearly_in_its_place():
    rgb = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    for seed in range(20):
        parcel = refitted(pack(rgb, {}), np.random.default_rng(seed))
        height, width = parcel.shape
        corners = parcel.homography @ np.array([[0, 400], [0, 300], [1, 1]])
        assert parcel.homography[0, 1] == parcel.homography[1, 0] == 0
        assert np.abs(corners[0] / width - [0, 1]).max() < 0.05
        assert np.abs(corners[1] / height - [0, 1]).max() < 0.05
