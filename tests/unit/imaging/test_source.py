import hashlib
import os
from dataclasses import replace

import pytest
from tests.makers.imaging import LIMITS, jpeg, movie, png

from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import list_pictures, read_source


def code(function, *arguments):
    with pytest.raises(ImagingError) as refusal:
        function(*arguments)
    return refusal.value.code


def test_a_file_is_read_whole_and_hashed(tmp_path):
    path = str(tmp_path / "照片 1.jpg")
    (tmp_path / "照片 1.jpg").write_bytes(jpeg())
    source = read_source(path, LIMITS)
    assert (source.path, source.data, source.media_type) == (path, jpeg(), "image/jpeg")
    assert source.sha256 == hashlib.sha256(jpeg()).hexdigest()


def test_the_path_stays_as_it_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.png").write_bytes(png())
    assert read_source("./a.png", LIMITS).path == "./a.png"


def test_a_file_longer_than_the_first_look_is_read_to_its_end(tmp_path):
    data = jpeg() + bytes(10_000) + b"end"
    (tmp_path / "a.jpg").write_bytes(data)
    assert read_source(str(tmp_path / "a.jpg"), LIMITS).data == data


def test_a_path_without_a_file_is_missing(tmp_path):
    assert code(read_source, str(tmp_path / "none.jpg"), LIMITS) == "imaging.missing"


def test_a_file_of_exactly_the_limit_is_read_and_one_byte_more_is_refused(tmp_path):
    (tmp_path / "a.jpg").write_bytes(jpeg())
    size = len(jpeg())
    assert len(read_source(str(tmp_path / "a.jpg"), Limits(file_bytes=size)).data) == size
    assert code(read_source, str(tmp_path / "a.jpg"), Limits(file_bytes=size - 1)) == "imaging.too_many_bytes"


def test_a_video_has_a_limit_of_its_own(tmp_path):
    (tmp_path / "a.mp4").write_bytes(movie())
    assert read_source(str(tmp_path / "a.mp4"), Limits(file_bytes=1)).media_type == "video/mp4"
    assert code(read_source, str(tmp_path / "a.mp4"), Limits(video_bytes=1)) == "imaging.too_many_bytes"


def test_a_huge_file_is_refused_by_its_size_without_being_read(tmp_path):
    with (tmp_path / "a.jpg").open("wb") as file:
        file.write(jpeg())
        file.truncate(1 << 40)
    assert code(read_source, str(tmp_path / "a.jpg"), LIMITS) == "imaging.too_many_bytes"


def test_a_folder_lists_pictures_by_content_or_by_name_in_order(tmp_path):
    (tmp_path / "子").mkdir()
    for name, data in (
        ("b.jpg", jpeg()),
        ("a.PNG", b"broken"),
        ("no_extension", png()),
        ("notes.txt", b"text"),
        ("子/c.mp4", movie()),
        (".hidden.jpg", jpeg()),
    ):
        (tmp_path / name).write_bytes(data)
    found = list_pictures(str(tmp_path), LIMITS)
    assert [os.path.relpath(path, tmp_path) for path in found] == [
        "a.PNG",
        "b.jpg",
        "no_extension",
        f"子{os.sep}c.mp4",
    ]


def test_paths_of_a_folder_are_joined_to_it_as_it_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "known").mkdir()
    (tmp_path / "known" / "a.jpg").write_bytes(jpeg())
    assert list_pictures("./known", LIMITS) == [f"./known{os.sep}a.jpg"]


def test_a_folder_without_pictures_says_so(tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"text")
    assert code(list_pictures, str(tmp_path), LIMITS) == "imaging.no_pictures"


def test_a_folder_that_is_missing_or_is_a_file_is_refused(tmp_path):
    (tmp_path / "a.jpg").write_bytes(jpeg())
    assert code(list_pictures, str(tmp_path / "none"), LIMITS) == "imaging.missing"
    assert code(list_pictures, str(tmp_path / "a.jpg"), LIMITS) == "imaging.unreadable_path"


def test_a_subfolder_that_cannot_be_listed_is_named_and_not_passed_over(tmp_path, monkeypatch):
    # Taking the permission away would not stop a superuser, whom tests often run as.
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "a.jpg").write_bytes(jpeg())
    look = os.scandir

    def refuse(path):
        if os.fspath(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(closed))
        return look(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert list_pictures(str(tmp_path), LIMITS) == [str(tmp_path / "a.jpg"), str(closed)]
    assert code(read_source, str(closed), LIMITS) == "imaging.unreadable_path"


def test_a_folder_with_more_files_than_the_limit_is_refused(tmp_path):
    for index in range(4):
        (tmp_path / f"{index}.jpg").write_bytes(jpeg())
    assert len(list_pictures(str(tmp_path), replace(LIMITS, folder_files=4))) == 4
    assert code(list_pictures, str(tmp_path), replace(LIMITS, folder_files=3)) == "imaging.too_many_files"
