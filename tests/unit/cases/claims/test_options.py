"""The options that Bixie comes with hold together; the loader refuses those that do not."""

import re
from importlib import resources

import pytest
from tests.sweeps import check_each

from bixie.cases.claims.errors import OptionsError
from bixie.cases.claims.loading import claim_options, load_options
from bixie.cases.claims.options import find

SOURCE = resources.files("bixie.cases.claims").joinpath("options.yaml").read_text(encoding="utf-8")
OPTIONS = claim_options()
HAN = re.compile("[\u4e00-\u9fff]")


def refused(tmp_path, text):
    file = tmp_path / "options.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OptionsError) as caught:
        load_options(file)
    return caught.value


def line_of(text, wanted):
    return text[: text.index(wanted)].count("\n") + 1


def test_the_services_and_the_seven_reject_reasons_are_those_of_the_shops():
    assert [one.key for one in OPTIONS.services] == [
        *("refund_only", "return_refund", "exchange", "replenish", "repair")
    ]
    assert [one.title.zh for one in OPTIONS.services] == ["仅退款", "退货退款", "换货", "补寄", "维修"]
    assert len(OPTIONS.reject_reasons) == 7
    assert [one.key for one in OPTIONS.negotiate_forms] == ["agreed_withdraw", "ask_evidence", "propose"]


def test_reasons_carry_the_numbers_of_wechat_once():
    numbers = [one.external["wechat"] for one in OPTIONS.reasons if "wechat" in one.external]
    assert len(numbers) == len(set(numbers)) == 22
    assert find(OPTIONS.reasons, "damaged").external["wechat"] == "10000040"


def test_a_shop_without_categories_can_offer_what_everybody_needs():
    common = [one.key for one in OPTIONS.reasons if one.suits("general")]
    assert {"damaged", "not_as_described", "not_received", "other"} <= set(common)
    assert "spoiled" not in common
    assert "spoiled" in [one.key for one in OPTIONS.reasons if one.suits("food")]


def test_every_text_is_written_in_both_languages():
    chinese = re.findall(r"\bzh: ([^,}\n]+)", SOURCE)
    english = re.findall(r"\ben: ([^}\n]+)", SOURCE)
    assert len(chinese) > 120
    assert [one for one in chinese if not HAN.search(one)] == []
    assert [one for one in english if HAN.search(one)] == []


def test_what_a_buyer_reads_accuses_nobody():
    said = [one.buyer for one in OPTIONS.reject_reasons] + [one.title for one in OPTIONS.decision_reasons]
    said += [one.title for one in OPTIONS.asks] + [one.show for one in OPTIONS.roles]
    accusing = re.compile("造假|伪造|欺骗|恶意|假图|fake|fraud|forged|cheat|dishonest", re.IGNORECASE)
    assert [one.en for one in said if accusing.search(one.en + one.zh)] == []


def test_a_category_is_found_in_a_shops_own_words():
    found = {text: OPTIONS.category_of(text) for text in ("茶具/陶瓷杯", "Women's CLOTHING", "food", "水果")}
    assert found == {
        "茶具/陶瓷杯": "fragile",
        "Women's CLOTHING": "clothing",
        "food": "food",
        "水果": "food",
    }
    assert OPTIONS.category_of(None) == OPTIONS.category_of("五金") == "general"


def test_a_categorys_own_checklist_goes_before_the_common_one():
    common = {need.role: need.need for need in OPTIONS.needs("damaged", "general")}
    fragile = {need.role: need.need for need in OPTIONS.needs("damaged", "fragile")}
    assert common["packaging"] == "helpful"
    assert fragile == {**common, "angle": "required", "packaging": "required"}


