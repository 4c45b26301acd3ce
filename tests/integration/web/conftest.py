"""A service on each database, with two tenants who know nothing of each other."""

import pytest
from tests.integration.web.service import Client, new_tenant, serving

from bixie.imaging.limits import Limits
from bixie.store.blobs import DiskBlobs
from bixie.web.services import Services


@pytest.fixture
def blobs(location):
    return DiskBlobs(location.folder / "blobs")


@pytest.fixture
def port(store, blobs):
    with serving(Services(store, blobs, Limits(file_bytes=2_000_000, video_bytes=3_000_000))) as port:
        yield port


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
