"""Every way of storing the same scene must show the same scene; sizes are those of the displayed grid."""

import struct
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageCms
from tests.makers.imaging import (
    BLUE,
    GREEN,
    GREY,
    HEIGHT,
    LIMITS,
    RED,
    WIDTH,
    XMP,
    animation,
    every_format,
    exif,
    jpeg,
    movie,
    noisy,
    png,
    saved,
    scene,
    source,
    swapped_profile,
)

from bixie.imaging.decode import decode
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.structure import walk

CORNERS = RED, BLUE, GREEN, GREY
TURNS = {
    1: lambda rgb: rgb,
    2: lambda rgb: rgb[:, ::-1],
    3: lambda rgb: rgb[::-1, ::-1],
    4: lambda rgb: rgb[::-1],
    5: lambda rgb: rgb.transpose(1, 0, 2),
    6: lambda rgb: np.rot90(rgb, -1),
    7: lambda rgb: np.rot90(rgb, 2).transpose(1, 0, 2),
    8: lambda rgb: np.rot90(rgb, 1),
}
"""What a viewer does to the stored picture, by EXIF orientation."""


def corners(rgb):
    """Return the colours of the four corners, clockwise from the upper left."""
    return rgb[3, 3], rgb[3, -4], rgb[-4, -4], rgb[-4, 3]


def assert_corners(picture, expected=CORNERS, tolerance=6):
    np.testing.assert_allclose(corners(picture.rgb.astype(int)), expected, atol=tolerance)


def codes(picture):
    return [note.code for note in picture.warnings]


@pytest.mark.parametrize(
    "name",
    [
        "jpeg_progressive",
        "mpo",
        "png_palette",
        "apng",
        "webp_animated",
        "gif",
        "tiff_jpeg",
        "bmp",
    ],
)
def test_the_scene_is_the_scene_in_every_format(name):
    picture = decode(source(every_format()[name]), LIMITS)
    assert (picture.width, picture.height, picture.scale) == (WIDTH, HEIGHT, 1)
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb.flags.c_contiguous
    assert_corners(picture, tolerance=12)


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_is_shown_upright(form, orientation):
    options = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}.get(form, {})
    stored = saved(scene(), form, exif=exif(orientation), **options)
    picture = decode(source(stored), LIMITS)
    upright = TURNS[orientation](scene())
    assert (picture.height, picture.width) == upright.shape[:2]
    assert_corners(picture, corners(upright))


@pytest.mark.parametrize("orientation", TURNS)
def test_avif_turns_by_its_own_properties(orientation):
    stored = saved(scene(), "AVIF", quality=95, subsampling="4:4:4", exif=exif(orientation))
    upright = TURNS[orientation](scene())
    picture = decode(source(stored), LIMITS)
    assert (picture.height, picture.width) == upright.shape[:2]
    assert_corners(picture, corners(upright), tolerance=12)


def test_heic_turns_by_its_own_properties_and_its_edges_are_cut():
    picture = decode(source(every_format()["heic"]), LIMITS)
    assert (picture.width, picture.height) == (32, 48)
    red, blue, white = (200, 60, 40), (40, 90, 200), (240, 240, 240)
    assert_corners(picture, (red, white, white, blue))


def test_heic_alpha_is_laid_over_white():
    picture = decode(source(every_format()["heic_alpha"]), LIMITS)
    assert picture.rgb[20, 2].tolist() == [255, 255, 255]
    np.testing.assert_allclose(picture.rgb[20, 14].astype(int), (200, 60, 40), atol=6)


@pytest.mark.parametrize("orientation", [0, 9, 200])
def test_an_orientation_that_is_none_is_passed_over(orientation):
    picture = decode(source(jpeg(exif=exif(orientation))), LIMITS)
    assert_corners(picture)


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(Image.fromarray(scene()).convert("RGBA"), id="rgba"),
        pytest.param(Image.fromarray(scene()).quantize(8), id="palette"),
        pytest.param(Image.fromarray(scene()), id="rgb"),
    ],
)
def test_colours_survive_every_mode_of_png(image):
    assert_corners(decode(source(png(image)), LIMITS))


