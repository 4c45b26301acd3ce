"""The part ``duties`` of the measurements."""

import json

from bench.__main__ import main
from bench.load import duties


def test_a_small_run_reminds_of_and_ends_every_duty_once(tmp_path, capsys):
    target = tmp_path / "out.json"
    command = ["duties", "--duties", "60", "--database", "sqlite", "--json", str(target)]
    assert main(command) == 0
    numbers = json.loads(target.read_text(encoding="utf-8"))["numbers"]
    found = numbers["sqlite"]
    assert (found["duties"], found["missed"], found["twice"]) == (60, 0, 0)
    assert found["events"] > 60 * 5
    (table,) = duties.tables(numbers)
    assert table.text() in capsys.readouterr().out
