"""Hostile bytes: every file is examined with a warning, or refused with its code; nothing else happens."""

import re
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.makers import hostile_files as files
from tests.makers.imaging import LIMITS, chunk, every_format, jpeg, noisy, png, saved, source
from tests.sweeps import check_each

from bixie.imaging.decode import decode
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.structure import walk
from bixie.imaging.structure.metadata import icc_profile, jumbf_stores, orientation, xmp_packets

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "hostile-fixtures.md"
PICTURES = [name for name in every_format() if not name.startswith(("mov", "mp4", "matroska"))]


def walked(one):
    """Walk a file, read all its metadata, and hold every node to the file."""
    structure = walk(one, LIMITS)
    for node in structure.all_nodes():
        for offset, length in ((node.offset, node.length), node.payload):
            assert 0 <= offset <= offset + length <= len(one.data)
    assert 1 <= orientation(structure) <= 8
    for blocks in (xmp_packets, jumbf_stores):
        assert sum(map(len, blocks(structure, LIMITS))) <= LIMITS.metadata_bytes
    assert len(icc_profile(structure, LIMITS) or b"") <= LIMITS.metadata_bytes
    return structure


def outcome(one):
    """Return the picture, or the code of its refusal."""
    try:
        return decode(one, LIMITS), None
    except ImagingError as refusal:
        return None, refusal.code


def interlaced_png():
    """Return a grey PNG of 64 × 64 in Adam7 order, which Pillow does not write."""
    header = struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 1)
    passes = ((8, 8), (8, 8), (16, 8), (16, 16), (32, 16), (32, 32), (64, 32))
    rows = b"".join(
        b"\0" + noisy(width, 1, row)[0, :, 0].tobytes() for width, height in passes for row in range(height)
    )
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_the_page_names_every_hostile_file_and_path():
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    made = {*files.DECODES, *files.REFUSED, *files.WALKED_ONLY, *files.PATHS, *files.CUT}
    assert named == made


@pytest.mark.parametrize("name", files.DECODES)
def test_it_is_examined_and_the_warnings_say_what_was_met(name):
    make, warnings = files.DECODES[name]
    one = source(make())
    structure = walked(one)
    picture = decode(one, LIMITS)
    assert {note.code for note in (*structure.warnings, *picture.warnings)} == warnings
    assert (picture.width, picture.height) in {(48, 32), (32, 48)}


@pytest.mark.parametrize("name", files.REFUSED)
def test_it_is_refused_with_its_code(name):
    make, code = files.REFUSED[name]
    with pytest.raises(ImagingError) as refusal:
        decode(source(make()), LIMITS)
    assert refusal.value.code == code


@pytest.mark.parametrize("name", files.REFUSED)
def test_what_is_refused_can_still_be_walked_when_its_type_is_known(name):
    try:
        one = source(files.REFUSED[name][0]())
    except ImagingError:
        return
    walked(one)


@pytest.mark.parametrize("name", files.WALKED_ONLY)
def test_nesting_without_end_is_cut_off(name):
    make, warnings = files.WALKED_ONLY[name]
    structure = walked(source(make()))
    assert {note.code for note in structure.warnings} == warnings
    assert sum(1 for _ in structure.all_nodes()) <= LIMITS.depth + 4


def test_a_huge_header_is_refused_for_its_pixels_when_sides_are_allowed():
    with pytest.raises(ImagingError) as refusal:
        decode(source(files.huge_png()), Limits(side=100_000))
    assert refusal.value.code == "imaging.too_many_pixels"
    assert refusal.value.values["pixels"] == files.HUGE**2


def test_all_five_thousand_frames_are_listed_and_one_is_decoded():
    one = source(files.DECODES["gif_of_5000_frames"][0]())
    assert sum(node.kind == "image" for node in walked(one).nodes) == 5000
    assert decode(one, LIMITS).rgb.shape == (32, 48, 3)


def cut_at_tenths(whole, first=1):
    """Yield a file cut off after so many tenths of its bytes, by the tenth."""
    for tenth in range(first, 10):
        yield tenth, source(whole[: len(whole) * tenth // 10])


def test_cut_at_every_tenth_a_file_is_examined_or_refused():
    def check(one):
        walked(one)
        picture, code = outcome(one)
        assert code in {None, "imaging.broken"}
        assert picture is None or picture.rgb.shape == (picture.height, picture.width, 3)

    whole = every_format()
    check_each(
        ((f"{name}, {tenth} tenths", cut) for name in PICTURES for tenth, cut in cut_at_tenths(whole[name])),
        check,
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF"])
def test_cut_at_every_tenth_a_photo_shows_what_it_has(form):
    whole = (
        saved(noisy(200, 300)[..., 0], form, interlace=0) if form == "GIF" else saved(noisy(200, 300), form)
    )
    intact = decode(source(whole), LIMITS)

    def check(case):
        tenth, cut = case
        picture = decode(cut, LIMITS)
        assert [note.code for note in picture.warnings] == ["imaging.truncated"]
        rows = picture.missing[1]
        assert rows / 300 == pytest.approx(tenth / 10, abs=0.15)
        np.testing.assert_array_equal(picture.rgb[:rows], intact.rgb[:rows])

    check_each(((f"{tenth} tenths", (tenth, cut)) for tenth, cut in cut_at_tenths(whole, first=2)), check)


def test_cut_at_every_tenth_a_progressive_photo_is_examined_or_refused():
    def check(cut):
        picture, code = outcome(cut)
        assert code in {None, "imaging.broken"}
        assert picture is None or [note.code for note in picture.warnings] == ["imaging.truncated"]

    smooth = cv2.resize(noisy(20, 30), (200, 300))
    whole = jpeg(smooth, progressive=True)
    check_each(((f"{tenth} tenths", cut) for tenth, cut in cut_at_tenths(whole)), check)


@pytest.mark.parametrize("name", ["gif_interlaced", "png_interlaced"])
def test_an_interlaced_picture_cut_in_the_middle_is_refused(name):
    whole = saved(noisy(64, 64)[..., 0], "GIF", interlace=1) if name == "gif_interlaced" else interlaced_png()
    assert decode(source(whole), LIMITS).rgb.shape == (64, 64, 3)
    with pytest.raises(ImagingError, match=r"imaging\.broken"):
        decode(source(whole[: len(whole) // 2]), LIMITS)


def test_one_missing_byte_is_enough_to_say_so():
    for whole in (jpeg(noisy(64, 64)), png(noisy(64, 64))):
        picture = decode(source(whole[:-1]), LIMITS)
        assert picture.rgb.shape == (64, 64, 3)
