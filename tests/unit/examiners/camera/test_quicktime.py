"""What phones write into the boxes of their videos."""

import struct

import pytest
from tests.makers.labels.containers import box, matroska_with, movie_with
from tests.unit.examiners.camera.test_cases import ORDER, read
from tests.unit.examiners.camera.test_examiner import facts, statements

from bixie.examiners.results import NotApplicable

UNIX_EPOCH_IN_1904_SECONDS = 2_082_844_800


def user_text(kind, text):
    raw = text.encode()
    return box(kind, struct.pack(">HH", len(raw), 0x15C7), raw)


def keyed(*pairs):
    """Return QuickTime's ``meta``: the names of keys, and their values by number."""
    names = b"".join(box(b"mdta", name.encode()) for name, _ in pairs)
    values = b"".join(
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), text.encode()))
        for number, (_, text) in enumerate(pairs, start=1)
    )
    handler = box(b"hdlr", bytes(8), b"mdta", bytes(13))
    return box(b"meta", handler, box(b"keys", struct.pack(">II", 0, len(pairs)), names), box(b"ilst", values))


def created(data, seconds):
    """Return a movie whose header was made so many seconds after 1970."""
    at = data.index(b"mvhd") + 8
    return data[:at] + struct.pack(">I", seconds + UNIX_EPOCH_IN_1904_SECONDS) + data[at + 4 :]


def test_an_iphones_keys_give_maker_model_time_and_place():
    (one,) = statements(read("video_iphone_keys.mov"), ORDER, "IMG_0001.MOV")
    data = one.data
    assert (data["make"], data["model"], data["make_is_camera"]) == ("Apple", "iPhone 15 Pro", True)
    assert (data["captured_at"], data["clock"]) == ("2025-11-20T10:12:00+08:00", "camera")
    assert (data["has_place"], data["software"]) == (True, "17.5.1")


def test_user_texts_are_read_too():
    udta = box(
        b"udta",
        user_text(b"\xa9mak", "samsung"),
        user_text(b"\xa9mod", "SM-S928B"),
        user_text(b"\xa9day", "2025-11-09T10:12:00+0800"),
        user_text(b"\xa9xyz", "+31.2304+121.4737/"),
    )
    found = statements(movie_with(udta), ORDER, "a.mp4", show_place=True)
    assert [one.code for one in found] == ["camera.facts", "camera.outside_order"]
    assert (found[0].data["make"], found[0].data["model"]) == ("samsung", "SM-S928B")
    assert found[0].data["place"] == {"lat": 31.2304, "lon": 121.4737}
    assert "31.23" not in str(statements(movie_with(udta), ORDER, "a.mp4"))


def test_an_android_phone_is_named_and_its_header_gives_the_time_within_the_zones():
    meta = keyed(
        ("com.android.manufacturer", "Xiaomi"), ("com.android.model", "14"), ("com.android.version", "14")
    )
    ten_hours_before_delivery = 1_763_136_000
    found = statements(created(movie_with(meta), ten_hours_before_delivery), ORDER, "a.mp4")
    assert [one.code for one in found] == ["camera.facts"]
    data = found[0].data
    assert (data["make"], data["model"], data["software"]) == ("Xiaomi", "14", "Android 14")
    assert data["captured_at"] == "2025-11-14T16:00:00+00:00"


@pytest.mark.parametrize(
    "udta",
    [
        b"",
        box(b"udta", user_text(b"\xa9too", "Lavf62.12.102")),
        box(b"udta", user_text(b"\xa9xyz", "+00.0000+000.0000/")),
        box(b"udta", user_text(b"\xa9xyz", "")),
    ],
)
def test_a_header_alone_is_any_programs_and_a_blank_place_is_none(udta):
    (one,) = statements(created(movie_with(udta), 1_763_136_000), ORDER, "a.mp4")
    assert isinstance(one, NotApplicable)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("+31.2304+121.4737+004.000/", 31.2304, 121.4737),
        ("-3113.82-07012.5/", -31.2303, -70.2083),
        ("+311349.4+1212825.3/", 31.2304, 121.4737),
        ("+31.2304+121.4737+4.0CRSWGS_84/", 31.2304, 121.4737),
    ],
)
def test_a_place_is_read_in_degrees_minutes_or_seconds(text, lat, lon):
    data = statements(movie_with(box(b"udta", user_text(b"\xa9xyz", text))), show_place=True)[0].data
    assert (data["place"]["lat"], data["place"]["lon"]) == pytest.approx((lat, lon), abs=1e-4)


@pytest.mark.parametrize(
    "text", ["+95.0+121.0/", "+31.0+181.0/", "31.2,121.4", "+3161.0+12128.0/", "+" * 500, "+31.2"]
)
def test_a_place_that_cannot_be_read_is_left_out(text):
    udta = box(b"udta", user_text(b"\xa9mak", "Apple"), user_text(b"\xa9xyz", text))
    assert facts(movie_with(udta), name="a.mp4").data["has_place"] is False


def test_matroska_names_no_camera():
    (one,) = statements(matroska_with((b"COMMENT", b"a")), name="a.mkv")
    assert isinstance(one, NotApplicable)