CHANGES = {
    "key twice": ("  - key: return_refund\n", "  - key: refund_only\n", "claims.options_twice"),
    "unknown service": (
        "received: [return_refund, exchange]",
        "received: [gift]",
        "claims.options_unknown",
    ),
    "unknown role": ("{role: chat, need: helpful}", "{role: chats, need: helpful}", "claims.options_unknown"),
    "no service": (
        "received: []\n    not_received: [refund_only]\n",
        "received: []\n    not_received: []\n",
        "claims.options_no_service",
    ),
    "repair of what has not arrived": (
        "    not_received: [refund_only, replenish]\n",
        "    not_received: [refund_only, repair]\n",
        "claims.options_needs_goods",
    ),
    "no return for defects": (
        "received: [return_refund, exchange, repair, refund_only]",
        "received: [exchange, repair, refund_only]",
        "claims.options_below_the_law",
    ),
    "label that nobody can choose": (
        "reasons: [spoiled]\n    categories: [food, pet]",
        "reasons: [spoiled]\n    categories: [clothing]",
        "claims.options_label_never",
    ),
    "video of a waybill": (
        "role: waybill\n    media: picture",
        "role: waybill\n    media: video",
        "claims.options_ask_never",
    ),
    "reason without a checklist": ("  - reasons: [counterfeit]\n", "", ""),
    "levels that fall": ("  - percent: 30\n", "  - percent: 90\n", "claims.options_levels"),
    "levels that end early": ("  - percent: 100\n", "  - percent: 99\n", "claims.options_levels"),
    "limits crossed": ("exhibits_at_once: 20", "exhibits_at_once: 8", "claims.options_limits"),
    "too long a checklist": (
        "role: damage, need: required, count: 2",
        "role: damage, need: required, count: 9",
        "",
    ),
    "costs without the common figure": ("shipping: {general: 800, ", "shipping: {", "claims.options_costs"),
    "worth that rises with damage": ('"30": 50, "50": 25', '"30": 50, "50": 55', "claims.options_costs"),
    "a text in one language": ("title: {zh: 仅退款, en: refund only}", "title: {zh: 仅退款}", ""),
    "an unknown field": (
        "    money: true\n",
        "    money: true\n    colour: red\n",
        "claims.options_malformed",
    ),
    "a wrong type": ("pictures_at_once: 9", "pictures_at_once: many", "claims.options_malformed"),
    "an alias": ("pictures_at_once: 9", "pictures_at_once: *nine", "claims.options_not_yaml"),
}
CODES = {
    "reason without a checklist": "claims.options_evidence_missing",
    "too long a checklist": "claims.options_evidence_over_limit",
    "a text in one language": "claims.options_malformed",
}


def test_contradictions_are_refused_with_file_and_line(tmp_path):
    def check(case):
        name, (before, after, code) = case
        assert before in SOURCE
        if name == "reason without a checklist":
            before = "  - reasons: [counterfeit]\n    needs:\n      - {role: whole, need: required}\n"
            after = "  - reasons: [damaged]\n    categories: [pet]\n    needs:\n"
        error = refused(tmp_path, SOURCE.replace(before, after, 1))
        assert error.code == (code or CODES[name])
        assert error.values["file"] == "options.yaml"
        assert error.values["line"] > 0 or "line " in str(error.values["reason"])
        assert error.text.zh != error.text.en

    check_each(((name, (name, change)) for name, change in CHANGES.items()), check)


def test_the_line_of_a_fault_is_that_of_its_entry(tmp_path):
    text = SOURCE.replace(
        "received: [return_refund, exchange, repair, refund_only]", "received: [exchange]", 1
    )
    error = refused(tmp_path, text)
    assert error.values["line"] == line_of(text, "key: quality_defect")
    text = SOURCE.replace("pictures_at_once: 9", "pictures_at_once: many", 1)
    assert refused(tmp_path, text).values["line"] == line_of(text, "pictures_at_once")


def test_a_file_that_is_too_large_or_no_text_is_refused(tmp_path):
    assert refused(tmp_path, "#" * (1 << 20) + "\n").code == "claims.options_too_large"
    file = tmp_path / "options.yaml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(OptionsError) as caught:
        load_options(file)
    assert caught.value.code == "claims.options_not_yaml"
