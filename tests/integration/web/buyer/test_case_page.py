"""A buyer's case on the phone: what is asked, until when, and every form with its refusal."""

import json
import re

import pytest
from sqlalchemy import select
from tests.integration.cases.test_links import case_link, filed
from tests.integration.web.browsing import person
from tests.integration.web.service import form, picture

from bixie.access.principal import Role
from bixie.access.tenancy import reading
from bixie.notices.models import Notice
from bixie.notices.repository import about_party

WISHES = ["erasure_wanted", "link_wanted"]


@pytest.fixture
def case(shop, platform):
    return filed(platform, shop)


@pytest.fixture
def path(platform, case):
    return case_link(platform, case)["path"]


def shown(buyer, path, status=200):
    answer = buyer.get(path)
    assert answer.status == status, answer.body.decode()
    return answer.body.decode()


def once(page):
    return re.search(r'name="once" value="([^"]+)"', page)[1]


def sent(buyer, path, name, **fields):
    """Send a form of the page; return the answer."""
    return buyer.send(f"{path}/{name}", **{"once": once(shown(buyer, path))} | fields)


def sent_file(buyer, path, name, role, **fields):
    kind, body = form(picture(), "杯子.png", "image/png", {"once": once(shown(buyer, path)), **fields})
    body = body.replace(b'name="file"', f'name="file.{role}"'.encode())
    return buyer.client.call("POST", f"{path}/{name}", body, Content_Type=kind, Accept="text/html")


def now(platform, case):
    return platform.get(f"/api/v1/cases/{case}?side=buyer").json()


def step(client, case, action, body, side=""):
    answer = client.post(f"/api/v1/cases/{case}/{action}{side}", json=body)
    assert answer.status in (200, 201), answer.body


def test_the_first_screen_says_whose_turn_it_is_until_when_and_what_then(buyer, path):
    page = shown(buyer, path)
    for words in (
        "您暂时不用操作，等商家处理",
        "截止：",
        "2026-11-04",
        "商家逾期未处理，平台将介入。",
        "杯 × 1",
        "¥100",
    ):
        assert words in page, words


def test_another_angle_and_the_code_are_asked_for_and_answered(buyer, path, case, platform, merchant):
    asks = {"form": "ask_evidence", "asks": ["another_angle", "code_on_paper"], "code_word": "青山12"}
    step(merchant, case, "negotiate", asks)
    page = shown(buyer, path)
    for words in ("请补充一张不同角度的照片", "青山12", "/pictures/angle.svg", "/pictures/code.svg"):
        assert words in page, words
    assert buyer.get(f"{path}/pictures/angle.svg").headers["content-type"] == "image/svg+xml"
    assert sent_file(buyer, path, "answer", "angle", text="换了个角度", complete="yes").status == 303
    answered = now(platform, case)
    assert [(one["role"], one["side"]) for one in answered["exhibits"]] == [("angle", "buyer")]
    assert answered["challenge"]["state"] == "answered"
    exhibit = answered["exhibits"][0]["id"]
    file = buyer.get(f"{path}/files/{exhibit}")
    assert (file.status, file.headers["content-type"], file.body) == (200, "image/png", picture())
    assert f'<img src="{path}/files/{exhibit}/rendition"' in shown(buyer, path)
    for client, address in (
        (buyer, f"{path}/files/{exhibit}/rendition"),
        (merchant, f"/api/v1/cases/{case}/exhibits/{exhibit}/rendition?pixels=1280"),
    ):
        small = client.get(address)
        assert (small.status, small.headers["content-type"], small.body[:3]) == (
            200,
            "image/jpeg",
            b"\xff\xd8\xff",
        )
        assert client.get(address, If_None_Match=small.headers["etag"]).status == 304
    assert "已收到，正在查看。" in shown(buyer, path)


def test_an_offer_is_accepted_once_however_often_it_is_clicked(buyer, path, case, platform, merchant):
    offer = {"form": "propose", "outcome": {"kind": "refund", "amount": {"minor": 3000, "currency": "CNY"}}}
    step(merchant, case, "negotiate", offer)
    page = shown(buyer, path)
    assert "仅退款" in page or "30" in page
    fields = {"once": once(page), "offer": re.search(r'name="offer" value="([^"]+)"', page)[1]}
    assert [buyer.send(f"{path}/accept", **fields).status for _ in range(2)] == [303, 303]
    decided = now(platform, case)
    assert decided["decision"]["outcome"]["amount"]["minor"] == 3000
    assert len(decided["decisions"]) == 1


