"""The page of the demo: one click makes a session of each role, for browsers of this machine only."""

import re
import shutil
from types import SimpleNamespace

import pytest
from tests.integration.conftest import DATABASE_FILE
from tests.integration.web.browsing import FORM, Browser
from tests.integration.web.service import serving

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.assembly.demo.cast import ACTORS, setup_of
from bixie.assembly.demo.seeding import ORDERS
from bixie.identity.service import disable_person
from bixie.imaging.limits import Limits
from bixie.kit.timestamps import utc_now
from bixie.ledger import repository as ledger
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders
from bixie.store.blobs import DiskBlobs
from bixie.store.engine import connect
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

HOMES = {
    "clerk_food": "/desk",
    "clerk_clothes": "/desk",
    "reviewer_1": "/console",
    "reviewer_2": "/console",
    "policy_editor": "/policies",
    "admin": "/",
}


@pytest.fixture
def browser(demo):
    return Browser(demo.port)


def test_the_start_page_offers_every_role_once(browser):
    for language in ("zh", "en"):
        page = browser.get(f"/?lang={language}").body.decode()
        assert re.findall(r'name="actor" value="(\w+)"', page) == list(ACTORS)
        assert "demo-keys.json" in page


@pytest.mark.parametrize("actor", ACTORS)
def test_one_click_opens_the_home_of_a_role_and_leads_back(browser, actor):
    answer = browser.send("/demo/enter", actor=actor)
    assert (answer.status, answer.headers["location"]) == (303, HOMES[actor])
    today = browser.get("/").body.decode()
    assert 'action="/logout"' in today
    assert 'href="/demo"' in today
    assert 'value="clerk_clothes"' in browser.get("/demo").body.decode()
    assert browser.send("/demo/enter", actor="reviewer_2").headers["location"] == "/console"


def test_a_session_of_the_demo_is_on_record_as_one(demo, browser):
    browser.send("/demo/enter", actor="admin")
    with reading(demo.store, setup_of(demo.tenant)) as session:
        last = ledger.page(session, 0, 10_000, None, None)[-1]
    assert '"identity.signed_in"' in last.body
    assert '"demo":true' in last.body


def test_who_calls_from_elsewhere_gets_no_session(browser):
    refused = [
        browser.send("/demo/enter", origin="https://evil.example", actor="admin"),
        browser.client.call("POST", "/demo/enter", b"actor=admin", Content_Type=FORM, Host="evil.example"),
        browser.client.call(
            "POST", "/demo/enter", b"actor=admin", Content_Type=FORM, Sec_Fetch_Site="cross-site"
        ),
    ]
    assert [(one.status, one.cookies) for one in refused] == [(403, [])] * 3


def test_nobody_but_the_people_of_the_page_is_signed_in(demo, browser):
    for actor in ("nobody", "program_setup", demo.cast.people["admin"], "x" * 1000):
        assert browser.send("/demo/enter", actor=actor).status in {404, 422}
    assert browser.cookies == {}


def test_nobody_becomes_the_buyer_of_an_unknown_order_or_from_elsewhere(browser):
    assert browser.send("/demo/buyer", order="DEMO-0").status == 404
    assert browser.send("/demo/buyer", origin="https://evil.example", order="DEMO-1012").status == 403


def test_a_buyers_link_opens_the_form_of_an_order_that_nobody_claimed(demo, browser):
    clerk = demo.cast.clerk("food")
    order = OrderIn.model_validate({"number": ORDERS[0].number, "items": [{"sku": "a", "name": "橙子"}]})
    with writing(demo.store, clerk) as session:
        import_orders(session, [order], utc_now, party=clerk.party)
    page = browser.get("/demo").body.decode()
    assert re.findall(r'name="order" value="([^"]+)"', page) == [ORDERS[0].number]
    answer = browser.send("/demo/buyer", order=ORDERS[0].number)
    assert answer.status == 303
    assert answer.headers["location"].startswith("/c/")
    assert browser.get(answer.headers["location"]).status == 200


def test_who_was_disabled_cannot_be_stepped_into(demo, browser):
    admin = Principal(demo.tenant, demo.cast.people["admin"], Role.ADMIN)
    with writing(demo.store, admin) as session:
        disable_person(session, demo.cast.people["reviewer_1"], utc_now)
    assert browser.send("/demo/enter", actor="reviewer_1").status == 404


def test_other_services_have_no_such_page(sqlite_template, tmp_path):
    shutil.copyfile(sqlite_template, tmp_path / DATABASE_FILE)
    store = Store(connect(Location.find(str(tmp_path), environment={}).url))
    services = SimpleNamespace(store=store, blobs=DiskBlobs(tmp_path), limits=Limits(), clock=utc_now)
    with serving(services) as port:
        assert Browser(port).send("/demo/enter", actor="admin").status == 404
        assert Browser(port).get("/demo").status == 404
    store.close()
