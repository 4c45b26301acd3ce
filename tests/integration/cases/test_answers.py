"""What a case answers: names for people beside the keys, for programs and pages alike."""

import pytest
from tests.integration.conftest import DATABASES

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