@pytest.mark.parametrize(
    ("values", "form", "expected"),
    [
        pytest.param(np.uint8([0, 128, 255]), "PNG", [0, 128, 255], id="8 bit"),
        pytest.param(np.uint16([0, 128 * 257, 65_535]), "PNG", [0, 128, 255], id="16 bit png"),
        pytest.param(np.uint16([0, 128 * 257, 65_535]), "TIFF", [0, 128, 255], id="16 bit tiff"),
        pytest.param(np.int32([0, 128, 255]), "TIFF", [0, 128, 255], id="32 bit up to 255"),
        pytest.param(np.int32([0, 128 * 257, 65_535]), "TIFF", [0, 128, 255], id="32 bit up to 65535"),
        pytest.param(np.int32([0, 1 << 29, 1 << 30]), "TIFF", [0, 128, 255], id="32 bit beyond"),
        pytest.param(np.float32([0, 0.5, 1]), "TIFF", [0, 128, 255], id="float up to 1"),
        pytest.param(np.float32([0, np.nan, 1]), "TIFF", [0, 0, 255], id="float with nan"),
        pytest.param(np.array([False, True, True]), "PNG", [0, 255, 255], id="1 bit"),
    ],
)
def test_grey_of_any_depth_becomes_eight_bits(values, form, expected):
    grey = np.repeat(values[:, None], 16, axis=1)
    rgb = decode(source(saved(grey, form)), LIMITS).rgb
    assert rgb.shape == (3, 16, 3)
    assert rgb[:, 0, 0].tolist() == expected
    assert (rgb == rgb[..., :1]).all()


@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA"])
def test_what_is_transparent_is_white(mode):
    rgba = Image.fromarray(np.dstack([scene(), np.full((HEIGHT, WIDTH), 255, np.uint8)]))
    rgba.paste((0, 0, 0, 0), (0, 0, WIDTH, 8))
    if mode == "PA":
        image, options = rgba.convert("RGB").quantize(8), {"transparency": 0}
        first = np.asarray(image)[0, 0]
        options["transparency"] = int(first)
    else:
        image, options = rgba.convert(mode), {}
    rgb = decode(source(png(image, **options)), LIMITS).rgb
    assert rgb[2, 2].tolist() == [255, 255, 255]
    assert rgb[-4, 3].max() < 255


def test_half_transparent_red_over_white_is_pink():
    rgba = np.zeros((8, 8, 4), np.uint8)
    rgba[...] = (255, 0, 0, 128)
    assert decode(source(png(rgba)), LIMITS).rgb[4, 4].tolist() == [255, 127, 127]


def test_a_colour_key_of_png_is_transparent():
    rgb = decode(source(png(transparency=GREY)), LIMITS).rgb
    assert rgb[-4, 3].tolist() == [255, 255, 255]
    assert rgb[3, 3].tolist() == list(RED)


def test_cmyk_with_adobes_inverted_values_is_seen_as_it_was_meant():
    stored = jpeg(Image.fromarray(scene()).convert("CMYK"))
    assert b"Adobe" in stored
    assert_corners(decode(source(stored), LIMITS), tolerance=12)


def test_cmyk_is_reduced_as_cmyk():
    large = Image.fromarray(scene(480, 320)).convert("CMYK")
    picture = decode(source(saved(large, "TIFF")), LIMITS, long_side=96)
    assert picture.rgb.shape == (64, 96, 3)
    assert_corners(picture)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_colour_profile_is_applied(form):
    options = {
        "JPEG": {"quality": 95, "subsampling": 0},
        "WEBP": {"lossless": True},
        "AVIF": {"quality": 95, "subsampling": "4:4:4"},
    }.get(form, {})
    stored = saved(scene(), form, icc_profile=swapped_profile(), **options)
    picture = decode(source(stored), LIMITS)
    assert_corners(picture, [colour[::-1] for colour in CORNERS], tolerance=12)
    assert codes(picture) == []


