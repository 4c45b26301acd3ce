"""News of a case arrive at a page that is open, each side's only, and no stream is without end."""

import asyncio
import http.client
import time
from contextlib import contextmanager

import pytest
from tests.integration.cases.test_links import case_link, filed
from tests.integration.web.browsing import Browser, person

from bixie.access.principal import Role
from bixie.web import live as live_module


@contextmanager
def stream(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        yield connection.getresponse()
    finally:
        connection.close()


def next_line(response, beginning):
    while line := response.readline().decode():
        if line.startswith(beginning):
            return line.strip()
    return None


@pytest.fixture
def ended_streams(port, monkeypatch):
    """Waits until the server has ended the streams: until then they read the store, which is closed next."""
    begin, begun_by = live_module.Live._stream, []

    def begin_and_note(self, *watched):
        begun_by.append(self)
        return begin(self, *watched)

    monkeypatch.setattr(live_module.Live, "_stream", begin_and_note)
    yield
    until = time.monotonic() + 30
    while any(live._open.total() for live in begun_by):
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def case(shop, platform, ended_streams):
    return filed(platform, shop)


@pytest.fixture
def link(platform, case):
    return case_link(platform, case)["path"]


def message(client, case, text, audience="all", side=""):
    answer = client.post(f"/api/v1/cases/{case}/messages{side}", json={"text": text, "audience": audience})
    assert answer.status == 201, answer.body
    return answer.json()


def test_news_reach_the_buyer_s_page(port, case, link, merchant):
    with stream(port, f"{link}/live?seen=1") as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert next_line(response, "retry") == "retry: 3000"
        seen = len(message(merchant, case, "收到了，我们看一下")["thread"])
        assert next_line(response, "data") == f"data: {seen}"


def test_what_came_before_the_page_asked_is_news_as_well(port, case, link, merchant):
    message(merchant, case, "收到了，我们看一下")
    with stream(port, f"{link}/live?seen=1") as response:
        assert next_line(response, "data") == "data: 2"


def test_what_a_side_may_not_see_is_no_news_to_it(port, case, link, platform):
    message(platform, case, "内部备注", audience="platform")
    message(platform, case, "给商家", audience="merchant")
    with stream(port, f"{link}/live?seen=0") as response:
        assert next_line(response, "data") == "data: 1"


def test_staff_watch_with_their_session_and_only_what_is_theirs(shop, port, case):
    person(shop.store, shop.tenant, "reviewer", Role.REVIEWER)
    browser = Browser(port)
    browser.sign_in(login="reviewer")
    cookie = {"Cookie": browser._cookie()}
    with stream(port, f"/live?case={case}&seen=0", **cookie) as response:
        assert next_line(response, "data") == "data: 1"
    assert browser.get(f"/live?case={case}x&seen=0").status == 404
    assert Browser(port).get(f"/live?case={case}&seen=0").status == 401


def test_one_visitor_has_few_streams_at_once(port, link):
    opened = []
    try:
        for _ in range(live_module._AT_ONCE_OF_ONE):
            opened.append(stream(port, f"{link}/live?seen=1"))
            assert next_line(opened[-1].__enter__(), "retry")
        with stream(port, f"{link}/live?seen=1") as response:
            assert response.status == 429
    finally:
        for one in opened:
            one.__exit__(None, None, None)


def test_a_server_that_stops_ends_its_streams():
    live = live_module.Live(poll_seconds=3600)

    async def run():
        watched = type("Watched", (), {"seen": 0, "last_event": lambda _: 1, "entries": lambda _: 1})()
        lines = live._stream("buyer", watched)
        assert [await anext(lines), await anext(lines)] == ["retry: 3000\n\n", "event: news\ndata: 1\n\n"]
        live.stop()
        assert [one async for one in lines] == []

    asyncio.run(run())
    assert live._open.total() == 0
