"""Goods on their way: counted over all cases of an order, and owed by whoever has them, on both databases."""

from tests.integration.cases.test_walk import act

from bixie.access.tenancy import reading, reading_every_tenant
from bixie.cases.repository import decisions_of
from bixie.ledger.verification import verify

GRANTED = {"reasons": ["damage_shown"]}


def decided(client, id_, **ruling):
    act(client, id_, "review/claim")
    return act(client, id_, "decide", GRANTED | ruling)


def assert_verified(shop):
    with reading_every_tenant(shop.store) as session:
        verify(session)  # raises for a fault


def test_one_piece_is_not_exchanged_twice_through_an_appeal(desk, reviewer, second_reviewer):
    item = {"items": [{"position": 1, "count": 1}], "service": "exchange"}
    item["amount"] = {"minor": 3_000, "currency": "CNY"}
    first = desk.heard(**item)
    decided(reviewer, first, outcome={"kind": "refuse"}, reasons=["evidence_insufficient"])
    number = desk.platform.get(f"/api/v1/cases/{first}").json()["claim"]["order"]
    other = desk.post(desk.platform, "", desk.shop.claim(order=number, **item))["id"]
    act(desk.merchant, other, "accept")
    desk.appealed(first)
    act(second_reviewer, first, "review/claim")
    again = GRANTED | {"outcome": {"kind": "exchange", "items": item["items"]}}
    refused = second_reviewer.post(f"/api/v1/cases/{first}/decide", json=again)
    assert (refused.status, refused.code) == (422, "cases.items_beyond_order")


def returned(desk, shop, reviewer, inspection="fail"):
    """Return the id of a case whose goods came back, as decided, and did not pass."""
    id_ = desk.heard(service="return_refund")
    amount = {"minor": 10_000, "currency": "CNY"}
    decided(reviewer, id_, outcome={"kind": "return_refund", "amount": amount})
    act(desk.platform, id_, "return", {"text": "顺丰 SF1234567890"}, side="buyer")
    act(desk.merchant, id_, "inspection", {"inspection": inspection, "text": "配件不全"})
    return id_


def test_a_decision_that_a_failed_inspection_brought_back_has_its_time(desk, shop, reviewer):
    id_ = returned(desk, shop, reviewer)
    with reading(shop.store, shop.program) as session:
        assert [one.overturned_at is None for one in decisions_of(session, id_)] == [False]
    assert_verified(shop)


def test_goods_that_a_merchant_may_not_keep_are_sent_back(desk, shop, platform, merchant, reviewer):
    id_ = returned(desk, shop, reviewer)
    for client, side in ((platform, "?side=buyer"), (merchant, "")):
        desk.post(client, f"{id_}/supplement{side}", {"complete": True})
    desk.served(id_)
    refused = decided(reviewer, id_, outcome={"kind": "refuse"}, reasons=["evidence_insufficient"])
    owed = {one["kind"]: one["owner"] for one in refused["duties"] if one["state"] == "open"}
    assert owed == {"appeal": "buyer", "send_back": "merchant"}
    letter = merchant.get(f"/api/v1/cases/{id_}/letter?format=text").body.decode()
    assert "把商品寄还给买家" in letter
    early = reviewer.post(f"/api/v1/cases/{id_}/settle", json={"text": "已处理"})
    assert (early.status, early.code) == (409, "cases.nothing_to_settle")
    sent = act(merchant, id_, "send-back", {"text": "顺丰 SF9876543210"})
    assert (sent["sent_back"], sent["thread"][-2]["text"]) == ("sent", "顺丰 SF9876543210")
    assert "not_received" in platform.get(f"/api/v1/cases/{id_}?side=buyer").json()["next_actions"]
    refused = merchant.post(f"/api/v1/cases/{id_}/not-received", json={"text": "没有收到"})
    assert (refused.status, refused.code) == (422, "cases.other_side")
    missing = act(platform, id_, "not-received", {"text": "一周了还没有收到"}, side="buyer")
    owed = {one["kind"]: one["owner"] for one in missing["duties"] if one["state"] == "open"}
    assert owed == {"appeal": "buyer", "follow_up": "platform"}
    listed = platform.get("/api/v1/cases?duty=follow_up").json()["items"]
    assert [one["id"] for one in listed] == [id_]
    told = act(platform, id_, "send-back", side="buyer")
    assert told["sent_back"] == "arrived"
    assert not platform.get("/api/v1/cases?duty=follow_up").json()["items"]
    assert_verified(shop)
