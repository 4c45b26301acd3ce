"""Receivers that answer too much, too slowly, nonsense, or under another's name."""

import ssl
import time

import pytest
from tests.integration.notices.servers import certificate, dripping_server, receiver, silent_server

from bixie.notices.endpoints import Endpoint, parsed
from bixie.notices.errors import SendingError
from bixie.notices.posting import post


@pytest.fixture
def hook():
    with receiver() as got:
        yield got


def send(place, **more):
    return post(place, b"{}", {"Content-Type": "application/json"}, allow_private=True, **more)


def test_of_a_long_answer_only_the_beginning_is_read(hook):
    hook.answers = [(200, {}, b"x" * 1_000_000)]
    assert len(send(parsed(hook.url)).body) == 64 * 1024


def test_a_server_that_says_nothing_does_not_hold_a_worker():
    with silent_server() as port, pytest.raises(SendingError) as caught:
        send(Endpoint(False, "127.0.0.1", port, "/"), seconds=0.2)
    assert (caught.value.code, caught.value.final) == ("notices.no_answer", False)


DRIPS = 400
"""Letters, one each 50 ms: the socket's own time-out starts anew with each, and would wait for all."""


def test_a_server_that_drips_its_answer_does_not_hold_a_worker_either(hook):
    def drip():
        time.sleep(0.05)
        return b"x"

    hook.answers = [(200, {"Content-Length": "5000"}, [drip] * DRIPS)]
    answer = send(parsed(hook.url), seconds=2.0)  # room for a busy machine to send its status
    assert answer.status == 200
    assert len(answer.body) < DRIPS // 2


@pytest.mark.parametrize(
    ("begin", "secure"),
    [(b"HTTP/1.", False), (b"\x16\x03\x03\x40\x00\x02", True)],
    ids=["status", "greeting"],
)
def test_nor_one_that_drips_its_status_or_the_greeting_of_tls(begin, secure):
    with dripping_server(begin, DRIPS) as (port, sent):
        with pytest.raises(SendingError, match="no_answer"):
            send(Endpoint(secure, "127.0.0.1", port, "/"), seconds=0.3)
        assert len(sent) < DRIPS // 2


def test_what_answers_something_else_than_http_is_no_answer(hook):
    hook.answers = [(200, {"X-Long": "y" * 100_000}, b"")]
    with pytest.raises(SendingError, match="no_answer"):
        send(parsed(hook.url))


def test_over_tls_the_certificate_must_be_that_of_the_name(tmp_path):
    path, context = certificate(tmp_path, "shop.example.com")
    trusting = ssl.create_default_context(cafile=str(path))
    with receiver(context) as got:
        port = parsed(got.url).port

        def to(host, context):
            return send(
                Endpoint(True, host, port, "/hook"), resolver=lambda *_: ["127.0.0.1"], context=context
            )

        assert to("shop.example.com", trusting).status == 204
        with pytest.raises(SendingError, match="no_answer"):
            to("other.example.com", trusting)
        with pytest.raises(SendingError, match="no_answer"):
            to("shop.example.com", None)
        assert len(got.got) == 1
