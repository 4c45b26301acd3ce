"""Merchants on one platform, each with a key of its own, through a real server."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.integration.web.service import Client, new_key, picture
from tests.integration.web.uploads import address

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import UnscopedError, reading, writing
from bixie.assembly.jobs import job_types
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party
from bixie.jobs import repository as work
from bixie.jobs.attempts import run_job
from bixie.jobs.job_types import by_name
from bixie.jobs.models import State
from bixie.kit.timestamps import utc_now
from bixie.ledger.service import NewEvent, append
from bixie.notices.models import Delivery
from bixie.orders.models import Order
from bixie.store.blobs import DiskBlobs

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
ORDER = {"number": "4012345678901234567"}


@pytest.fixture
def merchants(store, tenant, port):
    """Two merchants of our tenant: id of the party, and a client with a key of it."""
    with writing(store, program(tenant)) as session:
        parties = [add_party(session, PartyKind.MERCHANT, name=name).id for name in ("甲店", "乙店")]
    return [(party, Client(port, new_key(store, tenant[0], Role.API_KEY, party=party))) for party in parties]


@pytest.fixture
def do_jobs(store, location):
    """Return a function that does every job that waits."""

    def do():
        with store.reading(Session) as session:
            jobs = work.page(session, tenant=None, states=[State.WAITING], after=None, limit=100)
        for job in jobs:
            types = by_name(job_types(store, location))
            run_job(store, types, job.id, job.run, clock=utc_now, jitter=lambda: 0.0)

    return do


def program(tenant):
    return Principal(tenant[0], "program_test", Role.PROGRAM)


def give(client, name, role):
    data = (EXAMPLES / name).read_bytes()
    return client.upload("/api/v1/exhibits", data, fields={"order": ORDER["number"], "role": role}).json()


def test_two_merchants_have_orders_of_the_same_number_and_see_their_own(merchants, ours):
    (first, one), (second, other) = merchants
    made = [client.post("/api/v1/orders", ORDER) for client in (one, other)]
    assert [answer.status for answer in made] == [201, 201]
    assert [answer.json()["party"] for answer in made] == [first, second]
    for client, answer in zip((one, other), made, strict=True):
        assert client.get("/api/v1/orders").json()["items"] == [answer.json()]
    assert len(ours.get("/api/v1/orders").json()["items"]) == 2
    assert other.get(f"/api/v1/orders/{made[0].json()['id']}").code == "orders.no_such_order"


def test_the_platform_names_the_merchant_whose_order_it_is(merchants, ours):
    (party, merchant), _ = merchants
    answer = ours.post(f"/api/v1/orders?party={party}", ORDER)
    assert (answer.status, answer.json()["party"]) == (201, party)
    assert merchant.post("/api/v1/orders", ORDER).json()["id"] == answer.json()["id"]
    assert ours.post("/api/v1/orders", ORDER).json()["party"] is None
    exhibit = ours.upload(f"/api/v1/exhibits?party={party}", picture(), fields={"order": "1"}).json()
    assert merchant.get(f"/api/v1/exhibits/{exhibit['id']}").json()["party"] == party


def test_nobody_names_a_merchant_that_is_not_there_or_another(merchants, ours, theirs, store, tenant):
    (first, one), (second, _) = merchants
    with writing(store, program(tenant)) as session:
        buyer = add_party(session, PartyKind.BUYER, name="买家").id
    for client, party in ((one, second), (theirs, first), (ours, buyer), (ours, "x"), (ours, "")):
        answer = client.post(f"/api/v1/orders?party={party}", ORDER)
        assert (answer.status, answer.code) == (404, "access.no_such_party")
        answer = client.upload(f"/api/v1/exhibits?party={party}", picture(), fields={"order": "1"})
        assert (answer.status, answer.code) == (404, "access.no_such_party")


def test_a_merchants_evidence_is_not_there_for_another(merchants, ours, do_jobs):
    (_, one), (_, other) = merchants
    exhibit = give(one, "claim.jpg", "claim")
    do_jobs()
    (report,) = one.get("/api/v1/reports").json()["items"]
    upload = address(one, 10)
    for path in (
        f"exhibits/{exhibit['id']}",
        f"exhibits/{exhibit['id']}/content",
        f"exhibits/{report['document']}/content",
        f"reports/{report['id']}",
        f"reports/{report['id']}/document",
        upload.removeprefix("/api/v1/"),
    ):
        version = {"Tus_Resumable": "1.0.0"}
        assert one.get(f"/api/v1/{path}", **version).status == 200
        assert ours.get(f"/api/v1/{path}", **version).status == 200
        assert other.get(f"/api/v1/{path}", **version).status == 404
    for path in ("exhibits", "reports"):
        assert other.get(f"/api/v1/{path}").json()["items"] == []


def test_a_claim_is_held_against_its_own_merchants_pictures_only(merchants, do_jobs):
    (_, one), (_, other) = merchants
    give(other, "listing.jpg", "listing")
    give(one, "claim.jpg", "claim")
    do_jobs()
    assert one.get("/api/v1/reports").json()["items"][0]["verdict"] != "refuted"
    give(other, "claim.jpg", "claim")
    do_jobs()
    assert other.get("/api/v1/reports").json()["items"][0]["verdict"] == "refuted"


def test_webhooks_of_a_merchant_are_told_of_its_own(merchants, do_jobs, ours, store, tenant, port):
    (party, one), (_, other) = merchants
    admin = Client(port, new_key(store, tenant[0], Role.ADMIN, party=party))
    hook = admin.post("/api/v1/webhooks", {"url": "https://shop.example/hook"}).json()
    give(other, "claim.jpg", "claim")
    exhibit = give(one, "claim.jpg", "claim")
    do_jobs()
    with reading(store, program(tenant)) as session:
        delivery = session.scalars(select(Delivery)).one()
    assert (delivery.target, delivery.content["data"]["exhibit"]) == (hook["id"], exhibit["id"])


def test_what_concerns_everybody_is_the_platforms(merchants):
    (_, one), _ = merchants
    for method, path, given in (
        ("GET", "ledger/events", None),
        ("POST", "ledger/checkpoints", {}),
        ("GET", "holds", None),
        ("GET", "retention", None),
    ):
        answer = one.call(method, f"/api/v1/{path}", json=given)
        assert (answer.status, answer.code) == (403, "access.not_for_a_party")


def test_a_merchants_session_writes_its_own_rows_only(merchants, store, tenant):
    (first, _), (second, _) = merchants
    principal = Principal(tenant[0], "key_test", Role.API_KEY, first)

    def order(party):
        now = utc_now()
        return Order(id=f"order_{party}", tenant=tenant[0], party=party, number="7", imported_at=now)

    for party in (second, ""):
        with pytest.raises(UnscopedError), writing(store, principal) as session:
            session.add(order(party))
    with writing(store, principal) as session:
        session.add(own := order(first))
        append(session, [NewEvent("order.added", own.id, rows=(own,))])


def test_bytes_that_are_erased_for_another_meanwhile_are_asked_for_again(merchants, ours, monkeypatch):
    """Whose exhibit was erased does not matter: a merchant's row never stands without its bytes."""
    (_, one), _ = merchants
    first = ours.exhibit(picture()).json()["id"]
    keep = DiskBlobs.keep

    def keep_and_lose(self, space, received):
        keep(self, space, received)
        monkeypatch.undo()
        assert ours.call("DELETE", f"/api/v1/exhibits/{first}?reason=mistake").status == 204

    monkeypatch.setattr(DiskBlobs, "keep", keep_and_lose)
    answer = one.exhibit(picture())
    assert answer.status == 503
    again = one.exhibit(picture())
    assert again.status == 201
    assert one.get(f"/api/v1/exhibits/{again.json()['id']}/content").body == picture()


def test_a_hold_of_the_platforms_on_an_order_holds_what_any_merchant_has(merchants, ours):
    (party, one), (_, other) = merchants
    theirs = [client.exhibit(picture()).json()["id"] for client in (one, other)]
    made = ours.post("/api/v1/holds", {"order": "1", "reason": "诉讼"}).json()
    held = made["id"]
    assert made["covers"] > 0
    assert ours.post("/api/v1/holds", {"order": "nobody's", "reason": "诉讼"}).json()["covers"] == 0
    for exhibit in theirs:
        assert ours.call("DELETE", f"/api/v1/exhibits/{exhibit}?reason=request").code == "vault.held"
    ours.call("DELETE", f"/api/v1/holds/{held}")
    ours.post(f"/api/v1/holds?party={party}", {"order": "1", "reason": "诉讼"})
    answers = [ours.call("DELETE", f"/api/v1/exhibits/{exhibit}?reason=request").status for exhibit in theirs]
    assert answers == [409, 204]
