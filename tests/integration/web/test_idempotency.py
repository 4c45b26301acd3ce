"""A create that is sent twice happens once."""

import threading
from datetime import timedelta

import pytest
from tests.integration.web.service import Client, new_key, picture, serving
from tests.sweeps import by_repr, check_each

from bixie.access.idempotency import KEPT_FOR
from bixie.imaging.limits import Limits
from bixie.kit.timestamps import utc_now
from bixie.web.services import Services

ORDERS, EXHIBITS, KEYS = "/api/v1/orders", "/api/v1/exhibits", "/api/v1/keys"
AGAIN = {"Idempotency_Key": "once-1"}


def events(client):
    return [one["type"] for one in client.get("/api/v1/ledger/events?limit=200").json()["items"]]


@pytest.mark.parametrize("send", ["order", "import", "exhibit", "checkpoint"])
def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(ours, send):
    sends = {
        "order": lambda: ours.post(ORDERS, {"number": "1"}, **AGAIN),
        "import": lambda: ours.upload(f"{ORDERS}/import", "订单号\n1\n".encode(), **AGAIN),
        "exhibit": lambda: ours.exhibit(picture(), **AGAIN),
        "checkpoint": lambda: ours.post("/api/v1/ledger/checkpoints", **AGAIN),
    }
    first = sends[send]()
    assert first.status in {200, 201}
    told = events(ours)
    again = sends[send]()
    assert (again.status, again.body) == (first.status, first.body)
    assert events(ours) == told


def test_the_same_key_with_something_else_is_refused_and_nothing_is_changed(ours):
    ours.post(ORDERS, {"number": "1"}, **AGAIN)
    told = events(ours)
    for answer in (
        ours.post(ORDERS, {"number": "2"}, **AGAIN),
        ours.exhibit(picture(), **AGAIN),
        ours.post("/api/v1/ledger/checkpoints", **AGAIN),
    ):
        assert (answer.status, answer.code) == (409, "access.reused_idempotency_key")
    assert events(ours) == told


def test_other_bytes_or_another_order_are_something_else(ours):
    ours.exhibit(picture(), **AGAIN)
    assert ours.exhibit(picture((9, 9, 9)), **AGAIN).status == 409
    assert ours.exhibit(picture(), order="2", **AGAIN).status == 409


def test_a_refused_request_leaves_its_key_free(ours):
    assert ours.post(ORDERS, {"number": ""}, **AGAIN).status == 422
    assert ours.post(ORDERS, {"number": "1"}, **AGAIN).status == 201


def test_the_key_of_another_tenant_or_caller_is_another_key(ours, theirs, store, tenant, port):
    ours.post(ORDERS, {"number": "1"}, **AGAIN)
    assert theirs.post(ORDERS, {"number": "2"}, **AGAIN).status == 201
    second = Client(port, new_key(store, tenant[0]))
    assert second.post(ORDERS, {"number": "2"}, **AGAIN).status == 201


def test_a_new_key_is_told_once(ours):
    first = ours.post(KEYS, {"role": "clerk", "label": "till"}, **AGAIN)
    again = ours.post(KEYS, {"role": "clerk", "label": "till"}, **AGAIN)
    assert again.json() == first.json() | {"key": None}
    assert len(ours.get(KEYS).json()["items"]) == 2


BAD_KEYS = ["", " ", "a b", "é", "x" * 201]


def test_a_key_that_cannot_be_is_refused(ours):
    def check(key):
        answer = ours.post(ORDERS, {"number": "1"}, Idempotency_Key=key.encode("latin-1"))
        assert (answer.status, answer.code) == (422, "access.bad_idempotency_key")

    check_each(by_repr(BAD_KEYS), check)


def test_requests_at_the_same_time_happen_once(ours):
    answers = []

    def send():
        answers.append(ours.post(ORDERS, {"number": "1"}, **AGAIN))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert events(ours).count("order.added") == 1


def test_an_answer_is_forgotten_after_its_time(store, blobs, tenant):
    now = utc_now()
    clock = {"now": now}
    with serving(Services(store, blobs, Limits(), lambda: clock["now"])) as port:
        client = Client(port, tenant[1])
        client.post(ORDERS, {"number": "1"}, **AGAIN)
        clock["now"] = now + KEPT_FOR + timedelta(seconds=1)
        assert client.post(ORDERS, {"number": "2"}, **AGAIN).status == 201
