"""What a case answers: names for people beside the keys, for programs and pages alike."""

import pytest
from tests.integration.conftest import DATABASES
from tests.integration.web.service import Client

from bixie.access.principal import Role

pytestmark = pytest.mark.parametrize("location", DATABASES[:1], indirect=True)
"""Answers are the same on both databases."""

NAMED = {
    "reason": "reason_name",
    "stage": "stage_name",
    "side": "side_name",
    "owner": "owner_name",
    "service": "service_name",
    "status": "status_name",
    "role": "role_name",
    "basis": "basis_name",
    "outcome": "outcome_name",
    "reasons": "reason_names",
    "asks": "ask_names",
    "by": "by_name",
    "verdict": "verdict_name",
    "next_actions": "action_names",
}


def objects(answer):
    """Yield every object of an answer."""
    if isinstance(answer, dict):
        yield answer
        for one in answer.values():
            yield from objects(one)
    elif isinstance(answer, list):
        for one in answer:
            yield from objects(one)


def test_every_key_of_an_answer_has_its_name_beside_it(platform, merchant, reviewer, desk):
    id_ = desk.heard(wants_person=True)
    ask = {"form": "ask_evidence", "asks": ["another_angle"]}
    assert reviewer.post(f"/api/v1/cases/{id_}/negotiate", json=ask).status == 200
    asked = platform.get(f"/api/v1/cases/{id_}").json()
    desk.post(platform, f"{id_}/supplement?side=buyer", {"complete": True, "text": "商品已不在手边"})
    offer = {"form": "propose", "outcome": {"kind": "refund", "amount": {"minor": 500, "currency": "CNY"}}}
    desk.post(merchant, f"{id_}/negotiate", offer)
    desk.post(platform, f"{id_}/reject?side=buyer", {})
    desk.served(id_)
    ruling = {"outcome": {"kind": "refuse"}, "reasons": ["evidence_insufficient"]}
    queue = reviewer.get("/api/v1/reviews").json()
    assert reviewer.post(f"/api/v1/cases/{id_}/review/claim", json={}).status == 200
    assert reviewer.post(f"/api/v1/cases/{id_}/decide", json=ruling).status == 200
    decided = platform.get(f"/api/v1/cases/{id_}").json()

    seen = set()
    for one in objects([asked, decided, queue]):
        for key in NAMED.keys() & one.keys():
            seen.add(key)
            said = one[NAMED[key]]
            said = said if isinstance(said, list) else [said]
            assert all(text["zh"] and text["en"] for text in said), (key, one)
    assert seen == set(NAMED) - {"verdict"}
    assert decided["decision"]["reason_names"][0]["zh"] == "现有凭证不足以确认所说的问题"
    assert decided["claim"]["reason_name"]["en"].startswith("damaged")
    assert asked["challenge"]["ask_names"][0]["zh"]


def test_where_both_sides_owe_a_hearing_both_are_named_and_find_the_case(platform, merchant, desk):
    id_ = desk.escalated()
    shown = platform.get(f"/api/v1/cases/{id_}").json()
    assert (set(shown["waiting_for_all"]), shown["waiting_for_all"][0]) == (
        {"buyer", "merchant"},
        shown["waiting_for"],
    )
    assert len(shown["waiting_for_names"]) == 2

    def found(side, **more):
        asked = "".join(f"&{name}={value}" for name, value in more.items())
        items = platform.get(f"/api/v1/cases?waiting_for={side}{asked}").json()["items"]
        return [one["id"] for one in items]

    assert [found(side) for side in ("buyer", "merchant", "platform")] == [[id_], [id_], []]
    other = desk.escalated()
    assert found("merchant", limit=1) == [id_]
    desk.post(merchant, f"{id_}/supplement", {"complete": True})
    assert [found(side) for side in ("buyer", "merchant")] == [[id_, other], [other]]
    shown = platform.get(f"/api/v1/cases/{id_}").json()
    assert shown["waiting_for_all"] == ["buyer"]