def test_an_srgb_profile_changes_no_pixel():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with_profile = decode(source(png(icc_profile=profile)), LIMITS)
    np.testing.assert_array_equal(with_profile.rgb, scene())


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(b"no profile at all", id="nonsense"),
        pytest.param(swapped_profile()[:200], id="cut short"),
        pytest.param(
            ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), id="of another space"
        ),
    ],
)
def test_a_profile_that_cannot_be_used_is_noted_and_colours_stay(profile):
    picture = decode(source(png(icc_profile=profile)), LIMITS)
    assert codes(picture) == ["imaging.icc_unreadable"]
    np.testing.assert_array_equal(picture.rgb, scene())


@pytest.mark.parametrize("long_side", [1, 7, 100, 333, 640, 1000])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_the_longer_side_becomes_what_was_asked_for(form, long_side):
    stored = saved(scene(1000, 600), form, exif=exif(6))
    picture = decode(source(stored), LIMITS, long_side=long_side)
    assert (picture.width, picture.height) == (600, 1000)
    assert max(picture.rgb.shape[:2]) == picture.rgb.shape[0] == long_side
    assert picture.rgb.shape[1] == max(1, round(long_side * 0.6))
    assert picture.scale == picture.rgb.shape[1] / 600


def test_a_picture_is_never_enlarged():
    picture = decode(source(jpeg()), LIMITS, long_side=1024)
    assert picture.rgb.shape == (HEIGHT, WIDTH, 3)


def test_a_reduced_jpeg_is_what_reducing_the_whole_gives():
    smooth = np.asarray(Image.fromarray(noisy(40, 30)).resize((1600, 1200), Image.Resampling.BICUBIC))
    stored = source(jpeg(smooth))
    whole = Image.fromarray(decode(stored, LIMITS).rgb).resize((500, 375), Image.Resampling.BOX)
    reduced = decode(stored, LIMITS, long_side=500).rgb
    assert np.abs(np.asarray(whole).astype(int) - reduced).mean() < 1


def test_a_walk_that_was_done_already_can_be_handed_in():
    one = source(jpeg(exif=exif(8)))
    again = decode(one, LIMITS, structure=walk(one, LIMITS))
    np.testing.assert_array_equal(again.rgb, decode(one, LIMITS).rgb)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "TIFF", "AVIF"])
def test_of_several_frames_the_first_is_examined_and_a_note_says_so(form):
    picture = decode(source(animation(form)), LIMITS)
    assert codes(picture) == ["imaging.first_frame_only"]
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)


def test_a_camera_preview_in_the_same_jpeg_is_no_second_frame():
    assert codes(decode(source(every_format()["jpeg"] + jpeg()), LIMITS)) == []


def test_pictures_from_several_angles_are_noted_as_several():
    data = bytearray(every_format()["mpo"])
    assert codes(decode(source(bytes(data)), LIMITS)) == []
    index = next(node for node in walk(source(bytes(data)), LIMITS).all_nodes() if node.kind == "mpf")
    entries = next(node for node in index.walk() if node.facts.get("tag") == 0xB002)
    data[entries.payload[0] : entries.payload[0] + 4] = struct.pack("<I", 0x020002)
    assert codes(decode(source(bytes(data)), LIMITS)) == ["imaging.first_frame_only"]


def test_limits_hold_before_decoding():
    stored = source(png(np.zeros((40, 50, 3), np.uint8)))
    assert decode(stored, Limits(side=50, pixels=2000)).width == 50
    for limits, code in (
        (Limits(side=49), "imaging.side_too_long"),
        (Limits(pixels=1999), "imaging.too_many_pixels"),
    ):
        with pytest.raises(ImagingError) as refusal:
            decode(stored, limits)
        assert refusal.value.code == code
        assert refusal.value.values["width"] == 50


@pytest.mark.parametrize("name", [n for n in every_format() if not n.startswith(("mov", "mp4", "matroska"))])
def test_limits_hold_in_every_format(name):
    with pytest.raises(ImagingError) as refusal:
        decode(source(every_format()[name]), Limits(side=31))
    assert refusal.value.code == "imaging.side_too_long"


