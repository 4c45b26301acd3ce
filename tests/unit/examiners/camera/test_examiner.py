"""What a file notes about itself: told, bounded, cleaned, and never weighing anything."""

import json

import pytest
from PIL.TiffImagePlugin import IFDRational
from tests.makers.camera_files import CAMERA, EXPOSURE, gps, photo, scene, with_thumbnail

from bixie.examiners.camera.examiner import EXAMINER
from bixie.examiners.effects import effect_of
from bixie.examiners.presentation import Effect
from bixie.examiners.protocol import Container, Context, Exhibit
from bixie.examiners.results import Grade, NotApplicable
from bixie.imaging.decode import decode
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk

SHANGHAI = {"lat": 31.2304, "lon": 121.4737}
ORDER = {
    "delivered_at": "2026-11-13T10:00:00+08:00",
    "claimed_at": "2026-11-15T10:00:00+08:00",
    "delivery_place": SHANGHAI,
}


def statements(data, order=None, name="photo.jpg", *, show_place=False):
    source = source_from_bytes(name, data)
    context = Context(order=order, show_place=show_place)
    return list(EXAMINER.examine_container(Container(name, source, walk(source, Limits())), context))


def codes(data, order=None):
    return {one.code for one in statements(data, order)}


def facts(data, order=None, name="photo.jpg"):
    return next(one for one in statements(data, order, name) if one.code == "camera.facts")


def previewed(data):
    source = source_from_bytes("a.jpg", data)
    structure = walk(source, Limits())
    picture = decode(source, Limits(), long_side=1280, structure=structure)
    return list(EXAMINER.examine(Exhibit("a.jpg", source, structure, picture), Context()))


def taken(time, offset=None):
    return EXPOSURE | {0x9003: time} | ({0x9011: offset} if offset else {})


def test_a_file_without_notes_is_silent_with_the_reason():
    (one,) = statements(photo())
    assert isinstance(one, NotApplicable)


def test_camera_program_and_time_are_told():
    data = facts(photo(CAMERA | {0x0131: "Firmware 1.2"}, EXPOSURE)).data
    assert (data["make"], data["model"], data["software"]) == ("Canon", "EOS R6", "Firmware 1.2")
    assert data["captured_at"] == "2026-11-14T20:00:00"
    assert data["caveat"] == "clock"


@pytest.mark.parametrize(
    "make", ['workflow:{"nodes": []}', "prompt:{}", "prompt: a red shoe", '{"nodes": []}', "Ideogram AI"]
)
def test_what_is_no_maker_of_cameras_is_not_taken_for_one(make):
    data = facts(photo({0x010F: make, 0x0110: "prompt:{}"}, EXPOSURE)).data
    assert (data["make"], data["model"], data["make_is_camera"]) == (None, None, False)


@pytest.mark.parametrize("make", ["Canonical", "nonsense", "SHENZHEN CAMERA WORKS"])
def test_a_maker_that_nobody_listed_is_not_known_and_never_no_maker(make):
    one = facts(photo({0x010F: make, 0x0110: "One"}, EXPOSURE))
    assert (one.data["make"], one.data["model"], one.data["make_is_camera"]) == (make, "One", None)
    assert "not on the list" in one.explain.en
    assert "names none" not in one.explain.en


@pytest.mark.parametrize(
    "make",
    [
        "Canon",
        "NIKON CORPORATION",
        "HUAWEI",
        "Xiaomi",
        "SAMSUNG TECHWIN",
        "OLYMPUS IMAGING CORP.  ",
        "FUJIFILM",
        "FUJI PHOTO FILM CO., LTD.",
        "LGE",
        "LG Electronics",
        "OM Digital Solutions",
    ],
)
def test_makers_are_known_as_they_write_themselves(make):
    assert facts(photo({0x010F: make}, EXPOSURE)).data["make_is_camera"] is True