def test_an_offer_is_refused_and_the_case_goes_on(buyer, path, case, platform, merchant):
    offer = {"form": "propose", "outcome": {"kind": "refund", "amount": {"minor": 100, "currency": "CNY"}}}
    step(merchant, case, "negotiate", offer)
    assert sent(buyer, path, "refuse", text="太少了").headers["location"] == f"{path}?done=refuse"
    assert now(platform, case)["offers"][0]["state"] == "refused"


def test_a_refusal_of_the_shop_is_put_in_words_without_blame_and_leads_to_the_platform(
    buyer, path, case, platform, merchant
):
    step(merchant, case, "reject", {"reason": "no_defect_found", "text": "照片里没有看到裂纹"})
    page = shown(buyer, path)
    assert "商家根据现有图片，暂时没有看出商品的问题" in page
    assert sent(buyer, path, "escalate", text="杯口内侧").status == 303
    assert now(platform, case)["status"] == "in_review"
    assert "请说明您的情况" in shown(buyer, path)


def test_a_decision_can_be_read_and_appealed_with_a_reason(buyer, path, case, platform, merchant, reviewer):
    step(merchant, case, "reject", {"reason": "no_defect_found", "text": "照片里没有看到裂纹"})
    assert sent(buyer, path, "escalate").status == 303
    assert sent(buyer, path, "answer", text="我说完了", complete="yes").status == 303
    step(merchant, case, "supplement", {"complete": True})
    assert "规则" in buyer.send(f"{path}/file", once="once-file").body.decode()
    step(merchant, case, "file", {})
    ruling = {"outcome": {"kind": "refuse"}, "reasons": ["evidence_insufficient"], "note": "照片看不清。"}
    assert reviewer.post(f"/api/v1/cases/{case}/review/claim", json={}).status == 200
    step(reviewer, case, "decide", ruling)
    page = shown(buyer, path)
    assert "现有凭证不足以确认所说的问题" in page
    assert "照片看不清。" in page
    assert buyer.get(f"{path}/letter").status == 200
    refused = sent(buyer, path, "appeal", reason="other", text="")
    assert refused.status == 422
    assert sent(buyer, path, "appeal", reason="facts_wrong", text="到货时就有").status == 303
    assert now(platform, case)["status"] == "appealed"


def test_a_refused_form_keeps_what_was_typed_and_says_why(buyer, path, case, platform):
    answer = sent(buyer, path, "amount", amount="一百")
    page = answer.body.decode()
    assert answer.status == 400
    assert 'value="一百"' in page
    assert 'role="alert"' in page
    assert sent(buyer, path, "amount", amount="999").status == 422
    assert sent(buyer, path, "amount", amount="80.5").status == 303
    assert now(platform, case)["claim"]["amount"]["minor"] == 8050


def test_other_things_a_buyer_can_do(buyer, path, case, platform):
    assert sent(buyer, path, "message", text="<script>alert(1)</script>").status == 303
    page = shown(buyer, path)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert sent(buyer, path, "message", text="").status == 422
    assert sent(buyer, path, "person").status == 303
    assert sent(buyer, path, "withdraw", text="").status == 303
    assert now(platform, case)["status"] == "closed"
    assert buyer.get(f"{path}/no-such-form").status == 404


def test_goods_are_sent_back_with_carrier_and_number(buyer, shop, platform, merchant):
    case = filed(platform, shop, service="return_refund")
    path = case_link(platform, case)["path"]
    step(merchant, case, "accept", {})
    assert "请寄回商品" in shown(buyer, path)
    refused = sent(buyer, path, "return", carrier="顺丰", number="")
    assert (refused.status, 'value="顺丰"' in refused.body.decode()) == (422, True)
    assert sent(buyer, path, "return", carrier="顺丰", number="SF123").status == 303
    assert any("SF123" in (one["text"] or "") for one in now(platform, case)["thread"])


def test_a_buyer_who_is_asked_to_withdraw_can_keep_the_claim(buyer, path, case, platform, merchant):
    step(merchant, case, "negotiate", {"form": "agreed_withdraw"})
    assert "不撤销，继续处理" in shown(buyer, path)
    assert sent(buyer, path, "refuse").status == 303
    assert now(platform, case)["status"] == "awaiting_merchant"
    assert "不撤销，继续处理" not in shown(buyer, path)


