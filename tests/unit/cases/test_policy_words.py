"""Policy packs, claims and cases use the same words."""

from enum import StrEnum
from typing import get_args

from bixie.cases import words
from bixie.cases.claims.loading import claim_options
from bixie.cases.packs.vocabulary import vocabulary_of_claims
from bixie.policies import builtin_packs, facts
from bixie.policies.loading import builtin_texts, check_pack
from bixie.policies.terms import DutyKind


def names(kind: type[StrEnum]) -> set[str]:
    return {str(one) for one in kind}


def test_facts_of_packs_have_the_words_of_cases():
    assert set(get_args(facts.Service)) == names(words.Service)
    assert set(get_args(facts.Stage)) == names(words.Stage)
    assert set(get_args(facts.Basis)) == names(words.Basis)
    assert set(get_args(facts.OutcomeKind)) == names(words.OutcomeKind)
    assert set(get_args(DutyKind)) == names(words.DutyKind)


def test_options_of_merchants_are_those_of_claims():
    assert set(get_args(facts.MerchantOption)) == {one.key for one in claim_options().merchant_options}


def test_our_packs_name_reasons_and_roles_that_claims_have():
    packs = [check_pack(text, "pack", vocabulary_of_claims()) for text in builtin_texts()]
    assert [pack.id for pack in packs] == [pack.id for pack in builtin_packs()]


def test_our_packs_have_the_limits_of_claims():
    options, terms = claim_options(), builtin_packs()[0].terms
    assert terms.damage_levels == tuple(one.percent for one in options.damage_levels)
    assert terms.max_claims_per_item == options.limits.claims_per_item
