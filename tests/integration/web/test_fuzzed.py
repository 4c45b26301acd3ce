"""Whatever the OpenAPI document allows, and much that it does not: no answer is of status 500 or above."""

from contextlib import ExitStack

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from tests.integration.conftest import available_databases, connect_compiled, placed
from tests.integration.web.service import new_tenant, serving

from bixie.imaging.limits import Limits
from bixie.store.blobs import DiskBlobs
from bixie.store.unit_of_work import Store
from bixie.vault.uploads.tus import PART_TYPE
from bixie.web.app import routes_only
from bixie.web.services import Services

SCHEMA = schemathesis.openapi.from_dict(routes_only().openapi())
schemathesis.serializer.alias(PART_TYPE, "application/octet-stream")
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def services(request, tmp_path_factory):
    """Address and key of a service on each database; to make an example costs more than to send it."""
    with ExitStack() as running:

        def start(database):
            folder = tmp_path_factory.mktemp("fuzzed")
            location = running.enter_context(placed(request, database, folder, migrated=True))
            store = Store(connect_compiled(location.url))
            running.callback(store.close)
            key = new_tenant(store)[1]
            served = Services(store, DiskBlobs(location.folder / "blobs"), Limits())
            return f"http://127.0.0.1:{running.enter_context(serving(served))}", key

        yield [start(database) for database in available_databases()]


@SCHEMA.parametrize()
@settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
def test_no_request_breaks_the_service(case, services):
    for address, key in services:
        headers = {"Authorization": f"Bearer {key}"}
        case.call_and_validate(base_url=address, headers=headers, checks=CHECKS, timeout=30)
