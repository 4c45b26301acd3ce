"""``/api/v1/orders/with-files`` through a real server: an order and its files, all of it or nothing."""

import json

from tests.integration.web.service import picture

PATH = "/api/v1/orders/with-files"
ORDER = json.dumps({"number": "4012345678901234567", "items": [{"name": "杯子", "price": "39.00"}]})
BOUNDARY = "0123456789boundary"


def send(client, order, files, **headers):
    """Send a form; `files` are names of fields and bytes."""
    parts = [("order", order.encode(), "")] + [
        (name, data, f'; filename="{n}.png"') for n, (name, data) in enumerate(files)
    ]
    body = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
        + data
        + b"\r\n"
        for name, data, file in parts
    )
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    return client.call(
        "POST", PATH, body + f"--{BOUNDARY}--\r\n".encode(), Content_Type=content_type, **headers
    )


def test_an_order_comes_with_listing_pictures_and_packing_evidence(ours):
    files = [("listing", picture()), ("listing", picture((9, 9, 9))), ("packing", picture())]
    answer = send(ours, ORDER, files)
    assert answer.status == 201
    made = answer.json()
    assert made["number"] == "4012345678901234567"
    assert [one["state"] for one in made["exhibits"]] == ["kept"] * 3
    listed = ours.get(f"/api/v1/exhibits?order={made['number']}").json()["items"]
    assert listed == made["exhibits"]
    events = ours.get("/api/v1/ledger/events?type=exhibit.received").json()["items"]
    assert [one["data"]["role"] for one in events] == ["listing", "listing", "packing"]


def test_an_order_without_files_is_an_order(ours):
    answer = send(ours, ORDER, [])
    assert (answer.status, answer.json()["exhibits"]) == (201, [])


def test_one_file_that_cannot_be_taken_takes_the_order_with_it(ours):
    answer = send(ours, ORDER, [("listing", picture()), ("packing", b"hello")])
    assert (answer.status, answer.code) == (422, "imaging.unknown_format")
    for path in ("/api/v1/orders", "/api/v1/exhibits", "/api/v1/ledger/events?type=order.added"):
        assert ours.get(path).json()["items"] == []


def test_what_is_wrong_with_the_order_is_named_by_its_field(ours):
    number = "body.order.number"
    for order, field in (('{"number": 7}', number), ("[", "body.order"), ("{}", number)):
        answer = send(ours, order, [("listing", picture())])
        assert (answer.status, answer.code) == (422, "web.invalid")
        assert answer.json()["fields"][0]["field"] == field
    answer = send(ours, '{"number": "1", "items": [{"price": "-1"}]}', [])
    assert (answer.status, answer.code) == (422, "orders.faulty")


def test_the_same_call_again_is_answered_as_the_first_time(ours):
    files = [("listing", picture())]
    first, again = (send(ours, ORDER, files, Idempotency_Key="order-1") for _ in range(2))
    assert first.json() == again.json()
    assert len(ours.get("/api/v1/exhibits").json()["items"]) == 1
    for changed in ([("packing", picture())], [("listing", picture((8, 8, 8)))], []):
        answer = send(ours, ORDER, changed, Idempotency_Key="order-1")
        assert (answer.status, answer.code) == (409, "access.reused_idempotency_key")
