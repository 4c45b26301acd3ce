"""One shop on a platform with a clerk at the desk; every test files claims about orders of its own."""

import shutil
from types import SimpleNamespace

import pytest
from tests.integration.cases.evidence import keep, picture
from tests.integration.cases.walking import Shop, order
from tests.integration.web.browsing import Browser, person
from tests.integration.web.service import Client, serving

from bixie.access.principal import Role
from bixie.access.tenancy import writing
from bixie.imaging.limits import Limits
from bixie.orders.service import import_orders
from bixie.store.blobs import DiskBlobs
from bixie.store.engine import connect
from bixie.store.settings import DATABASE_FILE, Location
from bixie.store.unit_of_work import Store


class DeskShop(Shop):
    """The shop, its files, and the calls of its program."""

    def __init__(self, store, blobs):
        super().__init__(store)
        self.blobs, self.orders, self.program_calls, self.port = blobs, 0, None, None

    def order(self):
        """Add an order; return its number."""
        self.orders += 1
        number = f"D-{1000 + self.orders}"
        with writing(self.store, self.program) as session:
            import_orders(session, [order(number)], self.clock, party=self.merchant)
        return number

    def file(self, *, pictures=1, **claim):
        """File a claim with pictures; return the case."""
        number = claim.pop("order", None) or self.order()
        files = [
            {"exhibit": keep(self, self.blobs, order=number, data=picture(shade=index)), "role": "damage"}
            for index in range(pictures)
        ]
        body = self.claim(order=number, exhibits=files, **claim)
        return self.post("", body)

    def post(self, path, body=None, side="buyer"):
        """Do something as the buyer."""
        end = f"?side={side}" if path else ""
        answer = self.program_calls.post(f"/api/v1/cases{path}{end}", json=body or {})
        assert answer.status in (200, 201), answer.body
        return answer.json()

    def case(self, id_):
        return self.program_calls.get(f"/api/v1/cases/{id_}?side=merchant").json()


@pytest.fixture(scope="module")
def shop(tmp_path_factory, sqlite_template):
    folder = tmp_path_factory.mktemp("desk")
    place = Location.find(str(folder), environment={})
    shutil.copyfile(sqlite_template, folder / DATABASE_FILE)
    store = Store(connect(place.url))
    made = DeskShop(store, DiskBlobs(folder / "blobs"))
    services = SimpleNamespace(store=store, blobs=made.blobs, limits=Limits(), clock=made.clock)
    with serving(services) as port:
        made.port, made.program_calls = port, Client(port, made.key())
        person(store, made.tenant, "clerk", Role.CLERK, made.merchant)
        person(store, made.tenant, "reviewer", Role.REVIEWER)
        yield made
    store.close()


@pytest.fixture(scope="module")
def signed_in(shop):
    """The clerk's browser, English."""
    browser = Browser(shop.port)
    browser.cookies["bixie_language"] = "en"
    assert browser.sign_in(login="clerk").status == 303
    return browser


@pytest.fixture
def clerk(signed_in):
    return signed_in
