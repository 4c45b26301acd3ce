"""What a pack says is checked: references, contradictions, the floor of the law, golden cases."""

from tests.unit.policies.packs import ANY, OWN, RULES, changed, faults_of, line_of

from bixie.policies import evaluate, parse_pack
from bixie.policies.checking import Vocabulary
from bixie.policies.loading import check_pack
from bixie.policies.satisfiability import Demand, Witnesses

GUARDS = ", ".join(rule.id for rule in parse_pack(OWN.encode(), "own").rules if rule.effect[0] in "rf")


def with_permission(condition, yields=GUARDS, text=RULES):
    rule = f"""
  - id: extra
    effect: permit_without_person
    when: {condition}
    yields_to: [{yields}]
    text: {{zh: 另一条, en: another}}
"""
    return changed(("\ngolden:", f"{rule}\ngolden:"), text=text)


def codes(text, vocabulary=ANY):
    return {code for code, _ in faults_of(text, vocabulary)}


def test_a_permission_that_meets_a_guard_without_precedence_contradicts_it():
    text = changed(("yields_to: [not-more-than-claimed, buyer-asks-for-a-person, ", "yields_to: ["))
    assert faults_of(text) == [("policy.contradiction", line_of(text, "- id: small-refund-only"))] * 2


def test_the_facts_of_a_contradiction_fire_both_rules():
    pack = parse_pack(OWN.encode(), "pack.yaml")
    rules = {rule.id: rule for rule in pack.rules}
    pair = ("small-refund-only", "buyer-asks-for-a-person")
    facts = Witnesses(pack).find(*(Demand(rules[name].when) for name in pair))
    assert {rule.id for rule in evaluate(pack, facts).rules if rule.is_certain} >= set(pair)


def test_rules_that_cannot_meet_need_no_precedence():
    apart = "{all: [service_repair, outcome_repair, basis_agreement, stage_after_sales, evidence_none]}"
    assert codes(with_permission(apart)) == set()
    asked = "buyer-asks-for-a-person, listed-claims-need-a-person"
    assert codes(with_permission(apart, yields=asked)) == set()
    assert codes(with_permission(apart, yields="listed-claims-need-a-person")) == {"policy.contradiction"}


def test_a_rule_that_can_never_fire_is_named():
    text = changed(("when: stage_platform", "when: {all: [stage_platform, stage_after_sales]}"))
    assert ("policy.never_fires", line_of(text, "- id: platform-stage-needs-a-person")) in faults_of(text)


def test_numbers_count_when_it_is_asked_whether_a_rule_can_fire():
    both = "{all: [amount_within_refund_only_limit, amount_asks_second_review]}"
    text = changed(("when: stage_platform", f"when: {both}"), text=RULES)
    lower = changed(("second_review_above: 500000", "second_review_above: 100"), text=text)
    assert "policy.never_fires" in codes(text)
    assert "policy.never_fires" not in codes(lower)


def test_a_permission_that_always_yields_is_named():
    assert codes(with_permission("{all: [stage_platform, basis_agreement]}")) == {"policy.never_counts"}


def test_no_pack_pays_refund_only_against_the_merchant():
    text = with_permission("{all: [service_refund_only, outcome_refund]}")
    forced = changed(
        ("- all: [basis_policy, {not", "- all: [basis_policy, stage_platform, {not"),
        text=text,
    )
    assert codes(text) == set()
    assert faults_of(forced) == [("policy.forces_refund_only", line_of(text, "- id: extra"))]


def test_no_pack_refuses_without_a_person():
    text = changed(
        ("when: outcome_refuse\n", "when: {all: [outcome_refuse, stage_platform]}\n"),
        ("all: [outcome_refuse, {not: confirmed_by_person}]", "all: [outcome_refuse, basis_policy]"),
        text=with_permission("{all: [basis_silence, outcome_refuse]}"),
    )
    assert faults_of(text) == [("policy.refuses_without_person", line_of(text, "- id: extra"))]


