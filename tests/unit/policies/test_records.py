"""Records of decisions: what is kept, what is replayed, what a change is called."""

import json

import pytest
from tests.unit.policies.packs import OWN

from bixie.kit.canonical_json import encode_canonical
from bixie.policies import (
    Facts,
    PolicyError,
    builtin_packs,
    evaluate,
    parse_pack,
    read_record,
    record_of,
    replay,
)
from bixie.policies.records import parse_record

PACK = builtin_packs()[0]
FACTS = Facts(
    decided_at="2026-11-30T19:00:00.123456+08:00",
    service="refund_only",
    exhibit_roles=["whole", "damage", "whole"],
    outcome_kind="refuse",
    basis="ruling",
)


def record():
    return record_of(PACK, FACTS, evaluate(PACK, FACTS), {"kind": "refuse"})


def test_a_record_is_canonical_and_has_pack_facts_evaluation_and_outcome():
    document = json.loads(record().data)
    assert encode_canonical(document) == record().data
    assert document["schema"] == "bixie.decision/1"
    assert document["pack"] == {"id": PACK.id, "version": PACK.version, "sha256": PACK.sha256}
    assert document["facts"]["decided_at"] == "2026-11-30T11:00:00.123Z"
    assert document["facts"]["exhibit_roles"] == ["damage", "whole"]
    assert document["outcome"] == {"kind": "refuse"}


def test_a_record_that_was_kept_replays_bit_for_bit(tmp_path):
    file = tmp_path / "record.json"
    file.write_bytes(record().data + b"\n")
    read = read_record(file)
    assert read.data == record().data
    assert replay(read, builtin_packs()).is_identical


def test_a_record_that_says_something_else_is_shown_where():
    document = record().document
    document["evaluation"]["permitted"] = True
    document["evaluation"]["rules"].pop()
    found = replay(parse_record(encode_canonical(document), "record"), builtin_packs())
    assert not found.is_identical
    assert ("evaluation.permitted", "true", "false") in found.differences
    assert any(one.path.startswith("evaluation.rules[") and one.recorded == "" for one in found.differences)


def test_a_pack_that_is_not_the_one_of_the_record_is_not_taken_for_it():
    other = parse_pack(OWN.replace("answer: {hours: 48}", "answer: {hours: 47}").encode(), "pack.yaml")
    with pytest.raises(PolicyError) as refused:
        replay(record(), [other])
    assert refused.value.code == "policy.pack_missing"
    assert refused.value.values["sha256"] == PACK.sha256


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data.replace(b",", b", ", 1), "policy.record_not_canonical"),
        (lambda data: data[:-1], "policy.record_not_canonical"),
        (lambda data: b'{"schema":"bixie.decision/1"}', "policy.not_a_record"),
        (lambda data: data.replace(b'"permitted":false', b'"permitted":0'), "policy.not_a_record"),
        (lambda data: data.replace(b'"service":"refund_only"', b'"service":"refund"'), "policy.not_a_record"),
        (lambda data: b'"' + b"x" * 2_000_000 + b'"', "policy.record_too_large"),
    ],
    ids=["spelling", "cut", "half", "type", "word", "large"],
)
def test_what_is_no_record_is_refused_by_a_code(change, code):
    with pytest.raises(PolicyError) as refused:
        parse_record(change(record().data), "record.json")
    assert refused.value.code == code
