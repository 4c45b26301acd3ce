"""Packs from files: every fault is named, with its line."""

import pytest
from tests.unit.policies.packs import OWN, line_of

from bixie.policies import PackError, builtin_packs, load_pack, parse_pack
from bixie.policies.loading import MAX_PACK_BYTES


def faults(data):
    with pytest.raises(PackError) as refused:
        parse_pack(data if isinstance(data, bytes) else data.encode(), "pack.yaml")
    return {(fault.code, fault.line) for fault in refused.value.faults}


def test_the_canonical_form_reads_back_as_the_same_pack():
    pack = builtin_packs()[0]
    again = parse_pack(pack.canonical, "pack.json")
    assert (again.sha256, again.rules, again.terms) == (pack.sha256, pack.rules, pack.terms)


def test_the_state_of_a_pack_leaves_its_hash_alone():
    retired = parse_pack(OWN.replace("state: published", "state: retired").encode(), "pack.yaml")
    changed = parse_pack(OWN.replace("answer: {hours: 48}", "answer: {hours: 47}").encode(), "pack.yaml")
    assert retired.sha256 == builtin_packs()[0].sha256 != changed.sha256


def test_all_faults_are_named_in_the_order_of_the_file():
    text = (
        OWN.replace("answer: {hours: 48}", "answer: {hours: 0}")
        .replace("when: buyer_asks_person", "when: buyer_asks_nobody")
        .replace("refund_only_count: 2\n", "refund_only_count: -2\n")
        .replace("second_review_above: 500000", "second_review_over: 500000")
    )
    with pytest.raises(PackError) as refused:
        parse_pack(text.encode(), "pack.yaml")
    named = {(fault.code, fault.line) for fault in refused.value.faults}
    assert named == {
        ("policy.not_a_length", line_of(text, "answer: {hours")),
        ("policy.unknown_key", line_of(text, "answer: {hours")),
        ("policy.missing", line_of(text, "answer: {hours")),
        ("policy.too_small", line_of(text, "refund_only_amount")),
        ("policy.unknown_condition", line_of(text, "- id: buyer-asks-for-a-person")),
    }
    lines = [fault.line for fault in refused.value.faults]
    assert lines == sorted(lines)
    assert refused.value.members()["faults"][0]["file"] == "pack.yaml"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a: &x [1]\nb: *x\n", "policy.not_yaml"),
        (b"\xff\xfe", "policy.not_yaml"),
        (b"a: 1\na: 2\n", "policy.not_yaml"),
        (b"a: !!python/object/apply:os.system [ls]\n", "policy.not_yaml"),
        (b"[" * 3_000, "policy.not_yaml"),
        (b"", "policy.not_an_object"),
        (b"- 1\n", "policy.not_an_object"),
        (b"x" * (MAX_PACK_BYTES + 1), "policy.too_large"),
    ],
    ids=["alias", "not text", "key twice", "tag", "deep", "empty", "list", "large"],
)
def test_what_is_no_pack_at_all_is_refused_by_a_code(data, code):
    assert {found for found, _ in faults(data)} == {code}


DEEP = "{not: " * 20 + "stage_platform" + "}" * 20


@pytest.mark.parametrize("condition", ["{all: []}", "{both: [stage_platform]}", "{all: [x], any: [x]}", DEEP])
def test_what_is_no_condition_is_refused(condition):
    text = OWN.replace("when: stage_platform", f"when: {condition}")
    assert faults(text) == {("policy.not_a_condition", line_of(text, condition))}


def test_a_file_that_is_not_there_is_a_fault_too(tmp_path):
    with pytest.raises(PackError) as refused:
        load_pack(tmp_path / "none.yaml")
    assert [fault.code for fault in refused.value.faults] == ["policy.unreadable"]


def test_the_window_in_which_claims_are_counted_has_a_fixed_length():
    text = OWN.replace("refund_only_window: {days: 30}", "refund_only_window: {workdays: 20}")
    assert {code for code, _ in faults(text)} == {"policy.window_in_workdays"}
