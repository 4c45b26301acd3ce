"""A claim from its submission to the decision, the appeal and the remedy, over the API, on both databases."""

import hashlib

from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.cases import remedying
from bixie.cases.events import Decided
from bixie.cases.opening import events_of
from bixie.cases.repository import decisions_of
from bixie.kit.canonical_json import encode_canonical
from bixie.ledger.verification import verify
from bixie.policies import builtin_packs, replay
from bixie.policies.records import parse_record


def act(client, case, action, body=None, **query):
    asked = "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
    answer = client.post(f"/api/v1/cases/{case}/{action}{asked}", json=body or {})
    assert answer.status in (200, 201), answer.body
    return answer.json()


def test_a_claim_is_heard_decided_appealed_and_carried_out(
    shop, platform, merchant, reviewer, second_reviewer
):
    filed = platform.post("/api/v1/cases", json=shop.claim())
    assert filed.status == 201, filed.body
    case = filed.json()
    assert (case["status"], case["timeout_policy"], case["waiting_for"]) == (
        "awaiting_merchant",
        "escalate",
        "merchant",
    )
    id_ = case["id"]
    seen = merchant.get(f"/api/v1/cases/{id_}").json()
    assert seen["thread"][0]["text"] == "杯口有一道裂纹"
    assert seen["next_actions"] == ["accept", "negotiate", "reject", "supplement"]
    challenged_and_rejected(shop, platform, merchant, id_)
    heard_and_refused(platform, merchant, reviewer, id_)
    done = appealed_and_overturned(shop, (platform, merchant), (reviewer, second_reviewer), id_)
    carried_out(shop, platform, id_, done)
    with reading_every_tenant(shop.store) as session:
        assert verify(session).rows > 10  # raises for a fault
    decisions_replay(shop, id_)


def decisions_replay(shop, id_):
    with reading(shop.store, shop.program) as session:
        kept = [encode_canonical(one.record) for one in decisions_of(session, id_)]
        said = [one.event for one in events_of(session, id_) if isinstance(one.event, Decided)]
    assert [hashlib.sha256(one).hexdigest() for one in kept] == [one.record_sha256 for one in said]
    assert len(kept) == 2
    for record in kept:
        again = replay(parse_record(record, "record.json"), builtin_packs())
        assert again.is_identical, again.differences


def challenged_and_rejected(shop, platform, merchant, id_):
    shop.clock.move(hours=1)
    asked = act(
        merchant,
        id_,
        "negotiate",
        {
            "form": "ask_evidence",
            "asks": ["another_angle", "code_on_paper"],
            "code_word": "青竹 7",
            "text": "请补充一张不同角度的照片",
        },
    )
    assert asked["status"] == "awaiting_buyer"
    assert [one["state"] for one in asked["duties"]] == ["paused", "open"]

    shop.clock.move(hours=5)
    answered = act(platform, id_, "supplement", {"complete": True, "text": "已补拍"}, side="buyer")
    assert answered["status"] == "awaiting_merchant"
    rejected = act(merchant, id_, "reject", {"reason": "no_defect_found", "text": "照片里没有看到裂纹"})
    assert rejected["status"] == "awaiting_buyer"
    assert "escalate" in platform.get(f"/api/v1/cases/{id_}?side=buyer").json()["next_actions"]


def heard_and_refused(platform, merchant, reviewer, id_):
    escalated = act(platform, id_, "escalate", side="buyer")
    assert (escalated["status"], escalated["stage"]) == ("in_review", "platform")
    ruling = {
        "outcome": {"kind": "refuse"},
        "reasons": ["evidence_insufficient"],
        "note": "现有凭证看不出破损",
    }
    too_early = reviewer.post(f"/api/v1/cases/{id_}/decide", json=ruling)
    assert (too_early.status, too_early.code) == (409, "cases.still_heard")
    act(platform, id_, "supplement", {"complete": True}, side="buyer")
    act(merchant, id_, "supplement", {"complete": True})
    unserved = reviewer.post(f"/api/v1/cases/{id_}/decide", json=ruling)
    assert (unserved.status, unserved.code) == (409, "cases.file_not_served")
    files = [
        client.post(f"/api/v1/cases/{id_}/file{side}").json()["sha256"]
        for client, side in ((platform, "?side=buyer"), (merchant, ""))
    ]
    assert files[0] == files[1]
    unclaimed = reviewer.post(f"/api/v1/cases/{id_}/decide", json=ruling)
    assert (unclaimed.status, unclaimed.code) == (409, "reviews.not_claimed")
    act(reviewer, id_, "review/claim")
    decided = act(reviewer, id_, "decide", ruling)
    assert (decided["status"], decided["decision"]["outcome"]["kind"]) == ("decided", "refuse")


def appealed_and_overturned(shop, sides, reviewers, id_):
    platform, merchant = sides
    reviewer, second_reviewer = reviewers
    wrong = merchant.post(f"/api/v1/cases/{id_}/appeal", json={"reason": "new_evidence"})
    assert (wrong.status, wrong.code) == (403, "cases.appeal_of_winner")
    appealed = act(
        platform, id_, "appeal", {"reason": "new_evidence", "text": "维修店出了证明"}, side="buyer"
    )
    assert appealed["status"] == "appealed"
    shop.clock.move(hours=73)
    for client, side in ((platform, "?side=buyer"), (merchant, "")):
        client.post(f"/api/v1/cases/{id_}/file{side}")
    overturn = {
        "outcome": {"kind": "refund", "amount": {"minor": 5000, "currency": "CNY"}},
        "reasons": ["damage_shown"],
    }
    same = reviewer.post(f"/api/v1/cases/{id_}/decide", json=overturn)
    assert (same.status, same.code) == (403, "cases.same_person")
    act(second_reviewer, id_, "review/claim")
    done = act(second_reviewer, id_, "decide", overturn)
    assert (done["status"], done["decision"]["outcome"]["amount"]["minor"]) == ("decided", 5000)
    assert [one["overturned"] for one in done["decisions"]] == [True, False]
    return done


def carried_out(shop, platform, id_, done):
    with writing(shop.store, shop.program) as session:
        needed = remedying.needed(session, id_, done["decision"]["id"])
        assert (needed.kind, needed.amount_minor) == ("refund", 5000)
        remedying.ordered(session, id_, "remedy_1", shop.clock)
    assert platform.get(f"/api/v1/cases/{id_}").json()["status"] == "remedying"
    with writing(shop.store, shop.program) as session:
        remedying.carried_out(session, id_, "remedy_1", shop.clock)
    closed = platform.get(f"/api/v1/cases/{id_}").json()
    assert (closed["status"], closed["closed_why"], closed["deadline"]) == ("closed", "remedied", None)
