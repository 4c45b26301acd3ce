"""The part ``cases`` of the measurements."""

import json

from bench.__main__ import main
from bench.load import case_lists


def test_a_small_run_times_every_kind_of_answer(tmp_path, capsys):
    target = tmp_path / "out.json"
    command = ["cases", "--list", "30", "--pages", "2", "--database", "sqlite", "--json", str(target)]
    assert main(command) == 0
    numbers = json.loads(target.read_text(encoding="utf-8"))["numbers"]
    assert numbers["sqlite"]["cases"] == 30
    assert numbers["sqlite"]["page_p95_ms"] >= numbers["sqlite"]["page_p50_ms"] > 0
    (table,) = case_lists.tables(numbers)
    assert len(table.lines) == 9
    assert table.text() in capsys.readouterr().out
