"""A claim is filed by a link: in the shop's order of fields, looked over once more, and once."""

import re

import pytest
from tests.integration.cases.test_links import claim_link
from tests.integration.web.service import form, picture

from bixie.access.tenancy import reading
from bixie.cases.repository import of_order
from bixie.identity.consent import history
from bixie.orders.repository import by_number

CLAIM = {
    "item": "0",
    "count.0": "1",
    "received": "yes",
    "service": "refund_only",
    "reason": "damaged",
    "amount": "60",
    "text": "杯口有一道裂纹",
    "agree": "share_with_merchant",
}


@pytest.fixture
def link(platform, shop):
    return claim_link(platform, buyer=shop.buyer)["path"]


def cases(shop):
    with reading(shop.store, shop.program) as session:
        return of_order(session, by_number(session, shop.merchant, "A1").id)


def hidden(page):
    """Return the hidden fields of the form that sends the claim, as a browser would."""
    whole = page[page.index('value="send"') :]
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', whole[: whole.index("</form>")])
    once = re.findall(r'name="once" value="([^"]+)"', page)[0]
    return {"step": "send", "once": once} | dict(pairs)


def test_the_form_asks_in_the_order_of_shops_and_for_several_views(buyer, link):
    page = buyer.get(link).body.decode()
    places = [
        page.index(f'data-step="{name}"')
        for name in ("items", "received", "service", "reason", "amount", "text", "exhibits")
    ]
    assert places == sorted(places)
    for words in (
        "杯",
        "已收到货",
        "仅退款",
        "整体",
        "近照",
        "另一个角度",
        "只用于处理这次售后",
        "我同意将本次售后",
    ):
        assert words in page, words


def test_a_claim_with_a_picture_is_looked_over_filed_once_and_leads_to_its_case(shop, buyer, link):
    kind, body = form(picture(), "p.png", "image/png", CLAIM | {"once": "look-1"})
    answer = buyer.client.call(
        "POST",
        f"{link}/claim",
        body.replace(b'name="file"', b'name="file.damage"'),
        Content_Type=kind,
        Accept_Language="zh",
    )
    page = answer.body.decode()
    assert answer.status == 200, page
    for words in (
        "请核对申请内容",
        "杯 × 1",
        "¥60",
        "杯口有一道裂纹",
        "1 个文件",
        "商家逾期未处理，平台将介入。",
    ):
        assert words in page, words
    assert cases(shop) == []
    fields = hidden(page)
    answers = [buyer.send(f"{link}/claim", **fields) for _ in range(2)]
    assert {one.status for one in answers} == {303}
    (case,) = cases(shop)
    assert (case.buyer, case.amount_minor, case.text) == (shop.buyer, 6000, "杯口有一道裂纹")
    opened = buyer.get(answers[0].headers["location"])
    assert "申请已提交" in opened.body.decode()
    with reading(shop.store, shop.program) as session:
        given = [consent.purpose for consent, _ in history(session, shop.buyer)]
    assert given == ["claims.share_with_merchant"]
    assert buyer.get(link).status == 403


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"item": ""}, "请选择要售后的商品"),
        ({"received": ""}, "请选择是否已收到货"),
        ({"service": "gift"}, "请选择售后类型"),
        ({"reason": ""}, "请选择售后原因"),
        ({"amount": "6000"}, "最多可退"),
        ({"agree": ""}, "请勾选同意商家查看"),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(shop, buyer, link, changed, words):
    page = buyer.send(f"{link}/claim", **CLAIM | changed)
    assert page.status == 422
    assert words in page.body.decode()
    assert "杯口有一道裂纹" in page.body.decode()
    assert cases(shop) == []


def test_a_consent_is_withdrawn_on_the_case_s_page(shop, buyer, link):
    page = buyer.send(f"{link}/claim", **CLAIM).body.decode()
    case = buyer.send(f"{link}/claim", **hidden(page)).headers["location"].partition("?")[0]
    shown = buyer.get(case).body.decode()
    action = re.search(r'action="([^"]+/consents/[^"]+)"', shown)[1]
    assert buyer.send(action).status == 303
    assert "/consents/" not in buyer.get(case).body.decode()
    with reading(shop.store, shop.program) as session:
        assert all(withdrawn for _, withdrawn in history(session, shop.buyer))


def test_a_case_link_files_no_claim_and_a_used_link_no_second_one(shop, buyer, link, platform):
    page = buyer.send(f"{link}/claim", **CLAIM).body.decode()
    fields = hidden(page)
    case = buyer.send(f"{link}/claim", **fields).headers["location"].partition("?")[0]
    assert buyer.send(f"{case}/claim", **CLAIM).status == 403
    assert buyer.send(f"{link}/claim", **fields | {"once": "another"}).status == 403
    assert len(cases(shop)) == 1


def test_without_an_amount_what_was_paid_is_asked_for(buyer, link):
    page = buyer.send(f"{link}/claim", **CLAIM | {"amount": "", "count.0": "2"})
    assert page.status == 200, page.body.decode()
    assert "¥200" in page.body.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"exhibit": "x" * 300}, {"exhibit": "exhibit_1:No Role"}, {"item": "9" * 30, "count." + "9" * 30: "1"}],
    ids=["file", "role", "item"],
)
@pytest.mark.parametrize("step", ["look", "send", "change"])
def test_fields_that_no_page_of_ours_makes_are_refused_in_words(buyer, shop, link, wrong, step):
    answer = buyer.send(f"{link}/claim", step=step, once="request_3", **CLAIM | wrong)
    assert answer.status in (200, 422), answer.body.decode()[-300:]
    assert cases(shop) == []
