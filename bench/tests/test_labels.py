"""The part of the bench that measures labels, on the committed samples."""

import json
import math
import random
from importlib import resources

import pytest
from bench.__main__ import main
from bench.scoring import clopper_pearson
from tests.makers.labels.corpus import CORPUS, changed


@pytest.fixture
def samples(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")


def test_everything_is_read_and_no_sample_photo_is_accused(samples, tmp_path, capsys):
    assert main(["labels", "--no-speed", "--json", str(tmp_path / "figures.json")]) == 0
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert figures["missed"] == []
    assert sum(one["photos"] for one in figures["honest"]) == 28
    assert all(one["ai"] == one["suspect"] == 0 for one in figures["honest"])
    assert all(found >= 0.9 * tried for found, tried in figures["removals"].values())
    assert "| bytes |" in capsys.readouterr().out


def test_a_mark_that_is_not_read_is_told(samples, monkeypatch, capsys):
    monkeypatch.setattr("bench.labels.measure.vendor_cells", list)
    monkeypatch.setattr("bench.labels.measure.foreign_cells", list)
    monkeypatch.setattr("bench.labels.measure.said", lambda data: {})
    assert main(["labels", "--no-speed"]) == 1
    assert "missed: jpeg/xmp/element" in capsys.readouterr().err


def test_the_same_seed_changes_a_file_alike():
    data = CORPUS["jpeg/xmp"]
    assert changed(data, random.Random(7)) == changed(data, random.Random(7)) != data


def test_the_fuzzer_counts_its_files_and_finds_none_that_breaks(capsys):
    assert main(["labels", "--fuzz", "300", "--seed", "1"]) == 0
    assert "300 files, 0 failures" in capsys.readouterr().out


def test_a_file_that_breaks_is_kept(monkeypatch, tmp_path, capsys):
    def broken(data):
        raise RuntimeError("made to fail")

    monkeypatch.setattr("bench.labels.fuzz.read", broken)
    monkeypatch.setattr("bench.labels.measure._CACHE", tmp_path)
    assert main(["labels", "--fuzz", "3", "--seed", "1"]) == 1
    assert len(list((tmp_path / "fuzz").glob("1-*.bin"))) == 3
    assert "made to fail" in capsys.readouterr().err


def test_every_weight_follows_from_its_counts():
    text = resources.files("bixie.examiners.label").joinpath("calibration.json").read_text(encoding="utf-8")
    for name, row in json.loads(text)["weights"].items():
        low = clopper_pearson(row["found"], row["tried"])[0]
        high = clopper_pearson(row["false"], row["honest"])[1]
        assert row["bits"] == pytest.approx(math.log2(low / high), abs=0.01), name
