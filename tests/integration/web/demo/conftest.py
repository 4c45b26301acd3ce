"""A demo without its story: its people, and a service that opens on its page."""

import shutil
from types import SimpleNamespace

import pytest
from tests.integration.conftest import DATABASE_FILE
from tests.integration.web.service import serving

from bixie.assembly.demo.cast import Cast
from bixie.assembly.demo.stage import DemoStage
from bixie.identity.service import founder
from bixie.imaging.limits import Limits
from bixie.kit.messages import catalogue
from bixie.kit.timestamps import utc_now
from bixie.store.blobs import DiskBlobs
from bixie.store.engine import connect
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store


@pytest.fixture(scope="module")
def demo(sqlite_template, tmp_path_factory):
    """A demo without its story: store, tenant, cast and port."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / DATABASE_FILE)
    store = Store(connect(Location.find(str(folder), environment={}).url))
    tenant = founder().tenant
    texts = catalogue("bixie.assembly.demo")
    cast = Cast.assemble(store, tenant, texts, "zh", utc_now)
    services = SimpleNamespace(store=store, blobs=DiskBlobs(folder), limits=Limits(), clock=utc_now)
    with serving(services, DemoStage(tenant, services)) as port:
        yield SimpleNamespace(store=store, tenant=tenant, cast=cast, port=port)
    store.close()
