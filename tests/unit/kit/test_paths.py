"""Paths that name nothing, and names that lost their quotes."""

import os

import pytest

from bixie.kit.paths import is_missing, unquoted_name


@pytest.mark.parametrize("path", ["", "a\0b", "x" * 5000, "nosuch.jpg", f"{__file__}/below"])
def test_what_names_nothing_is_missing(path):
    assert is_missing(path)


def test_what_exists_is_not_missing_even_if_it_cannot_be_read(tmp_path, monkeypatch):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    assert not is_missing(str(tmp_path))
    monkeypatch.setattr(os, "stat", refuse)
    assert not is_missing("locked/photo.jpg")


def test_a_link_to_nothing_is_missing(tmp_path):
    (tmp_path / "link").symlink_to("nowhere")
    assert is_missing(str(tmp_path / "link"))


def test_neighbouring_words_that_make_a_path_are_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my photo of it.jpg").touch()
    words = ["examine", "my", "photo", "of", "it.jpg", "--json"]
    assert unquoted_name(words) == "my photo of it.jpg"
    assert unquoted_name(words[:-2]) is None
    assert unquoted_name(["my photo of it.jpg"]) is None
