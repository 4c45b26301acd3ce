"""Where a photo was taken: a distance for everybody, coordinates only for who asks."""

import json

import pytest
from tests.makers.camera_files import CAMERA, EXPOSURE, gps, photo

from bixie.cli.main import main

ORDER = {"delivery_place": {"lat": 31.2304, "lon": 121.4737}}


@pytest.fixture
def claim(tmp_path):
    path, order = tmp_path / "claim.jpg", tmp_path / "order.json"
    path.write_bytes(photo(CAMERA, EXPOSURE, gps((39, 54, 15), (116, 24, 26))))
    order.write_text(json.dumps(ORDER))
    return [str(path), "--order", str(order)]


def document(arguments, capfdbinary):
    assert main(["examine", *arguments, "--json"]) == 0
    return capfdbinary.readouterr().out.decode()


def test_without_asking_only_the_distance_is_told(claim, capfdbinary):
    text = document(claim, capfdbinary)
    assert '"distance_km": 1100' in text
    assert "39.9" not in text
    assert "116.4" not in text


def test_who_asks_gets_the_coordinates(claim, capfdbinary):
    text = document([*claim, "--show-place"], capfdbinary)
    findings = json.loads(text)["exhibits"][0]["findings"]
    place = next(one["data"]["place"] for one in findings if one["code"] == "camera.facts")
    assert place == pytest.approx({"lat": 39.904167, "lon": 116.407222}, abs=1e-5)


def test_the_page_of_a_report_holds_no_coordinates_either(claim, tmp_path, capfdbinary):
    folder = tmp_path / "report"
    assert main(["examine", *claim, "--report", str(folder)]) == 0
    for name in ("report.json", "index.html"):
        assert "39.904" not in (folder / name).read_text(encoding="utf-8")
    assert "1100 km" in (folder / "index.html").read_text(encoding="utf-8")
    capfdbinary.readouterr()
