"""Remedies posted to a gateway of the operator, which checks signatures and answers this and that."""

import json
from datetime import UTC, datetime

import pytest
from tests.integration.notices.servers import receiver, silent_server
from tests.sweeps import by_repr, check_each
from tests.unit.remedies.orders import made_order

from bixie.kit.errors import SettingError
from bixie.notices import operator_gateway
from bixie.notices.endpoints import parsed
from bixie.notices.remedies import WebRemedyGateway
from bixie.notices.standard_webhooks import verify
from bixie.remedies.errors import GatewayError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


@pytest.fixture
def shop():
    with receiver() as got:
        yield got


def sent(shop, order=None):
    return WebRemedyGateway(parsed(shop.url), SECRET).send(order or made_order(), NOW)


def test_an_order_is_posted_signed_under_its_id_and_key(shop):
    order = made_order()
    shop.answers = [(200, {}, b'{"reference": "4200001234"}')]
    assert sent(shop, order) == ("4200001234", True)
    ((_, headers, body),) = shop.got
    assert verify([SECRET], headers, body, NOW) == order.id
    assert headers["Idempotency-Key"] == order.idempotency_key
    assert body == order.encoded()


def test_the_same_order_again_is_the_same_request(shop):
    order = made_order()
    for _ in range(2):
        sent(shop, order)
    first, again = shop.got
    assert first == again


ACCEPTED = [
    ((200, b""), (None, True)),
    ((202, b""), (None, False)),
    ((204, b""), (None, False)),
    ((409, b""), (None, False)),  # accepted before: whether it was carried out, the shop will say
    ((409, b'{"settled": true, "reference": "R1"}'), ("R1", True)),
    ((200, b'{"settled": false}'), (None, False)),
    ((202, b'{"settled": "yes", "reference": 7}'), (None, False)),
    ((202, b'{"reference": "a\\nb"}'), ("a b", False)),
    ((202, b"<html>"), (None, False)),
    ((202, b"[1]"), (None, False)),
    ((202, b"[" * 20_000), (None, False)),
    ((202, b'{"reference": "' + b"x" * 70_000), (None, False)),
]


def test_what_the_gateway_says_of_an_order_that_it_accepted(shop):
    def check(case):
        (status, body), expected = case
        shop.answers = [(status, {}, body)]
        assert sent(shop) == expected

    check_each(by_repr(ACCEPTED), check)


NOT_ACCEPTED = [
    (400, "remedies.refused", True),
    (404, "remedies.refused", True),
    (401, "remedies.refused", True),
    (408, "remedies.not_accepted", False),
    (425, "remedies.not_accepted", False),
    (429, "remedies.not_accepted", False),
    (302, "remedies.not_accepted", False),
    (500, "remedies.not_accepted", False),
    (503, "remedies.not_accepted", False),
]


def test_an_order_that_was_not_accepted_is_sent_again_or_never(shop):
    def check(case):
        status, code, final = case
        shop.answers = [(status, {"Retry-After": "90", "Location": shop.url}, b"")]
        with pytest.raises(GatewayError) as caught:
            sent(shop)
        error = caught.value
        assert (error.code, error.final, error.retry_after.total_seconds()) == (code, final, 90)

    check_each(by_repr(NOT_ACCEPTED), check)
    assert len(shop.got) == len(NOT_ACCEPTED)  # no redirect was followed


def test_a_gateway_that_does_not_answer_may_have_got_the_order(monkeypatch):
    real = operator_gateway.post
    monkeypatch.setattr(operator_gateway, "post", lambda *given, **more: real(*given, **more, seconds=0.2))
    with silent_server() as port, pytest.raises(GatewayError) as caught:
        WebRemedyGateway(parsed(f"http://127.0.0.1:{port}/"), SECRET).send(made_order(), NOW)
    assert (caught.value.code, caught.value.final) == ("remedies.no_answer", False)


def test_a_gateway_is_read_from_the_environment_and_named_without_its_path():
    def found(url, secret=SECRET):
        return WebRemedyGateway.from_environment({"BIXIE_REMEDY_URL": url, "BIXIE_REMEDY_SECRET": secret})

    assert found("") is None
    assert found("https://shop.example:8443/orders?token=1").name == "https://shop.example:8443"
    with pytest.raises(SettingError, match="not_an_address"):
        found("shop.example")
    with pytest.raises(SettingError, match="missing"):
        found("https://shop.example", "secret")


def test_an_order_says_nothing_of_a_person(shop):
    sent(shop)
    document = json.loads(shop.got[0][2])
    assert sorted(document) == [
        *("amount", "case", "decision", "id", "idempotency_key", "items", "kind", "order", "ordered_at"),
        *("party", "reverses", "schema", "tenant"),
    ]
