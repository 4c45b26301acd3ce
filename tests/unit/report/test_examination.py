"""The library's front door."""

import json
import os
import sys
from datetime import UTC, datetime

import pytest
from tests.makers.pictures import write_jpeg
from tests.unit.examiners.fakes import PixelExaminer, finding

from bixie.examiners import registry
from bixie.examiners.order import OrderError
from bixie.examiners.results import Verdict
from bixie.kit.calendar import CHINA
from bixie.kit.errors import UsageError
from bixie.report.examination import Report, examine, load_known
from bixie.report.record import Record


@pytest.fixture(autouse=True)
def examiner(monkeypatch):
    pixels = PixelExaminer([finding(strength_bits=7.0)])
    monkeypatch.setattr(registry, "own_examiners", lambda: (pixels,))
    return pixels


def test_a_claim_becomes_a_report_with_typed_results_and_a_document(tmp_path):
    path = write_jpeg(tmp_path / "a.jpg")
    report = examine([path])
    assert isinstance(report, Report)
    assert report.claim.exhibits[0].verdict is Verdict.SUSPECT
    assert report.to_dict()["exhibits"][0]["verdict"] == "suspect"


def test_a_single_path_may_stand_without_a_list(tmp_path):
    assert len(examine(tmp_path / write_jpeg(tmp_path / "a.jpg")).claim.exhibits) == 1


def test_saving_returns_the_page_and_writes_the_same_document(tmp_path):
    report = examine([write_jpeg(tmp_path / "a.jpg")])
    page = report.save(tmp_path / "report", language="en")
    assert 'data-lang="en"' in page.read_text(encoding="utf-8")
    written = json.loads((tmp_path / "report" / "report.json").read_bytes())
    assert written == report.to_dict(with_masks=True)


def test_the_record_holds_the_time_the_order_and_who_examined(tmp_path):
    now = datetime(2026, 11, 30, 20, 15, tzinfo=CHINA)
    path = write_jpeg(tmp_path / "a.jpg")
    report = examine(path, order={"id": "123"}, examined_by=" 某店\n售后 ", clock=lambda: now)
    assert report.record == Record(now, "123", "某店 售后")
    assert report.to_dict()["created_at"] == "2026-11-30T20:15:00+08:00"
    page = report.save(tmp_path / "report").read_text(encoding="utf-8")
    assert "2026-11-30 20:15 (+08:00)" in page


def test_who_examined_is_a_setting_unless_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("BIXIE_EXAMINED_BY", "总台")
    path = write_jpeg(tmp_path / "a.jpg")
    assert examine(path).record.examined_by == "总台"
    assert examine(path, examined_by="二店").record.examined_by == "二店"
    monkeypatch.setenv("BIXIE_EXAMINED_BY", " ")
    assert examine(path).record.examined_by is None


def test_the_time_of_the_record_has_the_zone_of_this_machine(tmp_path):
    before = datetime.now(UTC)
    created_at = examine(write_jpeg(tmp_path / "a.jpg")).record.created_at
    assert before <= created_at <= datetime.now(UTC)
    assert created_at.utcoffset() == created_at.astimezone().utcoffset()


def test_known_pictures_are_taken_as_paths_or_read_before(tmp_path, examiner):
    known = write_jpeg(tmp_path / "known.jpg", 2)
    path = write_jpeg(tmp_path / "a.jpg")
    for given in (known, [known], load_known([known])):
        assert examine(path, known=given).to_dict()["known"][0]["path"] == known
    assert len(examiner.shown) == 3


@pytest.mark.parametrize("as_file", [True, False])
def test_the_order_is_taken_as_a_file_or_a_dictionary(tmp_path, examiner, as_file):
    order = {"id": "7"}
    if as_file:
        (tmp_path / "order.json").write_text(json.dumps(order), encoding="utf-8")
    examine(write_jpeg(tmp_path / "a.jpg"), order=tmp_path / "order.json" if as_file else order)
    assert examiner.shown[0][1].order == order


def test_a_wrong_order_is_refused_before_anything_is_examined(tmp_path, examiner):
    with pytest.raises(OrderError):
        examine(write_jpeg(tmp_path / "a.jpg"), order={"id": 7})
    assert examiner.shown == []


def test_no_path_is_wrong_usage():
    with pytest.raises(UsageError):
        examine([])


@pytest.mark.parametrize(
    ("photos", "known", "order"),
    [("nosuch.jpg", (), None), ("a.jpg", "nosuch.jpg", None), ("a.jpg", (), "nosuch.jpg")],
)
def test_a_path_that_names_nothing_is_wrong_usage(tmp_path, monkeypatch, photos, known, order):
    monkeypatch.chdir(tmp_path)
    write_jpeg(tmp_path / "a.jpg")
    with pytest.raises(UsageError) as refused:
        examine(photos, known=known, order=order)
    assert (refused.value.code, refused.value.values["missing"]) == ("usage.no_such_path", ["nosuch.jpg"])


def test_the_command_repeats_what_was_given_quoted_for_a_shell(tmp_path):
    path = write_jpeg(tmp_path / "two words.jpg")
    known = write_jpeg(tmp_path / "known.jpg", 2)
    command = examine(path, known=known).command
    assert command == f"bixie examine '{path}' --known {known} --report report"


def test_the_command_is_quoted_for_windows_there(tmp_path, monkeypatch):
    path = write_jpeg(tmp_path / "two words.jpg")
    assert f"'{path}'" in examine(path).command
    monkeypatch.setattr(sys, "platform", "win32")
    assert f'"{path}"' in examine(path).command


def test_the_command_does_not_take_a_name_that_begins_with_a_dash_for_an_option(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_jpeg(tmp_path / "-a.jpg")
    write_jpeg(tmp_path / "-b.jpg", 2)
    command = examine("-a.jpg", known=["-b.jpg"]).command
    assert command == f"bixie examine .{os.sep}-a.jpg --known .{os.sep}-b.jpg --report report"


def test_the_page_repeats_the_command_without_the_folders_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_jpeg(tmp_path / "known.jpg", 2)
    report = examine(write_jpeg(tmp_path / "a.jpg"), known=["known.jpg"])
    assert report.command_by_name == "bixie examine a.jpg --known known.jpg --report report"
    page = report.save(tmp_path / "report").read_text(encoding="utf-8")
    assert report.command_by_name in page
