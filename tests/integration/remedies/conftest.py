"""A shop on each database, whose ledger holds whatever a test did."""

import pytest
from tests.integration.remedies.shop import RecordingGateway, SetClock, Shop

from bixie.access.tenancy import reading_every_tenant
from bixie.ledger.verification import verify


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def gateway():
    return RecordingGateway()


@pytest.fixture
def shop(store, clock, gateway):
    yield Shop(store, clock, gateway)
    with reading_every_tenant(store) as session:
        verify(session)
