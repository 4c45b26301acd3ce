"""Whatever the OpenAPI document allows, and much that it does not: no answer is of status 500 or above."""

from contextlib import contextmanager

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from tests.integration.conftest import available_databases, connect_compiled, placed
from tests.integration.web.service import new_tenant, serving

from bixie.imaging.limits import Limits
from bixie.store.blobs import DiskBlobs
from bixie.store.unit_of_work import Store
from bixie.vault.uploads.tus import PART_TYPE
from bixie.web.app import routes_only
from bixie.web.services import Services

DOCUMENT = routes_only().openapi()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
WITHOUT_BORDERS = schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig())
"""Values at and beyond what the document allows, four of five requests, are for one database only."""
WITHOUT_BORDERS.config.phases.coverage.enabled = False
FEW = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
schemathesis.serializer.alias(PART_TYPE, "application/octet-stream")
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@contextmanager
def started(request, database, folder):
    """Start a service; yield its address and a key."""
    with placed(request, database, folder, migrated=True) as location:
        store = Store(connect_compiled(location.url))
        key = new_tenant(store)[1]
        with serving(Services(store, DiskBlobs(location.folder / "blobs"), Limits())) as port:
            yield f"http://127.0.0.1:{port}", key
        store.close()


@pytest.fixture(scope="module")
def service(request, tmp_path_factory):
    """Address and key of one service for all examples: on PostgreSQL, if there is one: it takes less."""
    with started(request, available_databases()[-1], tmp_path_factory.mktemp("fuzzed")) as one:
        yield one


@pytest.fixture(scope="module")
def service_on_sqlite(request, tmp_path_factory):
    with started(request, "sqlite", tmp_path_factory.mktemp("fuzzed")) as one:
        yield one


def check_answer(case, service):
    address, key = service
    headers = {"Authorization": f"Bearer {key}"}
    case.call_and_validate(base_url=address, headers=headers, checks=CHECKS, timeout=30)


@SCHEMA.parametrize()
@settings(FEW)
def test_no_request_breaks_the_service(case, service):
    check_answer(case, service)


@WITHOUT_BORDERS.parametrize()
@settings(FEW)
def test_no_request_breaks_the_service_on_sqlite(case, service_on_sqlite):
    check_answer(case, service_on_sqlite)
