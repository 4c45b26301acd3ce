"""The report folder: complete, and nothing outside it."""

import json
import sys
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests import made_up

from bixie.kit.calendar import CHINA
from bixie.report import saving
from bixie.report.record import Record
from bixie.report.saving import SavingError, check_folder, save_report

RESULT = made_up.claim(made_up.exhibit(findings=(made_up.edited(), made_up.annotated())), made_up.honest())
RECORD = Record(datetime(2026, 11, 30, 20, 15, tzinfo=CHINA))

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_folder_holds_the_document_the_page_and_the_masks(tmp_path):
    page = save_report(RESULT, RECORD, "<p>页</p>", tmp_path / "new" / "报告")
    folder = tmp_path / "new" / "报告"
    assert page == folder / "index.html"
    assert page.read_text(encoding="utf-8") == "<p>页</p>"
    assert files(folder) == ["index.html", "masks/0-0.png", "masks/0-1-annotation.png", "report.json"]
    document = json.loads((folder / "report.json").read_bytes())
    assert document["exhibits"][0]["findings"][0]["mask"] == "masks/0-0.png"


def test_a_mask_lies_on_the_displayed_grid_with_two_values_only(tmp_path):
    save_report(RESULT, RECORD, "", tmp_path)
    mask = cv2.imdecode(np.fromfile(tmp_path / "masks" / "0-0.png", np.uint8), cv2.IMREAD_UNCHANGED)
    assert mask.shape == (made_up.HEIGHT, made_up.WIDTH)
    assert mask.dtype == np.uint8
    assert set(np.unique(mask)) == {0, 255}
    assert mask[325, 640] == 255
    assert mask[100, 100] == 0


def test_a_claim_without_masks_makes_no_folder_for_them(tmp_path):
    save_report(made_up.claim(made_up.honest()), RECORD, "", tmp_path)
    assert files(tmp_path) == ["index.html", "report.json"]


def test_saving_again_replaces_the_report_and_takes_away_its_old_masks_only(tmp_path):
    save_report(RESULT, RECORD, "old", tmp_path)
    for own in ("notes.txt", "masks/notes.png"):
        (tmp_path / own).write_text("mine", encoding="utf-8")
    save_report(made_up.claim(made_up.honest()), RECORD, "new", tmp_path)
    assert files(tmp_path) == ["index.html", "masks/notes.png", "notes.txt", "report.json"]
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "new"


def test_a_folder_of_masks_that_no_report_wrote_is_left_alone(tmp_path):
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "7-7.png").write_text("mine", encoding="utf-8")
    save_report(RESULT, RECORD, "", tmp_path)
    assert (tmp_path / "masks" / "7-7.png").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("place", ["taken", "taken/inside"])
def test_a_path_that_is_or_lies_in_a_file_is_refused_and_the_file_kept(tmp_path, place):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(SavingError) as caught:
        save_report(RESULT, RECORD, "", tmp_path / place)
    assert caught.value.code == "report.not_a_folder"
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_a_file_named_masks_is_refused(tmp_path):
    (tmp_path / "masks").touch()
    with pytest.raises(SavingError, match=r"report\.not_a_folder"):
        check_folder(tmp_path)


@needs_links
def test_a_link_named_masks_is_not_followed_out_of_the_folder(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "masks").symlink_to(outside)
    with pytest.raises(SavingError, match=r"report\.not_a_folder"):
        save_report(RESULT, RECORD, "", folder)
    assert files(outside) == []


@needs_links
def test_a_link_named_like_the_document_is_replaced_not_followed(tmp_path):
    outside = tmp_path / "outside.json"
    outside.write_text("mine", encoding="utf-8")
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "report.json").symlink_to(outside)
    save_report(RESULT, RECORD, "", folder)
    assert outside.read_text(encoding="utf-8") == "mine"
    assert not (folder / "report.json").is_symlink()


def test_a_write_that_fails_leaves_the_earlier_report_whole(tmp_path, monkeypatch):
    save_report(RESULT, RECORD, "old", tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in files(tmp_path)}

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(saving.Path, "replace", full)
    with pytest.raises(SavingError, match=r"report\.not_writable"):
        save_report(made_up.claim(made_up.honest()), RECORD, "new", tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in files(tmp_path)} == before


def test_the_root_of_the_file_system_can_be_looked_at():
    check_folder(Path(Path.cwd().anchor))


def test_a_path_that_no_system_can_have_is_refused(tmp_path):
    with pytest.raises(SavingError, match=r"report\.not_writable"):
        check_folder(tmp_path / "nul\0l")


def test_somebody_elses_page_is_not_overwritten(tmp_path):
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(SavingError, match="another_page"):
        save_report(RESULT, RECORD, "<p>页</p>", tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"
