"""The queue of reviewers, second opinions and who keeps away, over the API on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from tests.integration.web.service import Client

from bixie.access.principal import Role
from bixie.access.tenancy import reading_every_tenant, writing
from bixie.ledger.service import NewEvent, append
from bixie.ledger.verification import verify

REFUSAL = {"outcome": {"kind": "refuse"}, "reasons": ["evidence_insufficient"]}
LARGE = {"amount": {"minor": 600_000, "currency": "CNY"}, "order": "B1"}


def refund(minor):
    return {
        "outcome": {"kind": "refund", "amount": {"minor": minor, "currency": "CNY"}},
        "reasons": ["damage_shown"],
    }


@pytest.fixture
def admin(port, shop):
    return Client(port, shop.key(Role.ADMIN))


def queue(client, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = client.get(f"/api/v1/reviews?{asked}")
    assert answer.status == 200, answer.body
    return answer.json()


def claim_next(client):
    answer = client.post("/api/v1/reviews/next", json={})
    assert answer.status == 200, answer.body
    return answer.json()["item"]


def claimed(client, id_):
    return client.post(f"/api/v1/cases/{id_}/review/claim", json={})


def decided(client, id_, ruling):
    assert claimed(client, id_).status == 200
    answer = client.post(f"/api/v1/cases/{id_}/decide", json=ruling)
    assert answer.status == 200, answer.body
    return answer.json()


def test_two_reviewers_never_get_one_case_and_a_lease_ends(shop, desk, reviewer, second_reviewer):
    first = desk.heard()
    shop.clock.move(hours=1)
    second = desk.heard()
    with ThreadPoolExecutor(2) as pool:
        got = [one["case"] for one in pool.map(claim_next, [reviewer, second_reviewer])]
    assert sorted(got) == [first, second]
    holder, other = (reviewer, second_reviewer) if got[0] == first else (second_reviewer, reviewer)
    assert [one["case"] for one in queue(holder, mine="true")["items"]] == [first]
    refused = claimed(other, first)
    assert (refused.status, refused.code) == (409, "reviews.claimed_by_other")
    shop.clock.move(minutes=20)  # a message of the holder renews the lease
    desk.post(holder, f"{first}/messages", {"text": "正在核对", "audience": "platform"})
    shop.clock.move(minutes=20)
    assert claimed(other, first).code == "reviews.claimed_by_other"
    assert [one["case"] for one in queue(other, unclaimed="true")["items"]] == [second]
    shop.clock.move(minutes=11)
    assert claimed(other, first).status == 200
    late = holder.post(f"/api/v1/cases/{first}/decide", json=REFUSAL)
    assert (late.status, late.code) == (409, "reviews.not_claimed")
    desk.post(other, f"{first}/review/release", {})
    assert queue(other)["counts"] == {
        "all": 2,
        "unclaimed": 2,
        "overdue": 0,
        "waiting_longest_since": "2026-11-02T09:00:00.000Z",
    }
    with reading_every_tenant(shop.store) as session:
        verify(session)  # raises for a fault


def test_next_that_is_asked_again_with_its_key_gives_the_same_case(shop, desk, reviewer):
    first = desk.heard()
    shop.clock.move(hours=24)
    desk.heard()
    shop.clock.move(minutes=90)
    ask = {"json": {}, "Idempotency-Key": "next-1"}
    given, again = (reviewer.post("/api/v1/reviews/next", **ask) for _ in range(2))
    assert given.status == 200, given.body
    assert (given.json()["item"]["case"], given.json()["item"]["waiting_hours"]) == (first, 25.5)
    assert again.body == given.body


def test_what_cannot_be_decided_is_listed_with_its_reason_and_passed_over(shop, desk, reviewer):
    unreadable, undated, unordered = desk.heard(), desk.heard(), desk.heard(**LARGE)
    desk.escalated()  # still heard
    unserved = desk.heard(served=False)
    ready = desk.heard()
    with writing(shop.store, shop.program) as session:
        data = {"by": "platform", "duty": "duty_none", "hours": 24}
        append(session, [NewEvent("case.duty_reminded", unreadable, data)], shop.clock)
    with shop.store.engine.begin() as connection:
        connection.execute(text(f"delete from case_duty where case_id = '{undated}' and kind = 'review'"))
        connection.execute(text("delete from order_item where sku = 'tv'"))
        connection.execute(text("delete from orders where number = 'B1'"))
    shop.clock.move(hours=2)
    listed = {one["case"]: one for one in queue(reviewer)["items"]}
    broken = {case: [one["code"] for one in shown["broken"]] for case, shown in listed.items()}
    assert {case: codes for case, codes in broken.items() if codes} == {
        unreadable: ["events"],
        undated: ["no_deadline"],
        unordered: ["order"],
    }
    assert list(listed)[-1] == undated
    assert listed[unserved]["blocked_by"]["code"] == "cases.file_not_served"
    assert listed[ready]["waiting_hours"] == 2.0
    assert claim_next(reviewer)["case"] == ready
    assert claim_next(reviewer) is None
    shop.clock.move(hours=25)  # passing over the other has served it
    assert claim_next(reviewer)["case"] in {ready, unserved}
    shop.clock.move(days=30)
    assert queue(reviewer, overdue="true", limit=2)["next"] is not None
    assert len(queue(reviewer, overdue="true")["items"]) == 5


def test_skills_decide_what_next_gives(desk, admin, reviewer, shop):
    large, small = desk.heard(**LARGE), desk.heard()
    asked = {one["case"]: one["skills"] for one in queue(reviewer)["items"]}
    assert asked == {large: ["large_amounts", "electronics"], small: []}
    id_ = claimed(reviewer, small).json()["held_by"]["reviewer"]
    wrong = admin.call("PUT", f"/api/v1/reviewers/{id_}", json={"skills": ["astrology"]})
    assert (wrong.status, wrong.code) == (422, "reviews.no_such_skill")
    assert admin.call("PUT", f"/api/v1/reviewers/{id_}", json={"skills": ["electronics"]}).status == 200
    assert claim_next(reviewer) is None
    admin.call("PUT", f"/api/v1/reviewers/{id_}", json={"skills": ["electronics", "large_amounts"]})
    assert claim_next(reviewer)["case"] == large


def test_a_large_amount_is_reviewed_blind_by_a_second_person(shop, desk, port, reviewer, second_reviewer):
    id_ = desk.heard(**LARGE)
    waiting = decided(reviewer, id_, refund(480_000))
    assert (waiting["status"], waiting["decision"]) == ("in_review", None)
    again = claimed(reviewer, id_)
    assert (again.status, again.code) == (403, "reviews.own_opinion")
    assert len(reviewer.get(f"/api/v1/cases/{id_}/review").json()["opinions"]) == 1
    assert claimed(second_reviewer, id_).json()["opinions"] == []
    events = second_reviewer.get(f"/api/v1/ledger/events?subject={id_}&type=case.review_opinion_given").json()
    assert [one["data"]["rows"][-1].get("personal") for one in events["items"]] == [["outcome", "reasons"]]
    assert "480000" not in str(events)
    assert "case.review_opinion_given" not in {
        one["type"] for one in desk.platform.get(f"/api/v1/cases/{id_}?side=buyer").json()["thread"]
    }
    done = decided(second_reviewer, id_, refund(450_000))  # both on the 80 % step: the higher amount
    assert done["decision"]["outcome"]["amount"]["minor"] == 480_000
    assert len(done["decision"]["persons"]) == 2
    assert len(second_reviewer.get(f"/api/v1/cases/{id_}/review").json()["opinions"]) == 1
    desk.appealed(id_)
    for earlier in (reviewer, second_reviewer):
        assert claimed(earlier, id_).code == "cases.same_person"
    third, fourth = (Client(port, shop.key(Role.REVIEWER)) for _ in range(2))
    stands = {"outcome": None, "reasons": ["damage_shown"], "note": "照片和维修单一致"}
    assert decided(third, id_, stands)["status"] == "appealed"  # a large amount: one more looks at it
    blind = claimed(fourth, id_).json()["opinions"]
    assert {one["outcome"]["amount"]["minor"] for one in blind} == {480_000}
    assert len(blind) == 1
    upheld = decided(fourth, id_, stands)
    assert (upheld["status"], upheld["decision"]["overturned"]) == ("decided", False)
    assert (upheld["appeals"][0]["state"], len(upheld["appeals"][0]["persons"])) == ("upheld", 2)


def test_where_two_disagree_a_third_decides_with_both_in_view(shop, desk, port, reviewer, second_reviewer):
    id_ = desk.heard(**LARGE)
    decided(reviewer, id_, refund(600_000))
    split = decided(second_reviewer, id_, REFUSAL)
    assert (split["status"], split["decision"]) == ("in_review", None)
    third = Client(port, shop.key(Role.REVIEWER))
    assert third.get(f"/api/v1/cases/{id_}/review").json()["opinions"] == []
    seen = claimed(third, id_).json()["opinions"]
    assert [one["outcome"]["kind"] for one in seen] == ["refund", "refuse"]
    done = third.post(f"/api/v1/cases/{id_}/decide", json=refund(300_000)).json()
    assert (len(done["decision"]["persons"]), done["decision"]["person"]) == (
        3,
        done["decision"]["persons"][2],
    )
    with reading_every_tenant(shop.store) as session:
        verify(session)  # raises for a fault


def test_new_evidence_after_an_opinion_begins_the_second_review_anew(desk, reviewer):
    id_ = desk.heard(**LARGE)
    decided(reviewer, id_, refund(600_000))
    asked = {"form": "ask_evidence", "asks": ["original_file"], "asks_of": "merchant"}
    desk.post(reviewer, f"{id_}/negotiate", asked)
    desk.post(desk.merchant, f"{id_}/supplement", {"complete": True, "text": "补充发货记录"})
    desk.served(id_)
    assert decided(reviewer, id_, REFUSAL)["status"] == "in_review"


def test_whoever_is_tied_to_a_party_or_has_acted_keeps_away(shop, desk, admin, reviewer, second_reviewer):
    id_ = desk.heard()
    held = claimed(reviewer, id_).json()["held_by"]["reviewer"]
    tie = {"party": shop.merchant, "reason": "business"}
    foreign = second_reviewer.post("/api/v1/review-conflicts", json=tie | {"reviewer": held})
    assert (foreign.status, foreign.code) == (403, "reviews.only_your_own")
    made = reviewer.post("/api/v1/review-conflicts", json=tie)
    assert made.status == 201, made.body
    assert queue(second_reviewer)["items"][0]["held_by"] is None
    kept = claimed(reviewer, id_)
    assert (kept.status, kept.code) == (403, "reviews.conflict_of_interest")
    assert claim_next(reviewer) is None
    claim_next(reviewer)
    passed = second_reviewer.get(f"/api/v1/ledger/events?subject={id_}&type=case.review_passed_over").json()
    assert [one["data"]["person"] for one in passed["items"]] == [held]
    assert reviewer.call("DELETE", f"/api/v1/review-conflicts/{made.json()['id']}").status == 403
    assert admin.call("DELETE", f"/api/v1/review-conflicts/{made.json()['id']}").status == 204
    assert claimed(reviewer, id_).status == 200
    desk.post(reviewer, f"{id_}/review/release", {})
    desk.post(admin, f"{id_}/messages?side=merchant", {"text": "已核对仓库记录"})
    desk.served(id_)
    assert claimed(admin, id_).code == "reviews.acted_before"


def test_a_letter_says_the_same_years_later(shop, desk, reviewer):
    id_ = desk.heard(text="<b>杯口</b>")
    decided(reviewer, id_, REFUSAL | {"note": "第二张照片 <i>看不清</i>"})
    place = f"/api/v1/cases/{id_}/letter?side=buyer"
    asked = [f"{place}&lang={lang}&format={form}" for lang in ("zh", "en") for form in ("text", "html")]
    pages = [desk.platform.get(one) for one in asked]
    zh = pages[0].body.decode()
    assert "不支持这次申请。" in zh
    assert "现有凭证不足以确认所说的问题" in zh
    assert "2026-11-09" in zh  # until when the buyer can appeal
    assert "&lt;i&gt;看不清" in pages[1].body.decode()
    assert "You can appeal until" in pages[2].body.decode()
    other = desk.merchant.get(f"/api/v1/cases/{id_}/letter?lang=en")
    assert "The other side can appeal" in other.body.decode()
    desk.appealed(id_)
    shop.clock.move(days=2000)
    assert desk.platform.get(f"{place}&lang=zh&format=text").body == pages[0].body


def test_an_appeal_that_changes_nothing_has_a_note_and_a_letter(desk, reviewer, second_reviewer):
    id_ = desk.heard()
    decided(reviewer, id_, REFUSAL)
    none = desk.platform.get(f"/api/v1/cases/{id_}/letter?side=buyer&appeal=true")
    assert (none.status, none.code) == (409, "cases.no_upheld_appeal")
    desk.appealed(id_)
    decided(second_reviewer, id_, {"outcome": None, "reasons": ["evidence_insufficient"], "note": "再次核对"})
    (seen,) = desk.merchant.get(f"/api/v1/cases/{id_}").json()["appeals"]
    assert (seen["by"], seen["state"], seen["note"]) == ("buyer", "upheld", "再次核对")
    assert (seen["person"], seen["persons_count"], seen["replaced_by"]) == (None, 1, None)
    place = f"/api/v1/cases/{id_}/letter?side=buyer&appeal=true&format=text"
    zh, en = (desk.platform.get(f"{place}&lang={lang}").body.decode() for lang in ("zh", "en"))
    assert "维持 2026-11-02 的决定" in zh
    assert "再次核对" in zh
    assert "Another person has read the case anew" in en
