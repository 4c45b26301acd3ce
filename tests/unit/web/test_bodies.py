"""How large a body may be is said by its endpoint."""

import asyncio
import json

import pytest
from fastapi import APIRouter

from bixie.access.body_limit import DEFAULT_BYTES, body_limit
from bixie.imaging.limits import Limits
from bixie.web.bodies import BodyLimitMiddleware

router = APIRouter(prefix="/things")


@router.get("/{thing_id}")
def get_thing(thing_id: str) -> str:
    return thing_id


@router.patch("/{thing_id}")
@body_limit(lambda limits: limits.file_bytes)
def change_thing(thing_id: str) -> str:
    return thing_id


@router.post("/small")
@body_limit(lambda _: 10)
def add_small() -> None:
    pass


def status(path, size):
    """Return the status of a request that declares a body of that size."""
    sent = []

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.append(message)

    middleware = BodyLimitMiddleware(app, [router], Limits(file_bytes=5_000_000))
    scope = {
        "type": "http",
        "path": path,
        "headers": [(b"content-length", str(size).encode())],
        "state": {"request_id": "request_1"},
    }
    asyncio.run(middleware(scope, None, send))
    if sent[0]["status"] != 200:
        assert json.loads(sent[1]["body"])["code"] == "web.too_large"
    return sent[0]["status"]


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/things/thing_1", 5_000_000),
        ("/things/small", 5_000_000),  # it is also the path of a thing
        ("/things/thing_1/parts", DEFAULT_BYTES),
        ("/elsewhere", DEFAULT_BYTES),
    ],
)
def test_a_body_may_be_as_large_as_an_endpoint_of_its_path_states(path, limit):
    assert status(path, limit) == 200
    assert status(path, limit + 1) == 413


def test_a_length_that_is_no_number_is_too_large():
    assert status("/elsewhere", "many") == 413