def test_a_picture_beyond_pillows_own_limit_is_read_without_a_warning(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for name in ("jpeg", "png", "gif", "tiff", "tiff_big", "bmp", "avif"):
        decode(source(every_format()[name]), LIMITS)


def test_a_video_is_not_decoded_as_a_picture():
    with pytest.raises(ImagingError, match=r"imaging\.video_not_picture"):
        decode(source(movie()), LIMITS)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_jpeg_is_examined_as_far_as_it_goes(share):
    rgb = noisy(320, 240)
    whole = jpeg(rgb)
    picture = decode(source(whole[: int(len(whole) * share)]), LIMITS)
    assert codes(picture) == ["imaging.truncated"]
    left, top, right, bottom = picture.missing
    assert (left, right, bottom) == (0, 320, 240)
    assert abs(top / 240 - share) < 0.15
    intact = decode(source(whole), LIMITS).rgb
    np.testing.assert_array_equal(picture.rgb[:top], intact[:top])


def test_what_is_missing_turns_with_the_picture():
    whole = jpeg(noisy(320, 240), exif=exif(6))
    picture = decode(source(whole[: len(whole) // 2]), LIMITS, long_side=160)
    left, top, right, bottom = picture.missing
    assert (picture.width, picture.height) == (240, 320)
    assert (left, top, bottom) == (0, 0, 320)
    assert 80 < right < 160


def test_a_truncated_progressive_jpeg_shows_the_whole_coarsely():
    rgb = np.asarray(Image.fromarray(noisy(8, 6)).resize((320, 240)))
    whole = jpeg(rgb, progressive=True)
    picture = decode(source(whole[: len(whole) * 2 // 3]), LIMITS)
    assert codes(picture) == ["imaging.truncated"]
    assert np.abs(picture.rgb[:200].astype(int) - rgb[:200]).mean() < 30


@pytest.mark.parametrize("options", [{}, {"compress_level": 0}])
def test_a_truncated_png_is_examined_as_far_as_it_goes(options):
    rgb = noisy(320, 240)
    whole = png(rgb, **options)
    picture = decode(source(whole[: len(whole) // 2]), LIMITS)
    assert codes(picture) == ["imaging.truncated"]
    top = picture.missing[1]
    assert 90 < top < 125
    np.testing.assert_array_equal(picture.rgb[:top], rgb[:top])


def test_a_truncated_picture_of_which_not_even_two_rows_would_be_shown_is_refused():
    whole = png(noisy(32, 3000))
    cut = source(whole[: len(whole) // 200])
    assert decode(cut, LIMITS).missing is not None
    with pytest.raises(ImagingError, match=r"imaging\.broken"):
        decode(cut, LIMITS, long_side=100)


def test_a_damaged_png_says_so_and_keeps_the_rows_before():
    rgb = noisy(320, 240)
    data = bytearray(png(rgb))
    data[len(data) // 2 : len(data) // 2 + 400] = bytes(400)
    picture = decode(source(bytes(data)), LIMITS)
    assert codes(picture) == ["imaging.damaged"]
    assert picture.missing[1] > 60
    np.testing.assert_array_equal(picture.rgb[: picture.missing[1] // 2], rgb[: picture.missing[1] // 2])


def test_a_whole_picture_misses_nothing():
    assert decode(source(jpeg(np.zeros((64, 64, 3), np.uint8))), LIMITS).missing is None


def test_metadata_is_kept_from_the_decoder(recwarn):
    stored = jpeg(exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(range(256)), xmp=XMP)
    assert_corners(decode(source(stored), LIMITS))
    assert not recwarn.list


def test_threads_decode_at_once_without_disturbing_each_other():
    cut = jpeg(noisy(320, 240))
    files = [source(data) for data in (*every_format().values(), cut[: len(cut) // 2], cut)]
    pictures = [one for one in files if not one.media_type.startswith("video")]
    alone = [decode(one, LIMITS) for one in pictures]
    gate = threading.Barrier(4)

    def run(index):
        gate.wait()
        order = pictures[index:] + pictures[:index]
        seen = [decode(one, LIMITS) for one in order]
        return seen[len(pictures) - index :] + seen[: len(pictures) - index]

    with ThreadPoolExecutor(4) as pool:
        for seen in pool.map(run, range(0, 12, 3)):
            for one, other in zip(alone, seen, strict=True):
                np.testing.assert_array_equal(one.rgb, other.rgb)
                assert codes(one) == codes(other)
