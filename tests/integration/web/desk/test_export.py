"""An export holds what the shop's platform takes, and not more."""

import io
import zipfile

import pytest
from tests.integration.web.desk.reading import fields, text
from tests.integration.web.desk.test_orders_at_desk import send_file
from tests.integration.web.service import picture

from bixie.web.desk.export_limits import export_limits, fitting


def limits(key):
    return next(one for one in export_limits() if one.key == key)


@pytest.mark.parametrize(
    ("key", "statement", "fits"),
    [
        ("wechat_shop", "杯" * 600, "杯" * 500),
        ("taobao_message", "杯" * 300, "杯" * 200),
        ("taobao_message", "a" + "杯" * 300, "a" + "杯" * 199),
        ("douyin", "x" * 900, "x" * 900),
    ],
)
def test_a_statement_is_cut_to_characters_or_bytes_and_never_inside_one(key, statement, fits):
    assert fitting(statement, limits(key)) == fits


def test_every_limit_names_its_source_and_both_languages():
    for one in export_limits():
        assert one.source
        assert one.name.zh
        assert one.name.en


def export(clerk, case, **values):
    address = f"/desk/cases/{case}/export"
    return clerk.send(address, **fields(clerk.get(address), address), **values)


def test_chosen_pictures_and_the_statement_come_in_one_archive(shop, clerk):
    case = shop.file(pictures=2)
    first = case["exhibits"][0]["id"]
    answer = export(
        clerk, case["id"], platform="douyin", picture=[first, "exhibit_x", first], statement="one\r\ntwo"
    )
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.namelist() == ["1.png", "statement.txt"]
        assert archive.read("1.png").startswith(b"\x89PNG")
        assert archive.read("statement.txt") == b"one\ntwo"


def test_a_picture_that_the_page_made_to_fit_takes_the_place_of_the_file(shop, clerk):
    case = shop.file()
    file = case["exhibits"][0]["id"]
    address = f"/desk/cases/{case['id']}/export"
    values = fields(clerk.get(address), address) | {"platform": "shopee", "picture": file, "statement": ""}
    made = picture(kind="JPEG")
    answer = send_file(clerk, address, f"{file}.jpg", "image/jpeg", made, name="prepared", **values)
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.read("1.jpg") == made


def test_more_pictures_than_the_platform_takes_are_refused_and_the_statement_stays(shop, clerk):
    case = shop.file(pictures=2)
    ids = [one["id"] for one in case["exhibits"]]
    answer = export(clerk, case["id"], platform="taobao_message", picture=ids, statement="kept")
    assert answer.status == 422
    assert "The platform takes 1 pictures." in text(answer)
    assert "kept" in text(answer)
