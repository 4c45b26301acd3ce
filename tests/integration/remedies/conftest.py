"""A shop of its own for each test, in one store for each module and database; the ledgers hold at the end."""

import itertools

import pytest
from tests.integration.conftest import DATABASES, connect_compiled, placed
from tests.integration.remedies.shop import RecordingGateway, SetClock, Shop

from bixie.access.tenancy import reading_every_tenant
from bixie.ledger.verification import verify
from bixie.store.unit_of_work import Store

_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=DATABASES)
def location(request, tmp_path_factory):
    with placed(request, request.param, tmp_path_factory.mktemp("remedies") / "data", migrated=True) as place:
        yield place


@pytest.fixture(scope="module")
def store(location):
    opened = Store(connect_compiled(location.url))
    yield opened
    with reading_every_tenant(opened) as session:
        verify(session)
    opened.close()


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def gateway():
    return RecordingGateway()


@pytest.fixture
def shop(store, clock, gateway):
    return Shop(store, clock, gateway, f"tenant_{next(_numbers)}")
