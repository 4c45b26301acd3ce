"""The part ``imports`` of the measurements."""

import json

from bench.__main__ import main
from bench.load import imports


def test_a_small_run_measures_others_meanwhile(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(imports, "_BEFORE", 1)
    monkeypatch.setattr(imports, "_TARGET_MS", 60_000)  # what a small run proves is that it measures
    target = tmp_path / "out.json"
    assert main(["imports", "--orders", "60", "--database", "sqlite", "--json", str(target)]) == 0
    numbers = json.loads(target.read_text(encoding="utf-8"))["numbers"]
    assert (numbers["sqlite"]["orders"], numbers["sqlite"]["refused"]) == (60, 0)
    (table,) = imports.tables(numbers)
    assert table.text() in capsys.readouterr().out
