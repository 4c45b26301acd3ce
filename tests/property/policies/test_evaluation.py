"""The evaluator under facts of any kind: what is unknown never opens a door that knowing it would close."""

from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from bixie.kit.canonical_json import decode_canonical
from bixie.policies import Facts, builtin_packs, evaluate, record_of, replay
from bixie.policies.conditions import CONDITIONS
from bixie.policies.facts import (
    Basis,
    Challenge,
    EvidenceVerdict,
    Inspection,
    MerchantOption,
    OutcomeKind,
    Service,
    Stage,
)
from bixie.policies.records import parse_record

PACK = builtin_packs()[0]
WORDS = {
    "stage": Stage,
    "service": Service,
    "evidence_verdict": EvidenceVerdict,
    "challenge": Challenge,
    "basis": Basis,
    "outcome_kind": OutcomeKind,
    "inspection": Inspection,
}
AMOUNTS = st.sampled_from([0, 1, 3_900, 5_000, 5_001, 500_000, 500_001])
VALUES = {
    **{key: st.sampled_from(get_args(words)) for key, words in WORDS.items()},
    "decided_at": st.integers(0, 10**12).map(
        lambda micro: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)
    ),
    "reason": st.sampled_from(["damaged", "near_expiry", "pet_unwell", "other"]),
    "amount_minor": AMOUNTS,
    "paid_minor": AMOUNTS,
    "outcome_minor": AMOUNTS,
    "currency": st.sampled_from(["CNY", "USD"]),
    "category": st.text(min_size=1, max_size=20).filter(str.isprintable),
    "exhibit_roles": st.lists(st.sampled_from(["whole", "damage", "packaging"])),
    "merchant_options": st.lists(st.sampled_from(get_args(MerchantOption))),
    "refund_only_count": st.integers(0, 4),
    "claims_on_item": st.integers(1, 7),
    **dict.fromkeys(
        [
            *(
                "received",
                "examined",
                "any_examined",
                "merchant_consents",
                "buyer_asks_person",
                "served_buyer",
            ),
            *("served_merchant", "confirmed_by_person"),
        ],
        st.booleans(),
    ),
}
whole = st.fixed_dictionaries(VALUES)
known = st.sets(st.sampled_from(sorted(VALUES)))


def test_every_fact_has_values_here():
    assert VALUES.keys() == Facts.model_fields.keys()


@given(whole, known)
@settings(max_examples=150)
def test_learning_more_lifts_what_a_pack_asks_for_and_never_adds_to_it(facts, keys):
    less = evaluate(PACK, Facts.model_validate({key: facts[key] for key in keys}))
    more = evaluate(PACK, Facts.model_validate(facts))
    assert more.person_required <= less.person_required
    assert more.second_review_required <= less.second_review_required
    assert less.permitted <= more.permitted
    assert set(more.objections) <= set(less.objections)


@given(whole, known)
@settings(max_examples=150)
def test_a_condition_that_is_answered_stays_answered_when_more_is_known(facts, keys):
    less = PACK.given(Facts.model_validate({key: facts[key] for key in keys}))
    more = PACK.given(Facts.model_validate(facts))
    changed = [
        name
        for name, test in CONDITIONS.items()
        if test(less).truth is not None and test(less).truth is not test(more).truth
    ]
    assert changed == []


@given(whole)
@settings(max_examples=100)
def test_nothing_is_open_when_everything_is_known(facts):
    found = evaluate(PACK, Facts.model_validate(facts))
    assert found.questions == ()
    assert all(rule.is_certain for rule in found.rules)


@given(whole, known)
@settings(max_examples=150)
def test_whatever_is_unknown_is_asked_where_it_decides(facts, keys):
    less = evaluate(PACK, Facts.model_validate({key: facts[key] for key in keys}))
    more = evaluate(PACK, Facts.model_validate(facts))
    if (less.permitted, less.person_required) != (more.permitted, more.person_required):
        assert less.questions
        assert not set(less.questions) & set(keys)


@given(whole, known)
@settings(max_examples=150)
def test_no_refusal_and_no_forced_refund_stands_without_a_person(facts, keys):
    some = Facts.model_validate({key: facts[key] for key in keys} | {"confirmed_by_person": False})
    if evaluate(PACK, some).without_person:
        assert some.outcome_kind not in (None, "refuse")
        assert some.buyer_asks_person is False
        assert some.evidence_verdict not in ("refuted", "suspect", "unreadable")
        if some.outcome_kind == "refund":
            opted = "refund_only_without_person" in (some.merchant_options or ())
            by_choice = some.basis == "policy" and opted and some.amount_minor <= 5_000
            assert by_choice or (some.basis == "agreement" and some.merchant_consents)


@given(whole, known)
@settings(max_examples=100)
def test_a_record_replays_bit_for_bit(facts, keys):
    some = Facts.model_validate({key: facts[key] for key in keys})
    record = record_of(PACK, some, evaluate(PACK, some), {"kind": "refuse"})
    read = parse_record(record.data, "record")
    assert decode_canonical(read.data) == record.document
    assert replay(read, builtin_packs()).is_identical
