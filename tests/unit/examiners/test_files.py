"""From what a caller names to files."""

from pathlib import Path

import pytest
from tests.makers.pictures import write_jpeg

from bixie.examiners.files import check_paths, expand, file_error, file_warning, path_list
from bixie.imaging.errors import ImagingError, note
from bixie.imaging.limits import Limits
from bixie.kit.errors import UsageError

LIMITS = Limits()


@pytest.mark.parametrize("one", ["a.jpg", Path("a.jpg")])
def test_a_single_path_stands_for_itself(one):
    assert path_list(one) == ("a.jpg",)


def test_several_paths_stay_as_they_were_given():
    assert path_list(["./a.jpg", Path("b.jpg"), "c//d.jpg"]) == ("./a.jpg", "b.jpg", "c//d.jpg")


def test_a_file_stands_for_itself_even_if_it_is_missing(tmp_path):
    assert expand(str(tmp_path / "missing.jpg"), LIMITS) == [str(tmp_path / "missing.jpg")]


def test_all_paths_that_name_nothing_are_named_at_once(tmp_path):
    photo = write_jpeg(tmp_path / "a.jpg")
    missing = [str(tmp_path / "b.jpg"), f"{photo}/c.jpg", "", "a\0b", "x" * 5000]
    with pytest.raises(UsageError) as refused:
        check_paths([photo, *missing[:2]], missing[2:])
    assert (refused.value.code, refused.value.values["missing"]) == ("usage.no_such_path", missing)
    assert all(f"“{path}”" in refused.value.text.zh for path in missing)
    assert "请加引号" in refused.value.text.zh


def test_the_name_that_lost_its_quotes_is_suggested(tmp_path):
    path = write_jpeg(tmp_path / "微信 图片 1.jpg")
    write_jpeg(tmp_path / "b.jpg")
    with pytest.raises(UsageError) as refused:
        check_paths([str(tmp_path / "b.jpg"), *path.split(" ")])
    assert f"您要的是不是“{path}”？" in refused.value.text.zh
    assert f'"{path}"' in refused.value.text.en


def test_a_folder_without_pictures_is_named_and_a_file_that_cannot_be_read_is_for_the_report(tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.touch()
    (tmp_path / "empty").mkdir()
    check_paths([str(broken), str(tmp_path)])
    with pytest.raises(UsageError) as refused:
        check_paths([str(broken)], str(tmp_path / "empty"))
    assert refused.value.code == "usage.no_pictures"
    assert refused.value.values["missing"] == [str(tmp_path / "empty")]


def test_a_folder_stands_for_its_pictures_joined_to_it(tmp_path):
    for name in ("b.jpg", "a.jpg"):
        write_jpeg(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    assert expand(str(tmp_path), LIMITS) == [str(tmp_path / "a.jpg"), str(tmp_path / "b.jpg")]


def test_a_folder_without_pictures_is_refused(tmp_path):
    with pytest.raises(ImagingError, match=r"imaging\.no_pictures"):
        expand(str(tmp_path), LIMITS)


def test_masks_of_an_earlier_report_in_the_folder_are_no_photos(tmp_path):
    photo = write_jpeg(tmp_path / "a.jpg")
    for name in ("report/masks/0-0.png", "report/masks/0-1-annotation.png"):
        write_jpeg(tmp_path / name)
    (tmp_path / "report" / "report.json").touch()
    assert expand(str(tmp_path), LIMITS) == [photo]
    with pytest.raises(ImagingError, match=r"imaging\.no_pictures"):
        expand(str(tmp_path / "report"), LIMITS)


def test_a_folder_that_is_only_called_masks_is_examined(tmp_path):
    path = write_jpeg(tmp_path / "masks" / "0-0.png")
    assert expand(str(tmp_path), LIMITS) == [path]


def test_a_path_with_a_null_character_is_no_folder():
    assert expand("a\0b", LIMITS) == ["a\0b"]


def test_a_refusal_keeps_its_code_and_sentences():
    error = ImagingError("imaging.empty_file", path="a.jpg")
    assert file_error(error).to_dict() == error.to_dict()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "MemoryError"),
        (KeyError("x"), "KeyError: 'x'"),
        (ValueError("two\n  lines\n"), "ValueError: two lines"),
    ],
)
def test_an_unexpected_error_is_named(error, reason):
    said = file_error(error)
    assert said.code == "examine.unexpected"
    assert reason in said.text.en
    assert reason in said.text.zh


def test_a_note_about_a_file_becomes_a_warning():
    assert file_warning(note("imaging.truncated")).code == "imaging.truncated"
