import io

import numpy as np
import pytest
from PIL import Image
from tests.makers.scenes import photograph, stained

from bixie.examiners.derivation.direction.resaving import Saved, younger_by_saving
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source
from bixie.imaging.structure import walk
from bixie.imaging.structure.traces import traces_of

# Reduced first, so that the grid of the example file's own compression is gone.
PHOTO = np.asarray(Image.fromarray(photograph("listing.jpg")).resize((376, 334)))
SAME_PLACE = np.eye(3)


def saved(rgb, quality):
    """Return the picture as a file holds it: a JPEG of this quality, or a PNG."""
    buffer = io.BytesIO()
    if quality == "png":
        Image.fromarray(rgb).save(buffer, "PNG")
    else:
        Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
    media_type = "image/png" if quality == "png" else "image/jpeg"
    source = Source("photo", buffer.getvalue(), "0" * 64, media_type)
    pixels = np.asarray(Image.open(buffer).convert("RGB"))
    return Saved(pixels, traces_of(walk(source, Limits())).encoding)


def with_stain(older, quality):
    return saved(stained(older.rgb)[0], quality)


@pytest.mark.parametrize(
    ("older", "younger"), [(90, 60), (90, 75), (75, 95), (60, 90), (96, 85), (75, "png"), (90, "png")]
)
def test_the_file_that_was_saved_from_the_other_one_is_the_younger(older, younger):
    first = saved(PHOTO, older)
    second = with_stain(first, younger)
    assert younger_by_saving(second, first, SAME_PLACE) == "exhibit"
    assert younger_by_saving(first, second, SAME_PLACE) == "known"


def test_a_crop_is_recognised_off_the_grid_of_the_older_file():
    first = saved(PHOTO, 90)
    second = with_stain(Saved(first.rgb[21:, 35:], None), 75)
    shifted = np.array([[1, 0, -35], [0, 1, -21], [0, 0, 1.0]])
    assert younger_by_saving(second, first, shifted) == "exhibit"
    assert younger_by_saving(first, second, np.linalg.inv(shifted)) == "known"


def test_files_of_one_table_do_not_tell():
    first = saved(PHOTO, 75)
    assert younger_by_saving(with_stain(first, 75), first, SAME_PLACE) is None


@pytest.mark.parametrize("quality", [85, 95, 98])
def test_a_slightly_altered_copy_is_never_taken_for_the_older_one(quality):
    """Saving it with the settings of a coarse original gives the original, which looks like the way back."""
    first = saved(PHOTO, 50)
    noise = np.random.default_rng(0).normal(0, 1.0, PHOTO.shape)
    altered = saved(np.clip(first.rgb + noise, 0, 255).astype(np.uint8), quality)
    assert younger_by_saving(altered, first, SAME_PLACE) != "known"
    again = saved(with_stain(first, 70).rgb, quality)
    assert younger_by_saving(again, first, SAME_PLACE) != "known"


@pytest.mark.parametrize(
    ("first", "second", "third"), [(50, 65, 85), (60, 82, 75), (30, 50, 60), (50, 62, 85)]
)
def test_a_copy_that_was_saved_twice_is_never_taken_for_the_older_one(first, second, third):
    original = saved(PHOTO, first)
    copy = saved(with_stain(original, second).rgb, third)
    assert younger_by_saving(copy, original, SAME_PLACE) != "known"


def test_plain_ground_that_survives_every_saving_does_not_say_which_is_older():
    ground = np.full((480, 640, 3), 255, np.uint8)
    ground[100:380, 150:490] = np.asarray(Image.fromarray(PHOTO).resize((340, 280)))
    listing = saved(ground, "png")
    assert younger_by_saving(with_stain(listing, 85), listing, SAME_PLACE) is None
    assert younger_by_saving(listing, with_stain(listing, 85), SAME_PLACE) is None


def test_another_grid_says_nothing():
    first = saved(PHOTO, 90)
    second = with_stain(first, 75)
    assert younger_by_saving(second, first, np.diag([1.02, 1.02, 1.0])) is None
    assert younger_by_saving(Saved(second.rgb[8:], second.encoding), first, SAME_PLACE) is None
    assert younger_by_saving(Saved(second.rgb, None), first, SAME_PLACE) is None
