"""``bixie policy`` as people and programs call it."""

import json

import pytest
from tests.unit.policies.packs import OWN, changed, line_of

from bixie.cli.main import main
from bixie.policies import Facts, builtin_packs, evaluate, record_of

PACK = builtin_packs()[0]


def run(capfdbinary, *arguments):
    status = main(["policy", *map(str, arguments)])
    out, err = capfdbinary.readouterr()
    return status, out.decode(), err.decode()


@pytest.fixture
def record(tmp_path):
    facts = Facts(outcome_kind="refuse", basis="ruling", amount_minor=90_000, currency="CNY")
    path = tmp_path / "decision.json"
    path.write_bytes(record_of(PACK, facts, evaluate(PACK, facts), {"kind": "refuse"}).data)
    return path


def test_the_template_is_a_pack_that_passes_the_check(tmp_path, capfdbinary):
    status, out, err = run(capfdbinary, "check", "--template")
    file = tmp_path / "规则.yaml"
    file.write_text(out, encoding="utf-8")
    assert (status, err, out) == (0, "", OWN)
    status, out, _ = run(capfdbinary, "check", file, "--json")
    document = json.loads(out)
    assert (status, document["ok"], document["packs"][0]["sha256"]) == (0, True, PACK.sha256)


def test_every_fault_of_every_pack_is_listed(tmp_path, capfdbinary):
    wrong, fine = tmp_path / "wrong.yaml", tmp_path / "fine.yaml"
    text = changed(("damaged: [whole, damage]", "dented: [whole]"), ("PLAT-PROOF", "PLAT-1"))
    wrong.write_text(text, encoding="utf-8")
    fine.write_text(OWN, encoding="utf-8")
    status, out, _ = run(capfdbinary, "check", wrong, fine, "--json")
    first, second = json.loads(out)["packs"]
    assert (status, first["ok"], second["ok"]) == (1, False, True)
    found = {(fault["code"], fault["line"]) for fault in first["faults"]}
    assert ("policy.unknown_reason", line_of(text, "  missing_items: [")) in found
    assert ("policy.unknown_law", line_of(text, "- id: both-sides-had-the-file")) in found
    status, out, _ = run(capfdbinary, "check", wrong, "--lang", "zh")
    assert status == 1
    assert "没有“dented”这个申请原因" in out


def test_a_record_is_replayed(record, capfdbinary):
    status, out, _ = run(capfdbinary, "replay", record, "--lang", "en")
    assert status == 0
    assert "is identical. Pack cn-default, version 1." in out


def test_a_changed_record_is_shown_where_it_differs(record, capfdbinary):
    text = record.read_bytes()
    record.write_bytes(text.replace(b'"person_required":true', b'"person_required":false'))
    status, out, _ = run(capfdbinary, "replay", record, "--json")
    document = json.loads(out)
    assert (status, document["identical"]) == (1, False)
    assert document["records"][0]["differences"] == [
        {"path": "evaluation.person_required", "recorded": "false", "replayed": "true"}
    ]


def test_the_pack_of_a_record_can_be_named(tmp_path, record, capfdbinary):
    older = tmp_path / "older.yaml"
    older.write_text(changed(("version: 1", "version: 7")), encoding="utf-8")
    text = record.read_bytes()
    status, _, _ = run(capfdbinary, "replay", record, "--pack", older)
    record.write_bytes(text.replace(b'"version":1', b'"version":7'))
    missing, _, err = run(capfdbinary, "replay", record, "--pack", older, "--lang", "en")
    assert (status, missing) == (0, 2)
    assert "version 7" in err


def test_a_pack_is_tried_on_records_and_what_cannot_be_read_is_named(tmp_path, record, capfdbinary):
    pack, folder = tmp_path / "pack.yaml", tmp_path / "records"
    folder.mkdir()
    (folder / "all.jsonl").write_bytes(record.read_bytes() + b"\n{}\n" + record.read_bytes() + b"\n")
    pack.write_text(changed(("second_review_above: 500000", "second_review_above: 50000")), encoding="utf-8")
    status, out, err = run(capfdbinary, "backtest", pack, folder, "--json")
    document = json.loads(out)
    assert (status, err.count("all.jsonl:2")) == (3, 1)
    assert (document["decisions"], document["unchanged"]) == (2, 0)
    assert document["outcomes"][0]["changes"]["now_second_review"] == 2
    status, out, _ = run(capfdbinary, "backtest", pack, record, "--lang", "zh")
    assert status == 0
    assert "变为须复核" in out
    assert "large-amount-is-reviewed-twice  0" in out
