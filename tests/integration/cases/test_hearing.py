"""A challenge, what a report does to a case, and both sides with the same file, on both databases."""

import pytest
from sqlalchemy import select
from tests.integration.cases.evidence import keep, picture, report
from tests.integration.cases.test_walk import act
from tests.integration.web.service import Client

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.cases import repository, rulings
from bixie.cases.effects import after_examination
from bixie.cases.merchant_options.service import set_option
from bixie.cases.opening import events_of, open_case, state_of
from bixie.cases.words import DutyKind, Side, Status
from bixie.examinations.service import _KNOWN
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party
from bixie.jobs.models import Job
from bixie.ledger.verification import verify
from bixie.store.blobs import DiskBlobs
from bixie.vault import repository as vault
from bixie.vault.claims import EXAMINATION


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
        ({"exhibit": photo, "asks": ["confess"]}, "claims.no_such_code"),
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


def test_a_report_that_comes_late_moves_no_time_back(shop, merchant, blobs, photo, case):
    shop.clock.move(hours=2)
    act(merchant, case, "messages", {"text": "正在核对"})
    shop.clock.move(hours=-1)
    report(shop, blobs, photo, "suspect", after_examination)
    with reading(shop.store, shop.program) as session:
        times = [one.time for one in events_of(session, case)]
    assert times == sorted(times)
    assert len(answer_due(shop, case).extended) == 1


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


@pytest.mark.parametrize("wants_person", [False, True])
def test_a_small_claim_is_paid_once_all_its_files_are_examined_unless_a_person_is_wanted(
    shop, platform, blobs, photo, wants_person
):
    admin = Principal(shop.tenant, "person_admin", Role.ADMIN, shop.merchant)
    with writing(shop.store, admin) as session:
        set_option(session, "refund_only_without_person", limit=20_000, clock=shop.clock)
    whole = keep(shop, blobs, data=picture(1))
    files = [{"exhibit": photo, "role": "damage"}, {"exhibit": whole, "role": "whole"}]
    amount = {"minor": 5_000, "currency": "CNY"}
    body = shop.claim(exhibits=files, amount=amount, wants_person=wants_person)
    case = platform.post("/api/v1/cases", json=body).json()["id"]
    report(shop, blobs, photo, "inconclusive", after_examination)
    assert state(shop, case).decision is None
    report(shop, blobs, whole, "supported", after_examination)
    report(shop, blobs, whole, "inconclusive", after_examination)
    decisions = [(one.basis, one.outcome.amount_minor) for one in state(shop, case).decisions]
    assert decisions == ([] if wants_person else [("policy", 5_000)])
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


def test_what_a_side_says_after_its_hearing_puts_no_decision_off(
    shop, platform, merchant, reviewer, photo, case
):
    act(merchant, case, "reject", {"reason": "no_defect_found", "text": "照片里没有看到裂纹"})
    act(platform, case, "escalate", side="buyer")
    act(platform, case, "supplement", {"complete": True}, side="buyer")
    act(merchant, case, "messages", {"text": "我方仍在举证期内"})
    act(merchant, case, "supplement", {"complete": True})
    shop.clock.move(hours=20)
    heard = state(shop, case)
    act(platform, case, "messages", {"text": "请尽快处理"}, side="buyer")
    act(merchant, case, "messages", {"text": "我方没有别的要说了"})
    late = merchant.post(f"/api/v1/cases/{case}/supplement", json={"text": "再补充一点"})
    assert (late.status, late.code) == (409, "cases.hearing_is_over")
    files = {"exhibits": [{"exhibit": photo, "role": "other"}]}
    assert platform.post(f"/api/v1/cases/{case}/exhibits?side=buyer", json=files).status == 201  # is there
    assert state(shop, case).served_at == heard.served_at
    shop.clock.move(hours=5)  # 24 hours after the file was served
    act(reviewer, case, "review/claim")
    ruling = {
        "outcome": {"kind": "refuse"},
        "reasons": ["evidence_insufficient"],
        "note": "现有凭证看不出破损",
    }
    assert act(reviewer, case, "decide", ruling)["status"] == "decided"


def upload(client, case, data, **fields):
    side = fields.pop("side", None)
    form = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head = f'{form}--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    path = f"/api/v1/cases/{case}/upload" + (f"?side={side}" if side else "")
    return client.call("POST", path, body, Content_Type="multipart/form-data; boundary=x")


