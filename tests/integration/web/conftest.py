"""A service on each database, with two tenants who know nothing of each other."""

from types import SimpleNamespace

import pytest
from tests.integration.web.browsing import Browser, person
from tests.integration.web.service import Client, new_tenant, serving

from bixie.access.principal import Role
from bixie.imaging.limits import Limits
from bixie.kit.timestamps import utc_now
from bixie.store.blobs import DiskBlobs

LIMITS = Limits(file_bytes=2_000_000, video_bytes=3_000_000)


@pytest.fixture
def blobs(location):
    return DiskBlobs(location.folder / "blobs")


@pytest.fixture(scope="session")
def server():
    """What a server that lasts as long as the run works with, and its port."""
    services = SimpleNamespace(store=None, blobs=None, limits=LIMITS, clock=utc_now)
    with serving(services) as port:
        yield services, port


@pytest.fixture
def port(server, store, blobs):
    """The server works on this test's store: it keeps nothing in between but its metrics."""
    services, port = server
    services.store, services.blobs = store, blobs
    return port


@pytest.fixture
def tenant(store):
    """Id, admin's key and own party of a merchant."""
    return new_tenant(store)


@pytest.fixture
def ours(port, tenant):
    return Client(port, tenant[1])


@pytest.fixture
def theirs(port, store):
    return Client(port, new_tenant(store, "别家")[1])


@pytest.fixture
def nobody(port):
    return Client(port)


@pytest.fixture
def admin(store, tenant):
    return person(store, tenant[0], "admin", Role.ADMIN)


@pytest.fixture
def browser(port):
    return Browser(port)
