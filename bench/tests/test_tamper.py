"""The part ``tamper`` of the measurements."""

import json

from bench.__main__ import main
from bench.results import keep
from bench.tamper import part
from bench.tamper.kinds import Kind, by_sql


def test_a_kind_that_nothing_finds_fails_the_run_and_the_others_are_told(tmp_path, monkeypatch, capsys):
    change = by_sql("UPDATE ledger_event SET body = '' WHERE tenant = :tenant AND sequence = 2")
    kinds = [Kind("emptied", "events", change), Kind("left as it was", "events", lambda _: None)]
    monkeypatch.setattr(part, "KINDS", kinds)
    target = tmp_path / "out.json"
    assert main(["tamper", "--database", "sqlite", "--json", str(target)]) == 1
    document = json.loads(target.read_text(encoding="utf-8"))
    assert document["numbers"]["found"]["sqlite"] == {
        "events: emptied": "verify: ledger.event_changed",
        "events: left as it was": "nothing found",
    }
    printed = capsys.readouterr()
    assert "| sqlite | 2 | 1 |" in printed.out
    assert "NOT FOUND sqlite: events: left as it was" in printed.err
    keep("tamper", document, tmp_path / "kept")
    assert "left as it was" in (tmp_path / "kept" / "tamper.json").read_text(encoding="utf-8")


def test_every_kind_has_a_name_of_its_own():
    titles = [part._title(one) for one in part.KINDS]
    assert len(titles) == len(set(titles))