def test_a_side_hands_in_a_file_and_the_other_sees_it(shop, port, merchant, platform, photo, case):
    replied = upload(merchant, case, picture(5), role="packaging", text="发货前拍的")
    assert replied.status == 201, replied.body
    added = replied.json()["exhibits"][-1]
    assert (added["side"], added["role"], added["state"]) == ("merchant", "packaging", "kept")
    assert replied.json()["thread"][-1]["text"] == "发货前拍的"
    with reading(shop.store, shop.program) as session:
        kept = vault.by_id(session, added["id"])
        assert (kept.role, kept.order_number, kept.party) == ("reply", "A1", shop.merchant)
        assert vault.kept_for(session, shop.merchant, "A1", _KNOWN, 9) == []
        assert jobs_of(session) == []
    buyer = Client(port, shop.key(party=shop.buyer))
    seen = buyer.get(f"/api/v1/cases/{case}/exhibits/{added['id']}/content")
    assert (seen.status, seen.body) == (200, picture(5))
    assert upload(buyer, case, picture(6), role="angle").json()["exhibits"][-1]["side"] == "buyer"
    with reading(shop.store, shop.program) as session:
        assert len(jobs_of(session)) == 1
    refused = upload(platform, case, picture(7))
    assert (refused.status, refused.code) == (403, "cases.not_your_turn")
    other = Client(port, shop.key(party=another_buyer(shop)))
    hidden = other.get(f"/api/v1/cases/{case}/exhibits/{added['id']}/content")
    assert (hidden.status, hidden.code) == (404, "cases.no_such_case")
    assert_verified(shop)


def jobs_of(session):
    with session.get_bind().connect() as connection:
        return connection.execute(select(Job.key).where(Job.kind == EXAMINATION)).all()


def another_buyer(shop):
    with writing(shop.store, shop.program) as session:
        return add_party(session, PartyKind.BUYER, name="别人", clock=shop.clock).id


def test_a_side_reads_the_reports_about_files_of_its_case_only(shop, port, blobs, photo, case):
    mine, other = report(shop, blobs, photo, "suspect"), keep(shop, blobs, data=picture(3))
    foreign = report(shop, blobs, other, "suspect")
    buyer = Client(port, shop.key(party=shop.buyer))
    assert buyer.get(f"/api/v1/cases/{case}/report/{mine}/page").body == b"<p>"
    assert buyer.get(f"/api/v1/cases/{case}/report/{mine}/document").json()["exhibits"]
    refused = buyer.get(f"/api/v1/cases/{case}/report/{foreign}/page")
    assert (refused.status, refused.code) == (404, "examinations.no_such_report")
    refused = buyer.get(f"/api/v1/cases/{case}/exhibits/{other}/content")
    assert (refused.status, refused.code) == (422, "cases.no_such_exhibit")


def test_a_draft_is_its_writers_until_it_is_sent(merchant, platform, case):
    path = f"/api/v1/cases/{case}/draft"
    draft = {"action": "reject", "values": {"reason": "no_defect_found", "text": "照片里没有"}}
    for _ in range(2):
        assert merchant.call("PUT", path, json=draft).status == 200
    assert merchant.get(path).json() == {**draft, "saved_at": "2026-11-02T09:00:00.000Z"}
    for side in ("buyer", "platform"):
        assert platform.get(f"{path}?side={side}").code == "cases.no_such_draft"
    act(merchant, case, "messages", {"text": "请稍等"})
    assert merchant.get(path).status == 200
    act(merchant, case, "reject", draft["values"])
    assert merchant.get(path).code == "cases.no_such_draft"
    long = merchant.call("PUT", path, json={**draft, "values": {"text": "长" * 6_000}})
    assert (long.status, long.code) == (422, "cases.draft_too_long")
    assert merchant.call("DELETE", path).status == 204


def test_a_partial_refund_is_offered_by_the_level_of_damage(merchant, platform, case):
    for body, code in [
        ({"damage_level": 35}, "cases.no_such_level"),
        ({"damage_level": 30, "outcome": {"kind": "repair"}}, "cases.level_or_outcome"),
    ]:
        refused = merchant.post(f"/api/v1/cases/{case}/negotiate", json={"form": "propose", **body})
        assert (refused.status, refused.code) == (422, code)
    offered = act(merchant, case, "negotiate", {"form": "propose", "damage_level": 30})
    assert offered["offers"][0]["outcome"]["amount"] == {"minor": 3_000, "currency": "CNY"}
    agreed = act(platform, case, "accept", side="buyer")
    assert agreed["decision"]["outcome"]["amount"]["minor"] == 3_000


def test_a_letter_says_which_files_had_not_been_examined_yet(shop, blobs, platform, merchant, photo):
    examined = keep(shop, blobs, data=picture(1))
    report(shop, blobs, examined, "inconclusive")
    waiting, known = (letter_of_agreement(shop, platform, merchant, one) for one in (photo, examined))
    assert "作出决定时，买家的文件还没有检验结果。" in waiting
    assert "无法判断" not in waiting
    assert "买家文件的检验结果：“无法判断”" in known


def letter_of_agreement(shop, platform, merchant, exhibit):
    claim = shop.claim(exhibits=[{"exhibit": exhibit, "role": "damage"}])
    case = platform.post("/api/v1/cases", json=claim).json()["id"]
    assert merchant.post(f"/api/v1/cases/{case}/accept", json={}).status == 200
    return merchant.get(f"/api/v1/cases/{case}/letter?lang=zh&format=text").body.decode()