@pytest.mark.parametrize(
    ("time", "offset", "expected"),
    [
        ("2026:11:12 09:00:00", "+08:00", "before_delivery"),
        ("2026:11:13 09:30:00", "+08:00", None),  # half an hour: no clock is that good
        ("2026:11:14 20:00:00", "+08:00", None),
        ("2026:11:15 12:00:00", "+08:00", "after_claim"),
        ("2026:11:13 04:00:00", None, None),  # without a zone it may have been after delivery
        ("2026:11:11 09:00:00", None, "before_delivery"),
        ("2026:11:17 09:00:00", None, "after_claim"),
    ],
)
def test_a_capture_outside_the_order_is_told_within_what_clocks_allow(time, offset, expected):
    found = [
        one
        for one in statements(photo(CAMERA, taken(time, offset)), ORDER)
        if one.code == "camera.outside_order"
    ]
    assert [one.data["which"] for one in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("place", "kilometres", "far"),
    [((39.9042, 116.4074), 1100, True), ((31.3, 121.5), 8, False), ((22.54, 114.06), 1200, True)],
)
def test_the_distance_to_the_place_of_delivery_is_told_and_far_ones_stand_out(place, kilometres, far):
    data = photo(CAMERA, EXPOSURE, gps(*place))
    assert facts(data, ORDER).data["distance_km"] == pytest.approx(kilometres, abs=kilometres * 0.1)
    assert ("camera.far_from_delivery" in codes(data, ORDER)) is far


def test_coordinates_and_serial_numbers_stay_out_unless_coordinates_are_asked_for():
    exif = EXPOSURE | {0xA431: "SERIAL-4711", 0xA435: "LENS-0815", 0xA430: "Owner Name"}
    data = photo(CAMERA | {0xC62F: "BODY-99"}, exif, gps(39.9042, 116.4074))
    shown = json.dumps([one.data | one.explain.to_dict() for one in statements(data, ORDER)])
    for secret in ("39.9", "116.4", "SERIAL", "LENS", "BODY", "Owner"):
        assert secret not in shown
    asked = next(one for one in statements(data, ORDER, show_place=True) if one.code == "camera.facts")
    assert asked.data["place"] == pytest.approx({"lat": 39.9, "lon": 116.4}, abs=0.01)
    assert "SERIAL" not in json.dumps(asked.data)


@pytest.mark.parametrize(
    "tags",
    [
        gps((95, 0, 0), (116, 0, 0)),
        gps((39, 61, 0), (116, 0, 0)),
        gps((39, 0, 0), (181, 0, 0)),
        gps((39, 0, 0), (116, 0, 0), lat_ref="Q"),
        {1: "N", 2: 39.0, 3: "E", 4: 116.0},
    ],
)
def test_a_position_that_cannot_be_is_odd_and_gives_no_distance(tags):
    data = facts(photo(CAMERA, EXPOSURE, tags), ORDER).data
    assert data["distance_km"] is None
    assert data["odd"] == ["place"]


@pytest.mark.parametrize(
    "tags",
    [
        gps((0, 0, 0), (0, 0, 0)),
        gps((39, 0, 0), (116, 0, 0), lat_ref="", lon_ref=""),
        {1: "N", 2: (IFDRational(39), IFDRational(0), IFDRational(0))},
        {1: "N", 3: "E"},
        {0: b"\2\2\0\0"},
    ],
)
def test_a_position_that_is_nought_blank_or_missing_is_no_position_and_nothing_odd(tags):
    data = facts(photo(CAMERA, EXPOSURE, tags), ORDER).data
    assert (data["has_place"], data["distance_km"], data["odd"]) == (False, None, [])


def test_a_time_of_satellites_alone_is_told_and_not_held_against_the_order():
    tags = {7: (IFDRational(2), IFDRational(12), IFDRational(0)), 29: "2006:04:06"}
    found = statements(photo(CAMERA, None, tags), ORDER)
    assert [one.code for one in found] == ["camera.facts"]
    data = found[0].data
    assert (data["captured_at"], data["clock"]) == ("2006-04-06T02:12:00+00:00", "satellites")


