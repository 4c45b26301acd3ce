"""Quantisation tables: recognised, or said to be unknown."""

import pytest
from tests.makers.camera_files import photo

from bixie.examiners.camera import tables
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk
from bixie.kit.errors import SettingError


def compression(data):
    return tables.compression_of(walk(source_from_bytes("a.jpg", data), Limits()))


@pytest.mark.parametrize("quality", [10, 50, 75, 90, 95])
def test_the_common_library_is_recognised_with_its_quality(quality):
    found = compression(photo(quality=quality))
    assert (found.family, found.quality) == ("ijg", quality)


@pytest.mark.parametrize(("subsampling", "name"), [(0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0")])
def test_chroma_sampling_is_named(subsampling, name):
    assert compression(photo(subsampling=subsampling)).sampling == name


def own_tables():
    return photo(qtables=[[min(255, 3 + i) for i in range(64)], [min(255, 5 + 2 * i) for i in range(64)]])


def test_tables_that_nobody_listed_are_unknown():
    found = compression(own_tables())
    assert (found.family, found.quality, found.seen) == ("unknown", None, ())


def test_a_file_of_ones_own_adds_families(tmp_path, monkeypatch):
    path = tmp_path / "mine.toml"
    mark = compression(own_tables()).fingerprint
    path.write_text(f'dated = 2026-11-01\n[[families]]\nfingerprint = "{mark}"\nseen = ["Our Camera"]\n')
    monkeypatch.setenv(tables.SETTING, str(path))
    found = compression(own_tables())
    assert (found.family, found.seen) == ("listed", ("Our Camera",))


@pytest.mark.parametrize("content", ["not toml [", "families = 3", '[[families]]\nseen = ["x"]', ""])
def test_a_file_that_holds_no_families_is_a_wrong_setting(tmp_path, monkeypatch, content):
    path = tmp_path / "wrong.toml"
    path.write_text(content)
    monkeypatch.setenv(tables.SETTING, str(path))
    with pytest.raises(SettingError) as caught:
        compression(own_tables())
    assert caught.value.code == "camera.table_families"


def test_the_tables_of_quality_50_are_those_of_the_standard():
    luminance, chrominance = tables.ijg_tables(50)
    assert luminance[:8] == (16, 11, 10, 16, 24, 40, 51, 61)
    assert chrominance[-1] == 99
