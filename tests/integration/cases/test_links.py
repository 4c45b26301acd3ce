"""Links for buyers: who makes them, what they open, and what they never open."""

from datetime import timedelta

import pytest
from tests.integration.cases.walking import order
from tests.integration.web.browsing import Browser
from tests.integration.web.service import Client

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.cases.links import CASE, CLAIM, open_link
from bixie.cases.repository import by_id
from bixie.identity.erasure import erase_party
from bixie.identity.errors import LinkError
from bixie.identity.rules import TenantKind
from bixie.identity.service import add_key, add_tenant, founder
from bixie.identity.signing import buyer_link
from bixie.ledger.repository import events_about
from bixie.ledger.rules import event_from_body
from bixie.orders.service import import_orders


@pytest.fixture
def buyer(port):
    return Browser(port)


def claim_link(client, number="A1", **body):
    answer = client.post(f"/api/v1/orders/{number}/claim-link", json=body)
    assert answer.status == 201, answer.body
    return answer.json()


def case_link(client, case, **body):
    answer = client.post(f"/api/v1/cases/{case}/link", json=body)
    assert answer.status == 201, answer.body
    return answer.json()


def filed(client, shop, **changes):
    answer = client.post("/api/v1/cases", json=shop.claim(**changes))
    assert answer.status == 201, answer.body
    return answer.json()["id"]


def token_of(link):
    return link["path"].removeprefix("/c/")


def test_a_shop_makes_a_link_to_file_a_claim_and_the_buyer_s_party_with_it(shop, platform):
    first = claim_link(platform)
    again = claim_link(platform)
    assert first["buyer"] == again["buyer"] != shop.buyer
    opened = open_link(shop.store, token_of(first), shop.clock)
    assert (opened.principal.party, opened.case, opened.used) == (first["buyer"], None, False)
    assert opened.ticket.expires == shop.clock() + timedelta(days=30)
    with reading(shop.store, shop.program) as session:
        made = [event_from_body(row.body).type for row in events_about(session, first["buyer"])]
    assert made.count("cases.link_made") == 2


def test_the_platform_says_who_the_buyer_is(shop, platform):
    named = claim_link(platform, buyer=shop.buyer)
    assert named["buyer"] == shop.buyer
    known = claim_link(platform, reference="customer 7")
    assert claim_link(platform, reference="customer 7")["buyer"] == known["buyer"]
    other = platform.post("/api/v1/orders/A1/claim-link", json={"buyer": shop.merchant})
    assert other.code == "cases.no_such_buyer"
    assert platform.post("/api/v1/orders/none/claim-link", json={}).code == "orders.no_such_order"


def test_a_merchant_of_a_platform_makes_no_link_that_acts_as_the_buyer(shop, platform, merchant):
    case = filed(platform, shop)
    for path in ("/api/v1/orders/A1/claim-link", f"/api/v1/cases/{case}/link"):
        refused = merchant.post(path, json={})
        assert (refused.status, refused.code) == (403, "access.not_for_a_party")
    with reading(shop.store, shop.program) as session:
        made = [event_from_body(row.body).type for row in events_about(session, shop.buyer)]
    assert "cases.link_made" not in made


def test_a_merchant_that_is_the_tenant_makes_links_and_its_ledger_says_who_did(shop, port):
    with writing(shop.store, founder(shop.clock)) as session:
        tenant = add_tenant(session, "商家", TenantKind.MERCHANT, shop.clock)[0].tenant
    with writing(shop.store, Principal(tenant, "program_test", Role.PROGRAM)) as session:
        import_orders(session, [order("M1")], shop.clock)
        clerk = add_key(session, Role.CLERK, label="clerk", clock=shop.clock)
    made = claim_link(Client(port, clerk.text), "M1")
    with reading(shop.store, Principal(tenant, "program_test", Role.PROGRAM)) as session:
        events = [event_from_body(row.body) for row in events_about(session, made["buyer"])]
    assert [one.actor for one in events if one.type == "cases.link_made"] == [clerk.row.id]


def test_a_link_to_a_case_opens_it_for_its_buyer_only(shop, platform, buyer):
    case = filed(platform, shop)
    link = case_link(platform, case, expires_at="2026-12-01")
    opened = open_link(shop.store, token_of(link), shop.clock)
    assert (opened.case, opened.principal.party) == (case, shop.buyer)
    assert buyer.get(link["path"]).status == 200
    assert platform.post(f"/api/v1/cases/{case}x/link", json={}).code == "cases.no_such_case"


def test_a_case_without_a_buyer_gets_one_with_its_link(shop, platform, buyer):
    case = filed(platform, shop, buyer=None)
    link = case_link(platform, case)
    with reading(shop.store, shop.program) as session:
        assert by_id(session, case).buyer == link["buyer"] != ""
    assert buyer.get(link["path"]).status == 200
    assert case_link(platform, case)["buyer"] == link["buyer"]


def test_a_link_that_opens_nothing_explains_itself(shop, platform, buyer):
    link = case_link(platform, filed(platform, shop))
    forged = link["path"][:-4] + "AAAA"
    for path in (forged, "/c/x", "/c/" + "x" * 3000):
        page = buyer.get(path + "?lang=zh")
        assert page.status == 403
        assert "这个链接打不开" in page.body.decode()
    shop.clock.move(days=91)
    page = buyer.get(link["path"])
    assert (page.status, "这个链接已过期" in page.body.decode()) == (403, True)


def test_a_link_to_file_is_used_up_by_a_claim(shop, platform, buyer):
    link = claim_link(platform)
    assert buyer.get(link["path"]).status == 200
    filed(platform, shop)
    page = buyer.get(link["path"] + "?lang=en")
    assert (page.status, "A claim was filed with this link" in page.body.decode()) == (403, True)
    assert open_link(shop.store, token_of(claim_link(platform)), shop.clock).used is False


def test_a_link_that_is_asked_for_again_is_not_good_for_a_second_claim(shop, platform):
    path = "/api/v1/orders/A1/claim-link"
    first = platform.post(path, json={}, Idempotency_Key="a")
    filed(platform, shop)
    again = platform.post(path, json={}, Idempotency_Key="a")
    assert (first.status, again.status) == (201, 201)
    assert open_link(shop.store, token_of(again.json()), shop.clock).used


def test_a_link_of_another_purpose_or_of_an_erased_buyer_opens_no_page(shop, platform, buyer):
    link = case_link(platform, filed(platform, shop))
    with writing(shop.store, shop.program) as session:
        until = shop.clock() + timedelta(days=1)
        device = buyer_link(session, "device", "x", party=shop.buyer, expires=until, clock=shop.clock)
    assert buyer.get(f"/c/{device}").status == 403
    with writing(shop.store, shop.program) as session:
        erase_party(session, shop.buyer, shop.clock)
    assert buyer.get(link["path"]).status == 403
    with pytest.raises(LinkError):
        open_link(shop.store, token_of(link), shop.clock)


def test_a_page_does_not_give_its_link_away(shop, platform, buyer):
    page = buyer.get(case_link(platform, filed(platform, shop))["path"])
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    assert {CASE, CLAIM} == {"case.answer", "claim.file"}
