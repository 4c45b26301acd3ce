"""The part ``ledger`` of the measurements."""

import json

import pytest
from bench import ledger
from bench.__main__ import main
from tests.services import postgresql


def test_a_small_run_measures_and_writes_every_figure(tmp_path, capsys):
    target = tmp_path / "out.json"
    assert main(["ledger", "--events", "600", "--database", "sqlite", "--json", str(target)]) == 0
    (numbers,) = json.loads(target.read_text(encoding="utf-8"))["numbers"].values()
    assert numbers["events"] == 600
    assert numbers["verified"] == 600 + 2 * 400 + 2  # a checkpoint, and the key that signed it
    assert numbers["rows"] == 600 // 5
    assert all(value >= 0 for value in numbers.values())
    assert "600 events of one tenant" in capsys.readouterr().out


def test_a_database_that_cannot_be_started_is_left_out_and_said(monkeypatch, capsys):
    monkeypatch.setattr(postgresql, "why_not", lambda: "there is none")
    assert main(["ledger", "--events", "10", "--database", "postgresql"]) == 2
    assert "left out: there is none" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("database", "changes", "reached"),
    [
        ("postgresql", {}, True),
        ("postgresql", {"append_4_writers": 299}, False),
        ("sqlite", {"append_4_writers": 299}, True),
        ("sqlite", {"verify_per_s": 8_000}, False),
        ("postgresql", {"proof_median_ms": 51}, False),
    ],
)
def test_a_missed_target_counts(database, changes, reached):
    numbers = {"append_4_writers": 300, "verify_per_s": 16_667, "proof_median_ms": 50} | changes
    assert ledger._reached(database, numbers) is reached