def test_no_pack_denies_a_person_to_a_buyer_who_asks():
    text = changed(
        ("when: buyer_asks_person\n", "when: {all: [buyer_asks_person, stage_platform]}\n"), text=RULES
    )
    assert codes(text) == {"policy.denies_person"}


def test_refund_only_is_not_accepted_by_silence_where_merchants_have_no_say():
    text = changed(("refund_only: escalate", "refund_only: accept"))
    assert faults_of(text) == [("policy.silence_without_option", line_of(text, "refund_only: accept"))]
    assert codes(changed(("options: [", "options: [refund_only_on_silence, "), text=text)) == set()


def test_dates_in_the_wrong_order_are_a_fault():
    text = changed(("to: null", "to: 2026-01-31"))
    assert codes(text) == {"policy.dates_reversed", "policy.law_not_in_force"}


def test_references_to_nothing_are_named():
    text = changed(
        ("law: [PLAT-PROOF, PLAT-APPEAL]", "law: [PLAT-PROOF, PLAT-999]"),
        ("yields_to: [not-more-than-claimed,", "yields_to: [not-more-than-claimed, nothing,"),
        ("- id: merchant-agreed", "- id: small-refund-only"),
        text=RULES,
    )
    first, second = text.split("- id: small-refund-only", 2)[:2]
    assert faults_of(text) == [
        ("policy.unknown_law", line_of(text, "- id: both-sides-had-the-file")),
        ("policy.unknown_rule", first.count("\n") + 1),
        ("policy.twice", (first + second).count("\n") + 1),
    ]


def test_only_permissions_yield():
    text = changed(
        ("when: stage_platform\n", "when: stage_platform\n    yields_to: [refusal-needs-a-person]\n")
    )
    assert codes(text) == {"policy.only_permissions_yield"}


def test_words_for_reasons_and_views_are_those_of_the_caller():
    pack = parse_pack(OWN.encode(), "pack.yaml")
    reasons = {*pack.evidence, *pack.limits.person_reasons}
    roles = {role for required in pack.evidence.values() for role in required}
    assert codes(OWN, Vocabulary(reasons, roles)) == set()
    assert codes(OWN, Vocabulary(reasons - {"spoiled"}, roles)) == {"policy.unknown_reason"}
    assert codes(OWN, Vocabulary(reasons, roles - {"waybill"})) == {"policy.unknown_role"}
    listed = changed(
        ("  person_reasons:", "  person_categories: [gold, food]\n  person_reasons:"), text=RULES
    )
    assert codes(listed, Vocabulary(categories={"food"})) == {"policy.unknown_category"}


def test_a_golden_case_that_fails_says_what_it_came_to():
    text = changed(("expect: {permitted: false, person_required: true}", "expect: {person_required: false}"))
    assert faults_of(text) == [("policy.golden_fails", line_of(text, "- id: nothing-known"))]


def test_conditions_that_take_too_long_are_refused():
    words = ["service_repair", "basis_policy", "outcome_repair", "evidence_none", "challenge_none"]
    words += ["inspection_pass", "goods_received", "served_buyer", "served_merchant", "evidence_examined"]
    words += ["merchant_consents", "amount_asks_second_review", "claims_on_item_within_limit"]
    words += ["merchant_opted_refund_only", "stage_platform", "buyer_asks_person"]
    held = ", ".join(f"{{any: [{word}, {{not: {word}}}]}}" for word in words)
    never = "{all: [confirmed_by_person, {not: confirmed_by_person}]}"
    text = changed(("when: stage_platform", f"when: {{all: [{held}, {never}]}}"), text=RULES)
    assert codes(text) == {"policy.too_entangled"}


def test_a_checked_pack_is_returned():
    assert check_pack(OWN.encode(), "pack.yaml").id == "cn-default"
