"""``bixie label check`` and ``bixie label compare`` on the command line."""

import json

import pytest
from tests.makers.labels.blocks import label_json
from tests.makers.labels.containers import picture, png_with

from bixie.cli.main import main

PNG = png_with((b"tEXt", b"AIGC\0" + label_json().encode()))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    (tmp_path / "before" / "a.png").write_bytes(PNG)
    (tmp_path / "after" / "a.png").write_bytes(picture("PNG"))
    return tmp_path


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "[AI label present: written as the standard asks]"), ("zh", "[有 AI 标识（写法合规）]")],
)
def test_a_file_is_checked_in_words(folder, capsys, language, word):
    assert main(["label", "check", str(folder / "before" / "a.png"), "--lang", language]) == 0
    out = capsys.readouterr().out
    assert word in out
    assert "label.aigc.compliant" in out
    assert "91110102MACQD9K640" in out


def test_a_folder_is_checked_as_one_document(folder, capsys):
    assert main(["label", "check", str(folder), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["result"] for one in document["files"]] == ["not_found", "compliant"]


def test_an_unreadable_file_is_status_3_and_the_rest_is_checked(folder, capsys):
    (folder / "b.txt").write_text("text", encoding="utf-8")
    words = ["label", "check", str(folder / "b.txt"), str(folder / "before"), "--json"]
    assert main(words) == 3
    files = json.loads(capsys.readouterr().out)["files"]
    assert [one["error"] and one["error"]["code"] for one in files] == [
        "imaging.unknown_format",
        None,
    ]
    assert main([word for word in words if word != "--json"]) == 3


def test_folders_are_compared(folder, capsys):
    words = ["label", "compare", str(folder / "before"), str(folder / "after")]
    assert main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "bixie.label_compare/1"
    assert document["counts"]["lost"] == 1
    assert main([*words, "--lang", "zh"]) == 0
    assert "丢失" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["label", "check"], ["label", "compare", "a"], ["label", "strip"]])
def test_wrong_usage_is_status_2(words):
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2


def test_a_file_and_a_folder_cannot_be_compared(folder):
    with pytest.raises(SystemExit) as end:
        main(["label", "compare", str(folder / "before"), str(folder / "after" / "a.png")])
    assert end.value.code == 2


def test_an_unreadable_side_is_status_3(folder, capsys):
    (folder / "broken.png").write_bytes(b"broken")
    broken = str(folder / "broken.png")
    assert main(["label", "compare", str(folder / "before" / "a.png"), broken]) == 3
    assert broken in capsys.readouterr().out


@pytest.mark.parametrize("part", ["check", "compare"])
def test_paths_that_name_nothing_are_wrong_usage_and_named(folder, capsys, part):
    missing = [str(folder / "nowhere.png"), str(folder / "nosuch")]
    assert main(["label", part, *missing, "--lang", "zh"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [path for path in missing if f"“{path}”" not in shown.err] == []


def test_a_missing_folder_beside_one_that_is_there_is_named(folder, capsys):
    assert main(["label", "compare", str(folder / "before"), str(folder / "nosuch")]) == 2
    assert str(folder / "nosuch") in capsys.readouterr().err


def test_a_list_of_producers_that_cannot_be_used_is_status_2(folder, capsys, monkeypatch):
    monkeypatch.setenv("BIXIE_LABEL_PRODUCERS", str(folder / "nowhere.toml"))
    assert main(["label", "check", str(folder)]) == 2
    assert "BIXIE_LABEL_PRODUCERS" in capsys.readouterr().err
