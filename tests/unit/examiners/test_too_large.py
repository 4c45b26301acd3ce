"""What is too large to decode is still read as a container, and photos of phones are never too large."""

import io
import struct
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from PIL import Image
from tests.makers.camera_files import CAMERA, EXPOSURE, photo
from tests.makers.labels.containers import png_with

from bixie.examiners.config import ExaminationConfig
from bixie.examiners.label.check import check_file
from bixie.examiners.label.producer import register
from bixie.examiners.results import Verdict
from bixie.examiners.runner import examine_claim
from bixie.imaging.decode import decode
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import read_source, source_from_bytes
from bixie.report.document import schema, to_document
from bixie.report.page.render import render_page
from bixie.report.record import Record

LABELLED = str(Path(__file__).parents[2] / "fixtures" / "camera" / "label_130mp.jpg")
MIB = 1024 * 1024


def examined(path, limits):
    return claim_of(path, limits).exhibits[0]


def claim_of(path, limits):
    return examine_claim([path], config=ExaminationConfig(limits=limits))


def test_a_label_is_reported_beside_the_refusal_as_the_label_check_does():
    limits = Limits(pixels=120_000_000)
    exhibit = examined(LABELLED, limits)
    checked = check_file(LABELLED, limits, register())
    codes = {one["code"] for one in checked["labels"]}
    assert codes
    assert codes <= {finding.code for finding in exhibit.findings}
    assert (exhibit.verdict, exhibit.error) == (Verdict.SUSPECT, None)
    assert "imaging.too_many_pixels" in {one.code for one in exhibit.warnings}
    assert {one.examiner for one in exhibit.not_applicable} >= {"derivation"}


def test_what_decides_nothing_stays_unreadable_with_what_the_file_notes(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(photo(CAMERA, EXPOSURE))
    exhibit = examined(str(path), Limits(pixels=100))
    assert (exhibit.verdict, exhibit.score_bits, exhibit.width) == (Verdict.UNREADABLE, None, None)
    assert exhibit.error is not None
    assert exhibit.error.code == "imaging.too_many_pixels"
    assert [finding.code for finding in exhibit.findings] == ["camera.facts"]


@pytest.mark.parametrize("pixels", [100, 120_000_000])
def test_documents_hold_to_the_schema_and_the_page_shows_both(tmp_path, pixels):
    path = tmp_path / "a.jpg"
    path.write_bytes(photo(CAMERA, EXPOSURE))
    chosen = str(path) if pixels == 100 else LABELLED
    claim = claim_of(chosen, Limits(pixels=pixels))
    document = to_document(claim, Record(datetime.now(UTC), None, None))
    jsonschema.Draft202012Validator(schema()).validate(document)
    page = render_page(claim, language="en", command="bixie examine")
    assert "pixels; at most" in page
    assert ("EOS R6" if pixels == 100 else "AIGC") in page


def test_the_photo_of_130_megapixels_is_examined_at_a_reduced_scale():
    exhibit = examined(LABELLED, Limits())
    assert (exhibit.verdict, exhibit.error) == (Verdict.SUSPECT, None)
    assert (exhibit.width, exhibit.height) == (13_000, 10_000)
    picture = decode(read_source(LABELLED, Limits()), Limits(memory_bytes=64 * MIB), long_side=1280)
    assert picture.rgb.shape == (985, 1280, 3)


def test_a_phones_photo_of_200_megapixels_fits_reduced_and_nothing_else_does():
    size = 16_320, 12_240
    stream = io.BytesIO()
    Image.new("L", size, 90).save(stream, "JPEG")
    source = source_from_bytes("a.jpg", stream.getvalue())
    picture = decode(source, Limits(), long_side=1280)
    assert (picture.width, picture.height, picture.rgb.shape) == (*size, (960, 1280, 3))
    plain = bytearray(png_with())
    plain[16:24] = struct.pack(">II", *size)
    with pytest.raises(ImagingError, match=r"imaging\.too_much_memory"):
        decode(source_from_bytes("a.png", bytes(plain)), Limits(), long_side=1280)


@pytest.mark.parametrize(("subsampling", "fits"), [(2, True), (0, False)])
def test_several_passes_take_memory_for_all_their_samples_however_small_they_are_decoded(subsampling, fits):
    stream = io.BytesIO()
    image = Image.new("RGB", (1000, 1000), (90, 60, 30))
    image.save(stream, "JPEG", progressive=True, subsampling=subsampling)
    source = source_from_bytes("a.jpg", stream.getvalue())
    limits = Limits(memory_bytes=5_000_000)
    if fits:
        assert decode(source, limits, long_side=125).rgb.shape == (125, 125, 3)
        return
    with pytest.raises(ImagingError, match=r"imaging\.too_much_memory"):
        decode(source, limits, long_side=125)
