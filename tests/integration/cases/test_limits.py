"""What a side can do again and again has a number, and the refusal changes nothing."""

import pytest
from tests.integration.cases.test_bad_claims import nothing_written
from tests.integration.conftest import DATABASES

from bixie.cases import thread
from bixie.cases.claims.loading import claim_options

pytestmark = pytest.mark.parametrize("location", DATABASES[:1], indirect=True)
LIMITS = claim_options().limits
OFFER = {"form": "propose", "outcome": {"kind": "refund", "amount": {"minor": 500, "currency": "CNY"}}}


def refused(shop, client, path, body, code):
    with nothing_written(shop):
        answer = client.post(f"/api/v1/cases/{path}", json=body)
        assert (answer.status, answer.code) == (409, f"cases.{code}"), answer.body


def test_a_side_adds_only_so_often_and_can_still_say_that_it_is_done(shop, platform, merchant, desk):
    id_ = desk.escalated()
    for _ in range(LIMITS.supplements_per_side):
        desk.post(platform, f"{id_}/supplement?side=buyer", {"complete": False})
    refused(shop, platform, f"{id_}/supplement?side=buyer", {"complete": False}, "supplemented_enough")
    desk.post(merchant, f"{id_}/supplement", {"complete": False})  # the other side has its own number
    done = desk.post(platform, f"{id_}/supplement?side=buyer", {"complete": True})
    assert done["waiting_for_all"] == ["merchant"]
    shown = platform.get(f"/api/v1/cases/{id_}?side=buyer").json()
    assert "supplement" not in shown["next_actions"]


def test_the_amount_goes_down_only_so_often(shop, platform, desk):
    id_ = desk.post(platform, "", shop.claim())["id"]
    for number in range(1, LIMITS.lowerings_per_case + 1):
        desk.post(platform, f"{id_}/amount?side=buyer", {"amount": {"minor": 10_000 - number}})
    refused(shop, platform, f"{id_}/amount?side=buyer", {"amount": {"minor": 1}}, "lowered_enough")


def test_whoever_fills_the_thread_blocks_no_action_of_the_other_side(
    shop, platform, merchant, desk, monkeypatch
):
    fewer = claim_options().limits.model_copy(update={"messages_per_side": 3})
    monkeypatch.setattr(thread, "claim_options", lambda: claim_options().model_copy(update={"limits": fewer}))
    id_ = desk.post(platform, "", shop.claim(service="return_refund"))["id"]
    desk.post(merchant, f"{id_}/accept", {})
    for number in range(3):
        desk.post(merchant, f"{id_}/messages", {"text": f"在吗 {number}"})
    with nothing_written(shop):
        more = merchant.post(f"/api/v1/cases/{id_}/messages", json={"text": "在吗"})
        assert (more.status, more.code) == (422, "cases.too_many_messages")
    desk.post(platform, f"{id_}/messages?side=buyer", {"text": "在的"})  # the other side has its own number
    sent = desk.post(platform, f"{id_}/return?side=buyer", {"text": "顺丰 SF123"})
    assert sent["returned"] == "sent"
    assert "顺丰 SF123" in [one["text"] for one in sent["thread"]]


@pytest.mark.parametrize("form", [OFFER, {"form": "agreed_withdraw"}], ids=["offers", "invitations"])
def test_a_side_makes_only_so_many_offers(shop, platform, merchant, desk, form):
    id_ = desk.post(platform, "", shop.claim())["id"]
    for _ in range(LIMITS.offers_per_side):
        desk.post(merchant, f"{id_}/negotiate", form)
        if form is not OFFER:
            desk.post(platform, f"{id_}/reject?side=buyer", {})
    refused(shop, merchant, f"{id_}/negotiate", form, "offered_enough")
    if form is OFFER:
        desk.post(platform, f"{id_}/negotiate?side=buyer", OFFER)  # the other side has its own number
