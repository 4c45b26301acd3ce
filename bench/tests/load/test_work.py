"""The part ``work`` of the measurements."""

import json

from bench.__main__ import main
from tests.services import postgresql


def test_a_small_run_counts_what_the_jobs_have_left_behind(tmp_path):
    target = tmp_path / "out.json"
    command = ["work", "--jobs", "3", "--kills", "0", "--database", "sqlite", "--json", str(target)]
    assert main(command) == 0
    numbers = json.loads(target.read_text(encoding="utf-8"))["numbers"]["sqlite"]
    assert numbers.pop("jobs_per_s") > 0
    assert numbers == {"kills": 0, "jobs": 12, "done": 12, "lost": 0, "doubled": 0, "events": 12}


def test_a_database_that_cannot_be_started_is_left_out_and_said(monkeypatch, capsys):
    monkeypatch.setattr(postgresql, "why_not", lambda: "there is none")
    assert main(["work", "--database", "postgresql"]) == 2
    assert "left out: there is none" in capsys.readouterr().out
