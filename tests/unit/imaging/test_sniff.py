import pytest
from tests.makers.imaging import box, every_format, movie

from bixie.imaging.sniff import EXTENSIONS, is_video, sniff

TYPES = {
    "jpeg": "image/jpeg",
    "mpo": "image/jpeg",
    "png": "image/png",
    "apng": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "avif": "image/avif",
    "heic": "image/heic",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "matroska": "video/webm",
}


@pytest.mark.parametrize("name", every_format())
def test_every_format_is_known_by_its_content(name):
    assert sniff(every_format()[name]) == TYPES[name.split("_")[0]]


@pytest.mark.parametrize(
    ("major", "compatible", "expected"),
    [
        (b"heix", (), "image/heic"),
        (b"mif1", (b"heic",), "image/heic"),
        (b"mif1", (b"avif",), "image/avif"),
        (b"mif1", (), "image/heif"),
        (b"avis", (), "image/avif"),
        (b"M4V ", (), "video/mp4"),
        (b"XXXX", (b"isom",), "video/mp4"),
        (b"XXXX", (b"mif1", b"heic"), "image/heic"),
        (b"crx ", (), None),
        (b"jxl ", (), None),
    ],
)
def test_brands_tell_stills_from_films(major, compatible, expected):
    assert sniff(box(b"ftyp", major, bytes(4), *compatible)) == expected


def test_early_quicktime_without_a_brand_is_known_by_its_first_box():
    assert sniff(box(b"moov", box(b"mvhd", bytes(8)))) == "video/quicktime"
    assert sniff(b"\0\0\0\4moov" + bytes(8)) is None


def test_a_matroska_file_that_is_not_webm_is_called_so():
    data = every_format()["matroska"].replace(b"webm", b"mkv ")
    assert sniff(data) == "video/x-matroska"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\xff\xd8",
        b"PK\x03\x04" + b"\xff\xd8\xff",
        b"<!DOCTYPE html>",
        b"BM is how this letter begins, and it goes on",
        b"RIFF\0\0\0\0WAVE",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"II*",
        b"ftyp",
    ],
)
def test_what_is_no_picture_has_no_type(data):
    assert sniff(data) is None


def test_every_beginning_of_every_file_is_sniffed_without_an_error():
    for data in (*every_format().values(), movie()):
        for length in range(64):
            assert sniff(data[:length]) in {*EXTENSIONS, None}


def test_videos_are_told_from_pictures():
    assert [kind for kind in EXTENSIONS if is_video(kind)] == [
        "video/mp4",
        "video/quicktime",
        "video/x-matroska",
        "video/webm",
    ]
