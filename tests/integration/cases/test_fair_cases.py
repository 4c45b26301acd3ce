"""Nobody puts a ruling off with words, and nobody acts in another's name, on both databases."""

import pytest
from tests.integration.cases.test_walk import act
from tests.integration.cases.walking import order

from bixie.access.tenancy import writing
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party
from bixie.orders.service import import_orders


def filed(shop, client, **changes):
    answer = client.post("/api/v1/cases", json=shop.claim(**changes))
    assert answer.status == 201, answer.body
    return answer.json()["id"]


def test_the_words_of_an_offer_after_the_hearing_put_no_ruling_off(shop, platform, merchant):
    case = filed(shop, platform)
    act(merchant, case, "reject", {"reason": "no_defect_found", "text": "没有看到裂纹"})
    act(platform, case, "escalate", side="buyer")
    for client, side in ((platform, "?side=buyer"), (merchant, "")):
        client.post(f"/api/v1/cases/{case}/supplement{side}", json={"complete": True})
    served = [client.post(f"/api/v1/cases/{case}/file").json()["sha256"] for client in (platform, merchant)]
    offer = {"kind": "refund", "amount": {"minor": 1, "currency": "CNY"}}
    act(merchant, case, "negotiate", {"form": "propose", "outcome": offer, "text": "再商量一下"})
    assert [platform.post(f"/api/v1/cases/{case}/file").json()["sha256"]] * 2 == served


@pytest.mark.parametrize("buyer", ["party_nobody", "merchant"])
def test_only_a_buyer_is_named_as_the_buyer(shop, platform, buyer):
    named = shop.merchant if buyer == "merchant" else buyer
    refused = platform.post("/api/v1/cases", json=shop.claim(buyer=named))
    assert (refused.status, refused.code) == (422, "cases.no_such_buyer")


def test_a_merchant_names_no_buyer(shop, merchant):
    refused = merchant.post("/api/v1/cases", json=shop.claim())
    assert (refused.status, refused.code) == (403, "cases.not_your_side")
    filed(shop, merchant, buyer=None)


def test_an_order_number_that_several_merchants_use_finds_each_its_own_cases(shop, merchant):
    with writing(shop.store, shop.program) as session:
        other = add_party(session, PartyKind.MERCHANT, name="另一商家", clock=shop.clock).id
        import_orders(session, [order()], shop.clock, party=other)
    case = filed(shop, merchant, buyer=None)
    found = merchant.get("/api/v1/cases?order=A1").json()["items"]
    assert [one["id"] for one in found] == [case]


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("messages", {"text": "a\x00b"}),
        ("negotiate", {"form": "ask_evidence", "asks": ["another_angle"], "code_word": "13800138000"}),
        ("negotiate", {"form": "ask_evidence", "asks": ["another_angle"], "code_word": "青竹 13800138"}),
    ],
)
def test_what_no_database_or_no_ledger_should_keep_is_refused(shop, platform, merchant, call, body):
    case = filed(shop, platform)
    assert merchant.post(f"/api/v1/cases/{case}/{call}", json=body).status == 422
