"""Every carrier of every format, written byte by byte and by other programs, is read with code and place."""

import pytest
from tests.makers.imaging import every_format
from tests.makers.labels.blocks import exif
from tests.makers.labels.examining import names_carrier, read, said
from tests.makers.labels.foreign import foreign_cells
from tests.makers.labels.matrix import ASCII, exif_holders, label_cells
from tests.makers.labels.vendors import HARMLESS, vendor_cells
from tests.sweeps import check_each

from bixie.examiners.label.carriers import CARRIERS, gather
from bixie.examiners.results import Grade
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk

CELLS = {cell.name: cell for cell in (*label_cells(), *vendor_cells(), *foreign_cells())}


def test_the_mark_is_read_and_its_place_is_named():
    def check(cell):
        findings = said(cell.make())
        assert set(findings) == {cell.expected}
        assert names_carrier(findings[cell.expected], cell.carrier)

    check_each(CELLS.items(), check)


def test_the_matrix_has_every_carrier():
    # A video's header only says what wrote it: no label stands there.
    assert {cell.carrier for cell in CELLS.values()} == set(CARRIERS) - {"matroska.info"}


def test_a_file_without_marks_says_nothing_that_weighs():
    def check(data):
        assert {finding.grade for finding in read(data)} <= {Grade.INFORMATIVE}

    check_each(every_format().items(), check)


@pytest.mark.parametrize(("what", "texts"), HARMLESS, ids=lambda value: str(value)[:60])
def test_honest_fields_are_at_most_an_editor(what, texts):
    values = {tag: value.encode() + b"\0" for tag, value in texts.items()}
    if "UserComment" in values:
        values["UserComment"] = ASCII + values["UserComment"]
    expected = {"label.software.editor"} if what == "editor" else set()
    assert set(said(exif_holders()["jpeg"](exif(**values)))) == expected


def test_more_metadata_than_allowed_is_said():
    cell = CELLS["jpeg/exif/user_comment"]
    limits = Limits(metadata_bytes=100)
    assert not gather(walk(source_from_bytes("a", cell.make()), Limits()), limits).complete


def test_a_mark_behind_the_picture_says_so():
    late = said(CELLS["png/tEXt_after_IDAT/raw"].make())["label.aigc.compliant"]
    early = said(CELLS["png/tEXt_before_IDAT/raw"].make())["label.aigc.compliant"]
    assert late.data["places"][0]["after_picture"] is True
    assert early.data["places"][0]["after_picture"] is False
