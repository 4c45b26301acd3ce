"""What every answer has in common."""

import json
import logging
import socket
import time
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from tests.integration.web.conftest import LIMITS
from tests.integration.web.service import Client, Lines, picture, serving
from tests.sweeps import by_repr, check_each

from bixie.jobs.heartbeat import beat
from bixie.jobs.service import enqueue
from bixie.kit.timestamps import format_timestamp, utc_now
from bixie.web.logs import JsonLines
from bixie.web.response_middleware import HEADERS
from bixie.web.services import Services


@pytest.fixture
def port(store, blobs):
    """A server of its own: what it counts and notes is this test's."""
    with serving(Services(store, blobs, LIMITS)) as port:
        yield port


def test_the_service_says_that_it_is_there_and_ready(nobody):
    assert nobody.get("/healthz").json() == {"status": "ok"}
    ready = nobody.get("/readyz").json()
    assert ready == {"status": "ready", "workers": {"last_seen": None, "alive": 0}}


def test_it_says_when_a_worker_was_last_seen_and_what_waits(nobody, store):
    def metrics():
        lines = nobody.get("/metrics").body.decode().splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    long_ago = utc_now() - timedelta(minutes=5)
    beat(store, 1, lambda: long_ago)
    with store.writing(Session) as session:
        enqueue(session, "examination", {}, tenant="tenant_1", due=long_ago)
        enqueue(session, "examination", {}, tenant="tenant_1", due=utc_now() + timedelta(hours=1))
    seen = nobody.get("/readyz").json()["workers"]
    assert seen == {"last_seen": format_timestamp(long_ago), "alive": 0}
    told = metrics()
    assert told['bixie_jobs{kind="examination",state="waiting"}'] == "2.0"
    assert float(told['bixie_jobs_oldest_waiting_seconds{kind="examination"}']) >= 300
    assert told["bixie_workers_alive"] == "0.0"

    beat(store, 2, utc_now)
    assert nobody.get("/readyz").json()["workers"]["alive"] == 1
    beat(store, 2, utc_now, is_running=False)
    assert metrics()["bixie_workers_alive"] == "0.0"


def test_it_describes_itself_in_openapi_3_1(nobody):
    document = nobody.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/orders" in document["paths"]
    assert document["security"] == [{"key": []}]


REFUSALS = [
    ("GET", "/nowhere", 404, "web.no_such_page"),
    ("GET", "/api/v1/nowhere", 401, "access.no_key"),
    ("GET", "/api/v1/orders", 401, "access.no_key"),
    ("DELETE", "/healthz", 405, "web.method_not_allowed"),
]


def test_a_refusal_is_a_problem_document(nobody):
    def check(case):
        method, path, status, code = case
        answer = nobody.call(method, path)
        assert (answer.status, answer.code) == (status, code)
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        assert answer.json()["zh"]

    check_each(by_repr(REFUSALS), check)


def test_a_refusal_is_told_in_the_language_of_the_caller(nobody):
    answer = nobody.get("/nowhere", Accept_Language="zh-CN,zh;q=0.9,en;q=0.8").json()
    assert answer["detail"] == answer["zh"] == "这个地址没有内容。"
    assert nobody.get("/nowhere").json()["detail"] == answer["en"]


def test_who_shows_no_good_key_is_told_how(ours, port):
    for key in ("nonsense", ours.key[:-1] + ("A" if ours.key[-1] != "A" else "B")):
        answer = Client(port, key).get("/api/v1/orders")
        assert (answer.status, answer.code) == (401, "identity.key_unknown")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert Client(port).get("/api/v1/orders", Authorization="Basic YTpi").code == "access.no_key"


