"""Files as phones, cameras and programs write them, each with the right answer."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from tests.unit.examiners.camera.test_examiner import facts, previewed, statements

from bixie.examiners.camera.thumbnail import compare, thumbnail_of
from bixie.imaging.decode import Picture, decode
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk

FILES = Path(__file__).parents[3] / "fixtures" / "camera"
ORDER = json.loads((FILES / "order_gps.json").read_text())


def read(name):
    return (FILES / name).read_bytes()


@pytest.mark.parametrize(
    "name", ["android_redacted_gps.jpg", "android_redacted_gps_xmp.jpg", "gps_null_island_no_fix.jpg"]
)
def test_a_position_that_was_blanked_or_never_fixed_is_no_position_and_nothing_odd(name):
    data = facts(read(name), ORDER).data
    assert (data["has_place"], data["odd"], data["satellites_at"]) == (False, [], None)


def test_the_same_file_before_blanking_has_its_position():
    data = facts(read("android_unredacted_control.jpg"), ORDER).data
    assert (data["has_place"], data["odd"], data["clocks_disagree"]) == (True, [], False)


def test_both_clocks_are_told_and_only_the_cameras_is_held_against_the_order():
    found = statements(read("gps_week_rollover.jpg"), ORDER)
    assert [one.code for one in found] == ["camera.facts"]
    data = found[0].data
    assert (data["captured_at"], data["clock"]) == ("2025-11-20T10:12:00", "camera")
    assert data["satellites_at"] == "2006-04-06T02:12:00+00:00"
    assert data["clocks_disagree"] is True
    assert "disagree" in found[0].explain.en
    assert "不一致" in found[0].explain.zh


@pytest.mark.parametrize(
    ("name", "captured_at"),
    [
        ("date_blank_as_exif_says.jpg", None),
        ("date_dashes.jpg", "2025-11-20T10:12:00"),
        ("date_iso.jpg", "2025-11-20T10:12:00"),
        ("date_24h.jpg", "2025-11-21T00:00:05"),
    ],
)
def test_times_are_read_as_they_are_spelt_and_a_blank_one_is_unknown(name, captured_at):
    data = facts(read(name)).data
    assert (data["captured_at"], data["odd"]) == (captured_at, [])


@pytest.mark.parametrize("name", ["maker_fujifilm.jpg", "maker_fujifilm_1024.jpg"])
def test_a_fujifilm_is_a_camera_whatever_its_picture_measures(name):
    data = facts(read(name)).data
    assert (data["make"], data["model"], data["make_is_camera"]) == ("FUJIFILM", "X-T5", True)
    assert data["generator_canvas"] is False


def test_exif_in_imagemagicks_png_profile_gives_the_cameras_facts():
    data = facts((FILES.parent / "labels" / "png_raw_profile_exif.png").read_bytes(), name="a.png").data
    assert (data["make"], data["model"], data["make_is_camera"]) == ("NIKON CORPORATION", "NIKON D70", True)
    assert data["captured_at"] == "2006-02-04T16:09:30"


@pytest.mark.parametrize(
    ("name", "shows"),
    [
        ("thumb_orientation_1.jpg", "same"),
        ("thumb_orientation_2.jpg", "same"),
        ("thumb_orientation_5.jpg", "same"),
        ("thumb_orientation_6.jpg", "same"),
        ("thumb_mirrored_by_camera.jpg", "same"),
        ("thumb_dark_background.jpg", "same"),
        ("thumb_cropped_4_3.jpg", "part"),
    ],
)
def test_a_preview_of_the_same_picture_agrees_turned_mirrored_dark_or_cut(name, shows):
    (one,) = previewed(read(name))
    assert (one.code, one.data["shows"]) == ("camera.thumbnail_agrees", shows)
    assert "different picture" not in one.explain.en


def test_a_preview_of_another_picture_is_still_told():
    files = {name: opened(name) for name in ("thumb_orientation_1.jpg", "thumb_dark_background.jpg")}
    files["thumb_cropped_4_3.jpg"] = opened("thumb_cropped_4_3.jpg")
    for (name, (structure, _)), (other, (_, picture)) in permutations(files.items(), 2):
        found = compare(thumbnail_of(structure), picture)
        assert (name, other, found.shows if found else None) == (name, other, "another")


def test_a_cut_picture_with_its_old_preview_is_not_another_picture():
    structure, picture = opened("thumb_orientation_1.jpg")
    cut = np.ascontiguousarray(picture.rgb[100:430, 150:600])
    found = compare(thumbnail_of(structure), Picture(cut, cut.shape[1], cut.shape[0]))
    assert found is not None
    assert found.shows == "part"


def opened(name):
    source = source_from_bytes(name, read(name))
    structure = walk(source, Limits())
    return structure, decode(source, Limits(), long_side=1280, structure=structure)
