from pathlib import Path

import cv2
import numpy as np
import pytest
from bench.attacks.parcel import pack
from bench.datasets import read_rgb
from training.calibration.variety import VARIETIES, reposed

PICTURE = read_rgb(Path(__file__).parents[2] / "bench" / "samples" / "camera_1024" / "cam_027.jpg")


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


def test_parts_of_a_reposed_picture_move_by_themselves_and_not_far():
    ramp = np.mgrid[0:300, 0:400].astype(np.float32)
    picture = np.stack([ramp[0] / 2, ramp[1] / 2, 0 * ramp[0]], axis=2).astype(np.uint8)
    spread = []
    for seed in range(8):
        moved = reposed(picture, np.random.default_rng(seed)).astype(int) - picture
        inside = 2 * moved[40:-40, 40:-40, :2]
        assert np.abs(inside).max() < 0.12 * 400
        spread.append(inside.std(axis=(0, 1)).max())
    assert min(spread) > 0.5