def test_a_buyer_says_that_goods_of_the_shop_s_duty_have_arrived(buyer, shop, platform, merchant):
    case = filed(platform, shop, service="return_refund")
    path = case_link(platform, case)["path"]
    step(merchant, case, "accept", {})
    sent(buyer, path, "return", carrier="顺丰", number="SF123")
    step(merchant, case, "inspection", {"inspection": "fail", "text": "配件不全"})
    assert sent(buyer, path, "send-back").status == 409
    assert sent(buyer, path, "withdraw", text="").status == 303
    owed = shown(buyer, path)
    for words in ("等商家寄还商品", "商家需把商品寄还给您", f'action="{path}/send-back"'):
        assert words in owed, words
    assert "等商家收货验货" not in owed
    step(merchant, case, "send-back", {"text": "顺丰 SF456"})
    on_their_way = shown(buyer, path)
    assert ("商家已把商品寄还给您" in on_their_way, "SF456" in on_their_way) == (True, True)
    assert (
        sent(buyer, path, "not-received", text="一直没有收到").headers["location"]
        == f"{path}?done=not-received"
    )
    told = shown(buyer, f"{path}?done=not-received")
    assert ("已记录，平台会跟进。" in told, f'action="{path}/not-received"' in told) == (True, False)
    assert any("一直没有收到" in (one["text"] or "") for one in now(platform, case)["thread"])
    assert sent(buyer, path, "not-received", text="").status == 409
    done = sent(buyer, path, "send-back")
    assert done.headers["location"] == f"{path}?done=send-back"
    after = shown(buyer, done.headers["location"])
    assert ("已记录：您已收到退回的商品。" in after, f'action="{path}/send-back"' in after) == (True, False)
    assert now(platform, case)["sent_back"] == "arrived"


def test_a_link_shows_its_own_case_only(buyer, shop, path, case, platform, merchant):
    uploaded = merchant.exhibit(picture((9, 9, 9)), order="A1").json()["id"]
    for address in (f"{path}/files/{uploaded}", f"{path}/files/{uploaded}/rendition"):
        assert buyer.get(address).status == 422
    assert buyer.get(f"{path}/reports/examination_x").status in (404, 422)
    assert buyer.client.get(f"/api/v1/cases/{case}").status == 401


def test_the_buyer_s_data_can_be_had_and_their_erasure_asked_for_once_a_day(buyer, shop, path, case):
    data = json.loads(buyer.get(f"{path}/data.json").body)
    assert (data["schema"], data["case"]["id"]) == ("bixie.buyer_data/1", case)
    for _ in range(3):
        assert sent(buyer, path, "erasure").status == 303
    with reading(shop.store, shop.program) as session:
        told = [one.template for one in about_party(session, shop.merchant)]
    assert told.count("erasure_wanted") == 1


def test_a_new_link_is_asked_for_without_learning_whether_there_is_a_case(buyer, shop, path):
    shop.clock.move(days=91)
    assert "申请新的链接" in shown(buyer, path, 403)
    answers = [buyer.send(f"{one}/new-link") for one in (path, path, path[:-3] + "AAA", "/c/nothing")]
    assert {one.status for one in answers} == {200}
    told_apart = {re.sub(r"/c/[\w.-]+|request_\w+", "", one.body.decode()) for one in answers}
    assert len(told_apart) == 1
    with reading(shop.store, shop.program) as session:
        told = [one.template for one in about_party(session, shop.merchant)]
    assert told.count("link_wanted") == 1


def test_a_wish_goes_to_who_can_do_it_not_to_a_platform_s_merchant(buyer, shop, store, path):
    admin = person(store, shop.tenant, "admin", Role.ADMIN)
    person(store, shop.tenant, "reviewer", Role.REVIEWER)
    assert sent(buyer, path, "erasure").status == 303
    assert buyer.send(f"{path}/new-link").status == 200
    with reading(shop.store, shop.program) as session:
        notices = session.scalars(select(Notice).where(Notice.template.in_(WISHES))).all()
        assert sorted((one.template, one.person, one.party) for one in notices) == [
            (wish, admin.id, None) for wish in WISHES
        ]


def test_browsers_inside_other_apps_are_told_the_way_out(buyer, path):
    agent = "Mozilla/5.0 (iPhone) AppleWebKit/605 MicroMessenger/8.0"
    page = buyer.client.get(path, User_Agent=agent, Accept_Language="zh").body.decode()
    assert "在浏览器中打开" in page
    assert "在浏览器中打开" not in shown(buyer, path)
    code = buyer.get(f"{path}/qr.svg")
    assert (code.status, code.headers["content-type"]) == (200, "image/svg+xml")
