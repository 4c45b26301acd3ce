import json

import pytest
from bench.__main__ import main
from bench.law import fact_sets


def test_the_same_fact_sets_are_drawn_every_time():
    assert fact_sets(5) == fact_sets(5)
    assert len({json.dumps(one) for one in fact_sets(50)}) == 50


def test_counts_and_rates_are_printed_and_written(tmp_path, capsys):
    target = tmp_path / "law.json"
    assert main(["law", "--sets", "20", "--json", str(target)]) == 0
    numbers = json.loads(target.read_text(encoding="utf-8"))["numbers"]
    assert numbers["sets"] == sum(numbers["acts"].values()) == 20
    assert sum(numbers["statuses"].values()) % 20 == 0
    assert {"depends", "not_met", "possible"} <= numbers["statuses"].keys()
    assert all(numbers[name] > 0 for name in numbers if name.endswith("a_second"))
    assert "fact sets assessed a second, of 20" in capsys.readouterr().out


def test_an_unknown_option_is_refused():
    with pytest.raises(SystemExit):
        main(["law", "--speed"])
