"""Clients that are silent, slow or too many, against a real server with real sockets."""

import json
import socket
import threading
import time
from contextlib import ExitStack, closing, contextmanager

import pytest
from tests.integration.web.service import Lines

from bixie.assembly.connection_limits import ConnectionLimits
from bixie.assembly.server import build_server, listen
from bixie.web import logs

SOON = ConnectionLimits(count=100, header_seconds=0.3, idle_seconds=1, stalled_seconds=1, stalled_bytes=1000)
LARGE = 30_000_000  # more than the buffers of both ends hold
BUSY = threading.Event()


async def application(scope, receive, send):
    """Answer with the size of the body; `/large` with much, `/ignore` before it reads anything."""
    size, more = 0, scope["path"] != "/ignore"
    if scope["path"] == "/busy":
        BUSY.set()
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        more = message["more_body"]
    body = bytes(LARGE) if scope["path"] == "/large" else str(size).encode()
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def serving(limits):
    """Run a server in a thread; yield its port."""
    with listen("127.0.0.1", "0") as listener:
        port = listener.getsockname()[1]
        server = build_server(application, shutdown_seconds=1, limits=limits)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def port():
    with serving(SOON) as port:
        yield port


@pytest.fixture
def lines():
    found = Lines(logs.JsonLines())
    logs.log.addHandler(found)
    yield found.lines
    logs.log.removeHandler(found)


def connected(port, sent=b""):
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    client.sendall(sent)
    return closing(client)


def all_of(client):
    """Return what comes until the server closes."""
    data = b""
    try:
        while part := client.recv(65_536):
            data += part
    except ConnectionResetError:
        data += b" and reset"
    return data


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"HTTP/1.1 408 "),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 200 "),  # and silent afterwards
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT", b"HTTP/1.1 200 "),  # the next one never comes
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab", b""),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b""),
        (b"POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nab", b"HTTP/1.1 200 "),
    ],
)
def test_a_client_that_says_nothing_more_is_closed(port, sent, answer):
    with connected(port, sent) as client:
        found = all_of(client)
    assert found.startswith(answer)
    assert bool(found) == bool(answer)


def trickle(client, piece):
    """Send a piece again and again for ten times as long as any limit allows, or until the server closes."""
    for _ in range(200):
        try:
            client.sendall(piece)
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"GET / HTTP/1.1\r\n", b"X: y\r\n"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"y"),
        (b"POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"y"),
    ],
    ids=["header", "body", "body that nobody reads"],
)
def test_a_client_that_trickles_is_closed(port, head, piece):
    with connected(port, head) as client:
        assert trickle(client, piece)


def test_a_slow_upload_that_goes_on_is_answered(port):
    """It takes several times as long as a stalled one is given."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 12000\r\n\r\n"
    with connected(port, head) as client:
        for _ in range(12):
            time.sleep(0.2)
            client.sendall(bytes(1000))
        assert all_of(client).endswith(b"12000")


def test_a_client_that_does_not_take_its_response_is_closed(port):
    with connected(port) as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(2.5)
        assert len(all_of(client)) < LARGE


def test_a_client_that_takes_its_response_slowly_gets_it_all(port):
    with connected(port, b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as client:
        got = 0
        for _ in range(8):
            time.sleep(0.25)
            while got < LARGE and (part := client.recv(500_000)):
                got += len(part)
                if got % 4_000_000 < len(part):
                    break
        assert got + len(all_of(client)) > LARGE


def test_one_connection_too_many_takes_the_place_of_the_oldest_that_waits(lines):
    with serving(ConnectionLimits(count=3, header_seconds=20)) as port, ExitStack() as held:
        idle = [held.enter_context(connected(port)) for _ in range(9)]
        for _ in range(3):
            with connected(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as client:
                assert b" 200 OK" in all_of(client)
        assert [all_of(client) for client in idle[:6]] == [b""] * 6
    assert len([line for line in lines if "too_many_connections" in line]) == 1


def test_where_all_have_a_request_in_work_one_more_is_answered_with_503(lines):
    head = b"POST /busy HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
    with serving(ConnectionLimits(count=2)) as port, ExitStack() as held:
        busy = []
        for _ in range(2):
            BUSY.clear()
            busy.append(held.enter_context(connected(port, head)))
            assert BUSY.wait(10)
        with connected(port, b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: zh\r\n\r\n") as client:
            found, _, body = all_of(client).partition(b"\r\n\r\n")
        assert found.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 5" in found.lower()
        assert json.loads(body)["code"] == "web.unavailable"
        for client in busy:
            client.sendall(b"hello")
            assert client.recv(9999).startswith(b"HTTP/1.1 200 ")
    assert len([line for line in lines if "too_many_connections" in line]) == 1
