"""Claims brought to decisions while server and worker, as processes, are killed at random instants."""

import json
from collections import Counter

import pytest
from bench.__main__ import main
from bench.load import case_lists
from bench.load.case_kills import faults

FACTS = Counter({("event", "case.filed"): 1, ("message", "7.1"): 1, ("order", "refund"): 1})


def test_what_is_missing_and_what_is_there_twice_is_counted_by_case():
    assert faults({"case_1": FACTS}, {"case_1": Counter(FACTS)}) == (0, 0, 0)
    twice = FACTS + Counter({("order", "refund"): 1})
    lost = FACTS - Counter({("message", "7.1"): 1})
    assert faults({"case_1": FACTS, "case_2": FACTS}, {"case_1": twice, "case_2": lost}) == (2, 1, 1)
    assert faults({"case_1": FACTS}, {"case_2": FACTS}) == (2, 3, 3)


@pytest.mark.chaos
def test_killing_server_and_worker_loses_and_doubles_nothing_of_a_case(tmp_path, capsys):
    target = tmp_path / "out.json"
    assert main(["cases", "--quick", "--json", str(target)]) == 0
    numbers = json.loads(target.read_text(encoding="utf-8"))["numbers"]
    found = numbers["sqlite"]
    assert (found["claims"], found["wrong"], found["lost"], found["doubled"], found["dead"]) == (
        12,
        0,
        0,
        0,
        0,
    )
    assert found["remedies"] == 8
    assert found["server_kills"] > 0
    (table,) = case_lists.tables(numbers)
    assert table.lines[0][1].startswith("0/12 = 0.0 % (0.0–")
    assert table.text() in capsys.readouterr().out
