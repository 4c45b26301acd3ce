"""The part ``lists`` of the measurements."""

import json

from bench.__main__ import main
from bench.load import lists


def test_a_small_run_measures_every_list(tmp_path, capsys):
    target = tmp_path / "out.json"
    command = ["lists", "--orders", "20", "--pages", "4", "--database", "sqlite", "--json", str(target)]
    assert main(command) == 0
    numbers = json.loads(target.read_text(encoding="utf-8"))["numbers"]
    counts = {name: numbers["sqlite"].pop(name) for name in ("orders", "exhibits", "pages")}
    assert counts == {"orders": 20, "exhibits": 4, "pages": 4}
    assert all(milliseconds > 0 for milliseconds in numbers["sqlite"].values())
    assert len(numbers["sqlite"]) == 3 * len(lists._LISTS)
    (table,) = lists.tables({"sqlite": {**numbers["sqlite"], **counts}})
    assert table.text() in capsys.readouterr().out
