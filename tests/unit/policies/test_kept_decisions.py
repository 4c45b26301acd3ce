"""Decisions of earlier years replay bit for bit: what a condition means never changes."""

from pathlib import Path

import pytest

from bixie.policies import read_pack, replay
from bixie.policies.records import records_in

KEPT = Path(__file__).resolve().parents[2] / "fixtures" / "policies"


def test_every_kept_decision_replays_with_its_pack():
    packs = [read_pack(file) for file in sorted(KEPT.glob("pack-*.json"))]
    files = sorted(KEPT.glob("decisions-*.jsonl"))
    records = [record for file in files for record in records_in(file, pytest.fail)]
    found = [replay(record, packs) for record in records]
    assert len(records) >= 51
    assert [one.differences for one in found if not one.is_identical] == []


def test_the_hash_of_a_kept_pack_is_the_one_that_its_decisions_name():
    for file in sorted(KEPT.glob("pack-*.json")):
        pack = read_pack(file)
        records = list(records_in(file.with_name(file.name.replace("pack", "decisions") + "l"), pytest.fail))
        assert {record.pack.sha256 for record in records} == {pack.sha256}
        assert pack.canonical == file.read_bytes()
