"""A challenge, what a report does to a case, and both sides with the same file, on both databases."""

import pytest
from tests.integration.cases.evidence import keep, picture, report
from tests.integration.cases.test_walk import act

from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.cases import repository, rulings
from bixie.cases.effects import after_examination
from bixie.cases.opening import open_case, state_of
from bixie.cases.words import DutyKind, Side, Status
from bixie.ledger.verification import verify
from bixie.store.blobs import DiskBlobs


@pytest.fixture
def blobs(location):
    return DiskBlobs(location.folder / "blobs")


@pytest.fixture
def photo(shop, blobs):
    return keep(shop, blobs)


@pytest.fixture
def case(shop, platform, photo):
    filed = platform.post("/api/v1/cases", json=shop.claim(exhibits=[{"exhibit": photo, "role": "damage"}]))
    assert filed.status == 201, filed.body
    return filed.json()["id"]


def state(shop, case):
    with reading(shop.store, shop.program) as session:
        return state_of(session, repository.by_id(session, case))


def answer_due(shop, case):
    return state(shop, case).duty(DutyKind.ANSWER)


def assert_verified(shop):
    with reading_every_tenant(shop.store) as session:
        verify(session)


def test_a_picture_is_challenged_in_one_call(shop, merchant, platform, blobs, photo, case):
    report(shop, blobs, photo, "refuted", after_examination)
    asked = merchant.post(
        f"/api/v1/cases/{case}/challenge",
        json={"exhibit": photo, "asks": ["another_angle", "code_on_paper"]},
    )
    assert asked.status == 200, asked.body
    said = asked.json()
    assert said["examination"]["verdict"] == "refuted"
    assert [one["code"] for one in said["examination"]["findings"]] == ["derivation.known_picture_edited"]
    assert said["examination"]["findings"][0]["limits"]["zh"] == "不说明是谁改动的。"
    challenge = said["case"]["challenge"]
    assert (challenge["state"], challenge["asks"]) == ("open", ["another_angle", "code_on_paper"])
    assert [(one["kind"], one["state"]) for one in said["case"]["duties"]] == [
        ("answer", "paused"),
        ("supplement", "open"),
    ]
    (message,) = (one for one in said["case"]["thread"] if one["id"])
    assert message["text"] == (
        f"请补充一张不同角度的照片；请把口令写在纸上，与商品一起拍一张，口令是“{challenge['code_word']}”。谢谢！"
    )
    assert message["exhibits"] == [photo]
    again = platform.post(
        f"/api/v1/cases/{case}/challenge?side=buyer", json={"exhibit": photo, "asks": ["another_angle"]}
    )
    assert (again.status, again.code) == (403, "cases.not_your_turn")
    assert_verified(shop)


def test_a_challenge_that_does_not_fit_changes_nothing(shop, merchant, blobs, photo, case):
    other = keep(shop, blobs, data=picture(9))
    before = state(shop, case)
    for body, code in [
        ({"exhibit": other, "asks": ["another_angle"]}, "cases.no_such_exhibit"),
        ({"exhibit": photo, "asks": ["confess"]}, "cases.no_such_ask"),
    ]:
        refused = merchant.post(f"/api/v1/cases/{case}/challenge", json=body)
        assert (refused.status, refused.code) == (422, code)
    assert state(shop, case) == before


def test_a_merchant_asks_for_other_evidence_three_times_at_most(shop, merchant, platform, photo, case):
    body = {"exhibit": photo, "asks": ["another_angle"]}
    for _ in range(3):
        act(merchant, case, "challenge", body)
        act(platform, case, "supplement", {"complete": True, "text": "商品不在身边"}, side="buyer")
    refused = merchant.post(f"/api/v1/cases/{case}/challenge", json=body)
    assert (refused.status, refused.code) == (409, "cases.asked_enough")


def test_a_report_in_doubt_gives_the_merchant_more_time_once(shop, blobs, photo, case):
    before = answer_due(shop, case).due_at
    report(shop, blobs, photo, "supported", after_examination)
    assert answer_due(shop, case).due_at == before
    report(shop, blobs, photo, "suspect", after_examination)
    longer = answer_due(shop, case)
    assert longer.due_at > before
    report(shop, blobs, photo, "refuted", after_examination)
    assert answer_due(shop, case) == longer
    assert_verified(shop)


def test_silence_does_not_accept_what_rests_on_evidence_in_doubt(shop, platform, blobs, photo):
    body = shop.claim(service="return_refund", exhibits=[{"exhibit": photo, "role": "damage"}])
    filed = platform.post("/api/v1/cases", json=body).json()
    assert filed["timeout_policy"] == "accept"
    assert filed["timeout_text"]["zh"] == "商家逾期未处理，视为同意申请（凭证存疑的，由平台介入）。"
    report(shop, blobs, photo, "suspect", after_examination)
    shop.clock.now = answer_due(shop, filed["id"]).due_at
    with writing(shop.store, shop.program) as session:
        case = open_case(session, filed["id"], shop.clock)
        rulings.accept_by_silence(case, case.state.duty(DutyKind.ANSWER))
    assert (case.state.status, case.state.decision) == (Status.IN_REVIEW, None)
    assert_verified(shop)


def test_both_sides_are_served_when_the_platform_steps_in_and_after_every_change(
    shop, merchant, platform, reviewer, blobs, photo, case
):
    act(merchant, case, "reject", {"reason": "no_defect_found", "text": "没有看到裂纹"})
    file = act(platform, case, "escalate", side="buyer")["file"]
    assert all(one["served_at"] and one["current"] and not one["opened_at"] for one in file.values())
    first = state(shop, case).served[Side.BUYER]
    shop.clock.move(hours=1)
    more = keep(shop, blobs, data=picture(1))
    file = act(platform, case, "exhibits", {"exhibits": [{"exhibit": more, "role": "angle"}]}, side="buyer")[
        "file"
    ]
    assert {one["served_at"] for one in file.values()} == {"2026-11-02T10:00:00.000Z"}
    report(shop, blobs, photo, "inconclusive", after_examination)
    served = state(shop, case).served
    assert served[Side.BUYER] == served[Side.MERCHANT] != first

    act(merchant, case, "file")
    for client, side in ((platform, "?side=buyer"), (merchant, "")):
        act(client, case, f"supplement{side}", {"complete": True})
    shop.clock.move(hours=1)
    seen = reviewer.get(f"/api/v1/cases/{case}").json()["file"]
    assert (seen["merchant"]["opened_at"], seen["buyer"]["opened_at"]) == ("2026-11-02T10:00:00.000Z", None)
    ruling = {"outcome": {"kind": "refuse"}, "reasons": ["evidence_insufficient"]}
    refused = reviewer.post(f"/api/v1/cases/{case}/decide", json=ruling)
    assert (refused.status, refused.code) == (409, "cases.file_not_served")
    assert "buyer" in refused.json()["detail"]
    shop.clock.move(hours=24)  # service counts as having had it
    act(reviewer, case, "review/claim")
    act(reviewer, case, "decide", ruling)
    assert_verified(shop)
