"""The pack that Bixie comes with: checked in full, with the terms that cases are run by."""

from importlib import resources

from bixie.kit.due_time import Length
from bixie.policies import builtin_packs, evaluate, load_pack
from bixie.policies.facts import REFUND_ONLY_ON_SILENCE, Facts

PACK = builtin_packs()[0]


def test_every_pack_of_ours_passes_the_whole_check():
    folder = resources.files("bixie.policies").joinpath("packs")
    checked = [load_pack(str(folder.joinpath(f"{pack.id}.yaml"))) for pack in builtin_packs()]
    assert [(pack.id, pack.state, pack.sha256) for pack in checked] == [
        (pack.id, "published", pack.sha256) for pack in builtin_packs()
    ]


def test_the_terms_say_how_long_each_side_has():
    terms = PACK.terms
    assert terms.length("answer") == Length(48, "hours")
    assert terms.length("return") == Length(7, "days")
    assert terms.length("review_appeal") == Length(5, "workdays")
    assert terms.extensions.asked == Length(48, "hours")
    assert (terms.service_hours, terms.max_claims_per_item) == (24, 5)
    assert terms.damage_levels == (10, 30, 50, 80, 100)


def test_silence_is_no_consent_to_refund_only_unless_that_merchant_opted_in():
    terms = PACK.terms
    willing = terms.model_copy(
        update={"on_silence": terms.on_silence.model_copy(update={"refund_only": "accept"})}
    )
    assert willing.silence("refund_only", ()) == "escalate"
    assert willing.silence("refund_only", (REFUND_ONLY_ON_SILENCE,)) == "accept"
    assert terms.silence("refund_only", (REFUND_ONLY_ON_SILENCE,)) == "escalate"
    assert terms.silence("return_refund", ()) == "accept"


def test_rules_about_force_persons_and_evidence_cite_the_law():
    cited = {rule.id: set(rule.law) for rule in PACK.rules}
    assert "PLAT-27" in cited["no-forced-refund-only"]
    assert {"PLAT-APPEAL", "CS-47746", "PIPL-24"} <= cited["buyer-asks-for-a-person"]
    assert "EVI-DETECTOR" in cited["other-evidence-was-asked-for"]


def test_an_evaluation_names_the_conditions_that_decided():
    facts = Facts(outcome_kind="refuse", confirmed_by_person=False, basis="ruling", evidence_verdict="none")
    fired = {rule.id: rule for rule in evaluate(PACK, facts).rules}
    assert fired["refusal-is-confirmed"].is_certain
    assert fired["refusal-is-confirmed"].grounds == (
        ("outcome_refuse", True),
        ("confirmed_by_person", False),
    )
    assert not fired["both-sides-had-the-file"].is_certain


def test_what_is_missing_becomes_a_question():
    assert "served_buyer" in evaluate(PACK, Facts(basis="ruling")).questions
    assert "served_buyer" not in evaluate(PACK, Facts(basis="agreement")).questions
