"""A service that works on a test's store with a clock that the test moves."""

from types import SimpleNamespace

import pytest
from tests.integration.cases.walking import Desk, Shop
from tests.integration.web.service import Client, serving

from bixie.access.principal import Role
from bixie.imaging.limits import Limits
from bixie.store.blobs import DiskBlobs


@pytest.fixture
def shop(store):
    return Shop(store)


@pytest.fixture(scope="session")
def case_server():
    shown = SimpleNamespace(clock=None)

    def now():
        return shown.clock()

    services = SimpleNamespace(store=None, blobs=None, limits=Limits(), clock=now)
    with serving(services) as port:
        yield services, shown, port


@pytest.fixture
def port(case_server, store, location, shop):
    services, shown, port = case_server
    services.store, shown.clock = store, shop.clock
    services.blobs = DiskBlobs(location.folder / "blobs")
    return port


@pytest.fixture
def platform(port, shop):
    """The shop's own program: it acts for buyers."""
    return Client(port, shop.key())


@pytest.fixture
def merchant(port, shop):
    return Client(port, shop.key(party=shop.merchant))


@pytest.fixture
def reviewer(port, shop):
    return Client(port, shop.key(Role.REVIEWER))


@pytest.fixture
def second_reviewer(port, shop):
    return Client(port, shop.key(Role.REVIEWER))


@pytest.fixture
def desk(shop, platform, merchant):
    return Desk(shop, platform, merchant)
