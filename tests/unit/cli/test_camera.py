"""``bixie camera families`` on the command line."""

import tomllib

import pytest
from tests.makers.camera_files import CAMERA, photo
from tests.makers.imaging import source

from bixie.cli.main import main
from bixie.examiners.camera import tables
from bixie.imaging.limits import Limits
from bixie.imaging.structure import walk

OWN = {"qtables": [[min(255, 3 + i) for i in range(64)], [min(255, 5 + 2 * i) for i in range(64)]]}


@pytest.fixture
def folder(tmp_path):
    for number in range(2):
        (tmp_path / f"own_{number}.jpg").write_bytes(photo(CAMERA, **OWN))
    (tmp_path / "common.jpg").write_bytes(photo({0x010F: "Elsewhere"}, quality=90))
    return tmp_path


def printed(capsys, *words):
    status = main(["camera", "families", *words])
    return status, capsys.readouterr()


def test_files_of_one_camera_are_one_family_and_the_common_library_none(folder, capsys):
    status, said = printed(capsys, *map(str, sorted(folder.iterdir())))
    document = tomllib.loads(said.out)
    (family,) = document["families"]
    assert status == 0
    assert (family["seen"], family["files"]) == (["Canon EOS R6"], 2)
    assert document["dated"]


def test_a_photo_without_tables_of_its_own_is_said_to_be_left_out(folder, capsys):
    common = str(folder / "common.jpg")
    status, said = printed(capsys, common, str(folder / "own_0.jpg"), "--lang", "zh")
    assert status == 0
    assert said.err == f"提醒：{common}：未列出。它没有量化表，或者用的是最常见编码库的量化表。\n"
    assert "own_0" not in said.err


def test_what_is_printed_teaches_the_examiner(folder, capsys, monkeypatch):
    _, said = printed(capsys, str(folder / "own_0.jpg"))
    learned = folder / "families.toml"
    learned.write_text(said.out, encoding="utf-8")
    monkeypatch.setenv(tables.SETTING, str(learned))
    found = tables.compression_of(walk(source(photo(**OWN)), Limits()))
    assert (found.family, found.seen) == ("listed", ("Canon EOS R6",))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_unreadable_file_is_status_3_and_the_rest_is_read(folder, capsys, language):
    status, said = printed(capsys, "nowhere.jpg", str(folder / "own_0.jpg"), "--lang", language)
    assert status == 3
    assert "nowhere.jpg" in said.err
    assert len(tomllib.loads(said.out)["families"]) == 1


def test_a_name_from_a_file_cannot_end_its_string(folder, capsys):
    hostile = folder / "hostile.jpg"
    hostile.write_bytes(photo({0x010F: 'Canon"]\\ = 9'}, **OWN))
    _, said = printed(capsys, str(hostile))
    (family,) = tomllib.loads(said.out)["families"]
    assert (family["seen"], family["files"]) == (["Canon] = 9"], 1)
