from pathlib import Path

import cv2
import numpy as np
import pytest
from bench.attacks.parcel import pack
from bench.calibration.variety import VARIETIES
from bench.datasets import read_rgb

PICTURE = read_rgb(Path(__file__).parents[3] / "bench" / "samples" / "camera_1024" / "cam_027.jpg")


@pytest.mark.parametrize("kind", VARIETIES)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_varied_delivery_lies_where_it_says(kind, seed):
    sent = VARIETIES[kind](pack(PICTURE, {}), np.random.default_rng(seed))
    height, width = sent.shape
    expected = cv2.warpPerspective(PICTURE, sent.homography, (width, height))
    shown = sent.valid > 0.99
    pair = [
        cv2.GaussianBlur(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), (0, 0), 4)[shown] for p in (sent.rgb, expected)
    ]
    assert np.corrcoef(*pair)[0, 1] > 0.75


def test_the_same_seed_varies_alike():
    first, second = (VARIETIES["slanted"](pack(PICTURE, {}), np.random.default_rng(3)).rgb for _ in range(2))
    assert np.array_equal(first, second)