def test_an_exchange_needs_no_amount_and_can_still_end_in_a_refund(shop, platform, merchant, desk):
    body = shop.claim(service="exchange", items=[{"position": 0, "count": 2}])
    del body["amount"]
    id_ = desk.post(platform, "", body)["id"]
    claim = platform.get(f"/api/v1/cases/{id_}").json()["claim"]
    assert claim["amount"] == {"minor": 20_000, "currency": "CNY"}
    outcome = {"kind": "refund", "amount": {"minor": 20_000, "currency": "CNY"}}
    offered = desk.post(merchant, f"{id_}/negotiate", {"form": "propose", "outcome": outcome})
    assert offered["offers"][0]["outcome"]["amount"]["minor"] == 20_000
    nothing = shop.claim(service="exchange", items=[{"position": 1, "count": 1}], amount={"minor": 0})
    assert platform.post("/api/v1/cases", json=nothing).status == 201


def test_a_refund_still_needs_an_amount(shop, platform):
    body = shop.claim()
    del body["amount"]
    refused = platform.post("/api/v1/cases", json=body)
    assert (refused.status, refused.code) == (422, "claims.faulty")
    assert [(one["field"], one["code"]) for one in refused.json()["fields"]] == [
        ("amount", "claims.amount_missing")
    ]


def test_the_sides_learn_that_a_reviewer_decided_and_only_the_platform_which(
    platform, merchant, reviewer, desk
):
    id_ = desk.heard(wants_person=True)
    assert reviewer.post(f"/api/v1/cases/{id_}/review/claim", json={}).status == 200
    ruling = {"outcome": {"kind": "refuse"}, "reasons": ["evidence_insufficient"]}
    assert reviewer.post(f"/api/v1/cases/{id_}/decide", json=ruling).status == 200
    seen = {}
    for client, side in ((platform, ""), (platform, "?side=buyer"), (merchant, "")):
        shown = client.get(f"/api/v1/cases/{id_}{side}").json()
        seen[shown["side"]] = [shown["decision"], *shown["decisions"]]
        assert shown["decision"]["person_name"]["en"] == "a reviewer of the platform"
        assert shown["decision"]["persons_count"] == 1
    person = seen["platform"][0]["person"]
    assert person
    for side in ("buyer", "merchant"):
        assert person not in str(seen[side])


def test_only_an_admin_erases_the_texts_of_a_case_once_it_is_closed(port, shop, platform, merchant, desk):
    id_ = desk.post(platform, "", shop.claim())["id"]
    admin = Client(port, shop.key(Role.ADMIN))
    texts = f"/api/v1/cases/{id_}/texts"
    refused = admin.call("DELETE", texts)
    assert (refused.status, refused.code) == (409, "cases.erased_while_open")
    desk.post(platform, f"{id_}/withdraw?side=buyer", {})
    assert [one.call("DELETE", texts).status for one in (merchant, platform)] == [403, 403]
    assert admin.call("DELETE", texts).status == 204
    shown = platform.get(f"/api/v1/cases/{id_}").json()
    assert (shown["claim"]["text"], shown["thread"][-1]["type"]) == (None, "case.texts_erased")
    nowhere = admin.call("DELETE", "/api/v1/cases/case_00000000000000000000000000/texts")
    assert (nowhere.status, nowhere.code) == (404, "cases.no_such_case")


def test_a_duty_that_stands_still_and_one_with_more_time_explain_themselves(shop, platform, merchant, desk):
    id_ = desk.post(platform, "", shop.claim())["id"]

    def explained():
        (duty,) = (
            one for one in platform.get(f"/api/v1/cases/{id_}").json()["duties"] if one["kind"] == "answer"
        )
        return duty["explain"]

    desk.post(merchant, f"{id_}/more-time", {"reason": "waiting_for_carrier"})
    assert "waiting for the carrier" in explained()["en"]
    assert "等待快递公司核实" in explained()["zh"]
    desk.post(merchant, f"{id_}/negotiate", {"form": "ask_evidence", "asks": ["another_angle"]})
    assert explained()["en"].startswith("The time has stood still since ")
    assert "平台将介入" not in explained()["zh"]