def test_every_answer_has_the_security_headers_and_names_no_server(ours, nobody):
    exhibit = ours.exhibit(picture()).json()["id"]
    answers = [
        nobody.get("/healthz"),
        nobody.get("/metrics"),
        nobody.get("/api/openapi.json"),
        nobody.get("/nowhere"),
        nobody.get("/api/v1/orders"),
        ours.get("/api/v1/orders"),
        ours.post("/api/v1/orders", {"wrong": 1}),
        ours.get(f"/api/v1/exhibits/{exhibit}/content"),
        ours.call("POST", "/api/v1/orders", b"x" * 1_100_000),
    ]
    assert [answer.status for answer in answers] == [200, 200, 200, 404, 401, 200, 422, 200, 413]
    for answer in answers:
        assert {name: answer.headers.get(name.lower()) for name in HEADERS} == HEADERS
        assert "server" not in answer.headers


def test_fields_that_are_wrong_are_named_and_not_repeated(ours):
    answer = ours.post("/api/v1/orders", {"number": 6912345678901234567, "secret": "13800138000"})
    assert (answer.status, answer.code) == (422, "web.invalid")
    named = {one["field"]: one["code"] for one in answer.json()["fields"]}
    assert named["body.OrderIn.number"] == "string_type"
    assert "13800138000" not in answer.body.decode()
    assert "6912345678901234567" not in answer.body.decode()


def test_a_body_that_is_too_large_is_refused_before_and_while_it_is_read(ours, port):
    answer = ours.call("POST", "/api/v1/orders", b" " * 1_100_000)
    assert (answer.status, answer.code) == (413, "web.too_large")
    chunks = iter([b" " * 600_000] * 3)
    answer = ours.call("POST", "/api/v1/orders", chunks, Content_Type="application/json")
    assert (answer.status, answer.code) == (413, "web.too_large")
    # Said to be large, never sent: nobody waits for it.
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        raw.sendall(b"POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")
        assert raw.recv(12) == b"HTTP/1.1 413"


def test_what_nobody_foresaw_is_told_without_its_reason(ours, monkeypatch):
    def broken(*_):
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("bixie.orders.repository.page", broken)
    lines = noted()
    answer = ours.get("/api/v1/orders")
    assert (answer.status, answer.code) == (500, "web.internal")
    assert b"hunter2" not in answer.body
    assert answer.headers["x-content-type-options"] == "nosniff"
    until(lambda: len(lines.lines) > 1)
    assert not any("hunter2" in line for line in lines.lines)
    failed = [json.loads(line) for line in lines.lines if "RuntimeError" in line]
    assert failed[0]["request_id"] == answer.headers["x-request-id"]
    assert any("broken" in place for place in failed[0]["at"])


def test_the_log_has_one_line_for_a_request_and_nothing_personal_in_it(ours):
    lines = noted()
    ours.get("/api/v1/orders?number=13800138000", User_Agent="someone")
    ours.get("/api/v1/exhibits/13800138000")
    ours.get("/13800138000")
    until(lambda: len(lines.lines) == 3)
    found = [json.loads(line) for line in lines.lines]
    assert [one["route"] for one in found] == [
        "/api/v1/orders",
        "/api/v1/exhibits/{exhibit_id}",
        "unmatched",
    ]
    assert [one["status"] for one in found] == [200, 404, 404]
    for word in ("13800138000", "someone", ours.key):
        assert not any(word in line for line in lines.lines)


def test_the_metrics_count_by_pattern_and_name_no_tenant(ours, nobody, tenant):
    ours.get("/api/v1/exhibits/13800138000")
    ours.call("WEIRD", "/nowhere")
    wanted = 'bixie_http_requests_total{method="GET",route="/api/v1/exhibits/{exhibit_id}",status="404"} 1.0'
    until(lambda: wanted in nobody.get("/metrics").body.decode())
    until(lambda: 'route="unmatched"' in nobody.get("/metrics").body.decode())
    text = nobody.get("/metrics").body.decode()
    assert 'method="other",route="unmatched"' in text
    assert "13800138000" not in text
    assert tenant[0] not in text


def until(true):
    """Wait for what the service does after its answer has gone out."""
    give_up = time.monotonic() + 30
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def noted():
    logger = logging.getLogger("bixie.web")
    logger.setLevel(logging.INFO)
    handler = Lines(JsonLines())
    logger.handlers = [handler]
    return handler