@pytest.mark.parametrize(
    ("time", "offset", "text"),
    [
        ("2026/11/14 20:00:00", None, "2026-11-14T20:00:00"),
        ("2026-11-14T20:00:00.123+08:00", None, "2026-11-14T20:00:00+08:00"),
        ("2026:11:14 20:00:00Z", None, "2026-11-14T20:00:00+00:00"),
        ("2026:11:14 20:00:00", "+0530", "2026-11-14T20:00:00+05:30"),
        ("2026:11:14 20:00", None, "2026-11-14T20:00:00"),
        ("2026:11:14 20:00:60", None, "2026-11-14T20:01:00"),
        ("0000:00:00 00:00:00", None, None),
        ("", None, None),
    ],
)
def test_times_are_read_in_the_spellings_that_programs_use(time, offset, text):
    data = facts(photo(CAMERA, taken(time, offset))).data
    assert (data["captured_at"], data["odd"]) == (text, [])


@pytest.mark.parametrize(
    "time",
    ["2026:11:14 25:00:00", "2026:13:14 20:00:00", "9999:99:99 99:99:99", "1904:01:01 00:00:00", "yesterday"],
)
def test_a_time_that_cannot_be_is_odd(time):
    data = facts(photo(CAMERA, taken(time)), ORDER).data
    assert data["captured_at"] is None
    assert data["odd"] == ["time"]


@pytest.mark.parametrize(
    ("name", "messenger"),
    [
        ("mmexport1763100000000.jpg", "wechat"),
        ("folder/wx_camera_1763100000000.jpg", "wechat"),
        ("C:\\pictures\\IMG-20261114-WA0003.jpg", "whatsapp"),
        ("微信图片_20261114200000.jpg", "wechat"),
        ("微信图片_20261114200000_12_3.png", "wechat"),
        ("WeChat Image_20261114200000.jpg", "wechat"),
        ("企业微信截图_17631000000001.png", "wecom"),
        ("QQ图片20261114200000.jpg", "qq"),
        ("钉钉图片_20261114200000.jpg", "dingtalk"),
        ("WhatsApp Image 2026-11-14 at 20.00.00.jpeg", "whatsapp"),
        ("VID-20261114-WA0003.mp4", "whatsapp"),
        ("photo_2026-11-14_20-00-00.jpg", "telegram"),
        ("signal-2026-11-14-200000_002.jpeg", "signal"),
        ("IMG_20261114_200000.jpg", None),
        ("微信.jpg", None),
        ("photo_2026.jpg", None),
    ],
)
def test_names_that_messengers_give_are_recognised(name, messenger):
    found = statements(photo(CAMERA, EXPOSURE), name=name)
    assert found[0].data["messenger"] == messenger


def test_a_messenger_is_called_by_its_name_in_each_language():
    one = statements(photo(CAMERA, EXPOSURE), name="微信图片_20261114200000.jpg")[0]
    assert "WeChat" in one.explain.en
    assert "微信" in one.explain.zh


def test_a_canvas_of_generators_is_told_only_where_no_camera_is_named():
    square = scene(size=(1024, 1024))
    assert facts(photo({0x0131: "x"}, image=square)).data["generator_canvas"] is True
    assert facts(photo(CAMERA, EXPOSURE, image=square)).data["generator_canvas"] is False


def test_everything_is_informative_and_moves_nothing():
    data = photo(CAMERA, taken("2026:11:11 09:00:00"), gps(39.9, 116.4))
    for one in (*statements(data, ORDER), *previewed(with_thumbnail(scene(1), scene(2)))):
        assert (one.grade, one.strength_bits) == (Grade.INFORMATIVE, 0.0)
        assert effect_of(one) is Effect.NONE


@pytest.mark.parametrize(("small", "code"), [(1, "camera.thumbnail_agrees"), (2, "camera.thumbnail_differs")])
def test_the_preview_inside_the_file_is_compared_with_the_picture(small, code):
    (one,) = previewed(with_thumbnail(scene(1, (640, 480)), scene(small)))
    assert one.code == code


def test_without_a_preview_nothing_is_said_about_it():
    assert previewed(photo(CAMERA, EXPOSURE)) == []
