"""Servers whose clocks disagree: nothing is lost or doubled, and nothing that was good is over too soon."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.integration.web.service import Client, new_tenant, picture, serving
from tests.integration.web.uploads import address, sent

from bixie.access.tenancy import reading_every_tenant
from bixie.imaging.limits import Limits
from bixie.ledger.verification import verify
from bixie.web.services import Services

OFFSETS = [timedelta(), timedelta(hours=-3), timedelta(days=2), timedelta(minutes=-1)]


@pytest.fixture
def servers(store, blobs):
    """A client with one key at each of several servers, by offset of their clocks."""
    key = new_tenant(store)[1]
    opened = [
        serving(Services(store, blobs, Limits(), clock=lambda offset=offset: datetime.now(UTC) + offset))
        for offset in OFFSETS
    ]
    yield [Client(one.__enter__(), key) for one in opened]
    for one in opened:
        one.__exit__(None, None, None)


def test_a_create_is_answered_as_the_first_time_whatever_a_server_takes_the_time_for(servers):
    answers = [client.post("/api/v1/orders", {"number": "7"}, Idempotency_Key="7") for client in servers]
    assert [answer.status for answer in answers] == [201] * len(servers)
    assert len({answer.body for answer in answers}) == 1


def test_events_stand_in_the_order_in_which_they_came_and_hold(servers, store):
    for number, client in enumerate(servers * 2):
        assert client.exhibit(picture((number, 0, 0))).status == 201
        assert client.post("/api/v1/ledger/checkpoints").status == 201
    for client in servers:
        page = client.get("/api/v1/ledger/events?type=exhibit.received&limit=200").json()
        assert [one["sequence"] for one in page["items"]] == sorted(one["sequence"] for one in page["items"])
        assert len(page["items"]) == 2 * len(servers)
        assert client.post("/api/v1/ledger/proofs", {"sequence": 3}).status == 201
    with reading_every_tenant(store) as session:
        verify(session)


def test_lists_go_through_to_their_end(servers):
    for number, client in enumerate(servers * 2):
        client.post("/api/v1/orders", {"number": str(number)})
    seen, cursor = [], ""
    while cursor is not None:
        page = servers[len(seen) % len(servers)].get(f"/api/v1/orders?limit=3{cursor}").json()
        seen += [one["number"] for one in page["items"]]
        cursor = page["next"] and f"&cursor={page['next']}"
    assert sorted(seen) == [str(number) for number in range(2 * len(servers))]


CREATES = {
    "orders": lambda client, number: client.post("/api/v1/orders", {"number": f"{number}"}),
    "exhibits": lambda client, number: client.exhibit(picture((number, 0, 0))),
    "keys": lambda client, number: client.post("/api/v1/keys", {"label": f"{number}", "role": "api_key"}),
    "holds": lambda client, number: client.post("/api/v1/holds", {"order": f"{number}", "reason": "court"}),
    "webhooks": lambda client, number: client.post("/api/v1/webhooks", {"url": f"https://{number}.example"}),
}


def test_a_reader_with_a_cursor_misses_nothing_that_a_clock_behind_makes_later(servers):
    ahead, *behind = sorted(servers, key=lambda client: OFFSETS[servers.index(client)], reverse=True)
    for what, create in CREATES.items():
        made = [create(ahead, number) for number in range(2)]
        seen, cursor = [], ""
        while cursor is not None and len(seen) < 50:
            page = ahead.get(f"/api/v1/{what}?limit=1{cursor}").json()
            seen += [one["id"] for one in page["items"]]
            if made[0].json()["id"] in seen and len(made) == 2:
                made += [create(client, 2 + number) for number, client in enumerate(behind)]
            cursor = page["next"] and f"&cursor={page['next']}"
        assert {answer.status for answer in made} == {201}
        assert seen[-len(made) :] == [answer.json()["id"] for answer in made], what


def test_an_upload_goes_on_at_a_server_that_is_behind(servers):
    data = picture()
    place = address(servers[0], len(data))
    assert sent(servers[0], place, data[:20], 0).status == 204
    assert sent(servers[1], place, data[20:], 20).status == 204
    assert servers[1].get(place).json()["exhibit"]
