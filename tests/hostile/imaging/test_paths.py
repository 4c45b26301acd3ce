"""Hostile paths: what cannot be read is refused at once, whatever stands behind the name."""

import os
import sys

import pytest
from tests.makers.imaging import LIMITS, jpeg

from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import list_pictures, read_source

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and plain links are POSIX")


def code(function, path, limits=LIMITS):
    with pytest.raises(ImagingError) as refusal:
        function(str(path), limits)
    return refusal.value.code


def test_missing(tmp_path):
    assert code(read_source, tmp_path / "没有.jpg") == "imaging.missing"
    assert code(list_pictures, tmp_path / "没有") == "imaging.missing"
    assert code(read_source, "") == "imaging.missing"


def test_folder_as_file(tmp_path):
    (tmp_path / "folder.jpg").mkdir()
    assert code(read_source, tmp_path / "folder.jpg") == "imaging.unreadable_path"


@posix
def test_link_to_itself(tmp_path):
    (tmp_path / "a.jpg").symlink_to(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")
    assert code(read_source, tmp_path / "a.jpg") == "imaging.unreadable_path"
    assert code(list_pictures, tmp_path / "a.jpg") == "imaging.unreadable_path"


@posix
def test_folder_linked_into_itself(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "inner" / "photo.jpg").write_bytes(jpeg())
    (tmp_path / "inner" / "lost").symlink_to(tmp_path / "nowhere")
    assert list_pictures(str(tmp_path), LIMITS) == [str(tmp_path / "inner" / "photo.jpg")]


def test_folder_without_pictures(tmp_path):
    (tmp_path / "readme.txt").write_text("text", encoding="utf-8")
    (tmp_path / "inner").mkdir()
    assert code(list_pictures, tmp_path) == "imaging.no_pictures"


def test_not_permitted(tmp_path, monkeypatch):
    # Taking the permission away would not stop a superuser, whom tests often run as.
    (tmp_path / "a.jpg").write_bytes(jpeg())

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert code(read_source, tmp_path / "a.jpg") == "imaging.unreadable_path"
    monkeypatch.setattr(os, "scandir", refuse)
    assert code(list_pictures, tmp_path) == "imaging.unreadable_path"


@posix
def test_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    assert code(read_source, tmp_path / "pipe.jpg") == "imaging.unreadable_path"
    # Listed by its name, so that it is reported; never opened to see what it holds.
    assert list_pictures(str(tmp_path), LIMITS) == [str(tmp_path / "pipe.jpg")]
    (tmp_path / "pipe.jpg").rename(tmp_path / "pipe")
    assert code(list_pictures, tmp_path) == "imaging.no_pictures"


@posix
def test_a_file_that_becomes_a_pipe_after_the_first_look_does_not_block(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "photo.jpg").write_bytes(jpeg())
    looked_at = (tmp_path / "photo.jpg").stat()
    monkeypatch.setattr(os, "stat", lambda *_: looked_at)
    assert code(read_source, tmp_path / "pipe.jpg") == "imaging.unreadable_path"


@posix
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null"])
def test_device(path):
    assert code(read_source, path) == "imaging.unreadable_path"


def test_name_with_zero_byte():
    assert code(read_source, "a\0b.jpg") == "imaging.unreadable_path"
    assert code(list_pictures, "a\0b") == "imaging.unreadable_path"


@posix
def test_name_not_encodable(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert code(read_source, "\ud800.jpg") == "imaging.unreadable_path"


def test_grows_while_read(tmp_path, monkeypatch):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg() + bytes(100_000))
    small = tmp_path / "b.jpg"
    small.write_bytes(jpeg())
    with small.open("rb") as file:
        state = os.fstat(file.fileno())
    monkeypatch.setattr(os, "fstat", lambda *_: state)
    assert code(read_source, path, Limits(file_bytes=50_000)) == "imaging.too_many_bytes"
