"""Labels in a whole examination: verdict, document and page; pictures and videos."""

import json

import jsonschema
import pytest
from tests.makers.labels.blocks import label_json
from tests.makers.labels.containers import jpeg_with, png_with
from tests.makers.labels.foreign import foreign_cells
from tests.makers.labels.matrix import label_cells

from bixie import examine
from bixie.examiners.exhibits import _NO_VIDEO_READER
from bixie.imaging.errors import ImagingError
from bixie.report.document import schema

LABELLED = png_with((b"tEXt", b"AIGC\0" + label_json().encode()))
MOVIE = next(cell for cell in label_cells() if cell.name == "mp4/udta_meta/keys").make()


@pytest.fixture
def examined(tmp_path):
    def run(name, data):
        path = tmp_path / name
        path.write_bytes(data)
        report = examine([path])
        document = report.to_dict()
        jsonschema.Draft202012Validator(schema()).validate(document)
        return report, document["exhibits"][0]

    return run


def codes(exhibit):
    return {finding["code"] for finding in exhibit["findings"]}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_labelled_picture_is_suspect_and_the_page_says_why(examined, tmp_path, language):
    report, exhibit = examined("claim.png", LABELLED)
    assert exhibit["verdict"] == "suspect"
    assert "label.aigc.compliant" in codes(exhibit)
    report.save(tmp_path / "report", language=language)
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "GB 45438-2025" in page
    assert json.dumps("label.aigc.compliant")[1:-1] in page or "91110102MACQD9K640" in page


def test_an_unmarked_picture_is_inconclusive_and_without_a_finding(examined):
    _, exhibit = examined("claim.jpg", jpeg_with())
    assert (exhibit["verdict"], exhibit["findings"]) == ("inconclusive", [])


def test_marks_in_the_metadata_of_a_file_never_get_into_the_page_as_markup(examined, tmp_path):
    nasty = label_json(ContentProducer="<script>alert(1)</script>", ProduceID="<img src=x onerror=alert(1)>")
    report, exhibit = examined("claim.png", png_with((b"tEXt", b"AIGC\0" + nasty.encode())))
    assert exhibit["verdict"] == "suspect"
    report.save(tmp_path / "report")
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


def test_a_labelled_video_is_suspect(examined):
    pytest.importorskip("av")
    movie = next(cell for cell in foreign_cells() if cell.name == "FFmpeg:mp4/tags")
    _, exhibit = examined("claim.mp4", movie.make())
    assert exhibit["error"] is None
    assert exhibit["verdict"] == "suspect"
    assert "label.aigc.compliant" in codes(exhibit)


def test_a_labelled_video_is_suspect_where_videos_cannot_be_decoded(examined, monkeypatch):
    def no_reader(*_arguments, **_options):
        raise ImagingError(_NO_VIDEO_READER, extra="video")

    monkeypatch.setattr("bixie.examiners.exhibits.scene_frames", no_reader)
    _, exhibit = examined("claim.mp4", MOVIE)
    assert exhibit["verdict"] == "suspect"
    assert "label.aigc.compliant" in codes(exhibit)
