import numpy as np
import pytest

from bixie.examiners.derivation.match.visible_crop import visible_crop
from bixie.imaging.decode import Picture

RGB = np.arange(40 * 60 * 3, dtype=np.int64).reshape(40, 60, 3).astype(np.uint8)


def test_a_whole_picture_is_visible_as_it_is():
    shown = visible_crop(Picture(RGB, 60, 40))
    assert shown.rgb is RGB
    assert (shown.left, shown.top) == (0, 0)


@pytest.mark.parametrize(
    ("missing", "part"),
    [
        ((0, 60, 120, 80), (0, 0, 60, 30)),
        ((0, 0, 120, 20), (0, 10, 60, 40)),
        ((80, 0, 120, 80), (0, 0, 40, 40)),
        ((0, 0, 30, 80), (15, 0, 60, 40)),
    ],
)
def test_filler_at_any_side_is_left_out(missing, part):
    picture = Picture(RGB, 120, 80, (), missing)
    shown = visible_crop(picture)
    left, top, right, bottom = part
    assert np.array_equal(shown.rgb, RGB[top:bottom, left:right])
    assert (shown.left, shown.top) == (left, top)
    whole = shown.on_picture(np.full(shown.rgb.shape[:2], 255, np.uint8), picture)
    assert whole.shape == (40, 60)
    assert (whole[top:bottom, left:right] == 255).all()
    assert whole.sum() == 255 * shown.rgb.shape[0] * shown.rgb.shape[1]
