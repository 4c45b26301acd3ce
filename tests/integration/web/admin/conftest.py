"""One service for the pages of administration, with somebody of every role."""

import shutil
from types import SimpleNamespace

import pytest
from tests.integration.conftest import DATABASE_FILE
from tests.integration.web.browsing import Browser, person
from tests.integration.web.service import serving

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import add_party, add_person, add_tenant, founder
from bixie.identity.signin.demo_session import open_demo_session
from bixie.imaging.limits import Limits
from bixie.kit.timestamps import utc_now
from bixie.store.blobs import DiskBlobs
from bixie.store.engine import connect
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store


@pytest.fixture(scope="module")
def service(sqlite_template, tmp_path_factory):
    """A platform with one merchant; `browsers` are signed in, one of each role."""
    folder = tmp_path_factory.mktemp("admin")
    shutil.copyfile(sqlite_template, folder / DATABASE_FILE)
    store = Store(connect(Location.find(str(folder), environment={}).url))
    with writing(store, founder()) as session:
        tenant = add_tenant(session, "平台", TenantKind.PLATFORM)[0].tenant
    program = Principal(tenant, "program_test", Role.PROGRAM)
    with writing(store, program) as session:
        shop = add_party(session, PartyKind.MERCHANT, reference="shop", name="店铺甲").id
        people = {
            role: add_person(session, role.value, role)
            for role in (Role.ADMIN, Role.REVIEWER, Role.POLICY_EDITOR)
        }
        people[Role.CLERK] = add_person(session, "clerk", Role.CLERK, party=shop)
        boss = add_person(session, "boss", Role.ADMIN, party=shop)
    services = SimpleNamespace(store=store, blobs=DiskBlobs(folder), limits=Limits(), clock=utc_now)
    with serving(services) as port:

        def browser(somebody):
            opened = Browser(port)
            opened.cookies["bixie-session"] = open_demo_session(store, tenant, somebody.id)
            return opened

        browsers = {role.value: browser(somebody) for role, somebody in people.items()}
        yield SimpleNamespace(
            store=store,
            tenant=tenant,
            shop=shop,
            port=port,
            people={role.value: somebody.id for role, somebody in people.items()},
            browsers={**browsers, "boss": browser(boss)},
        )
    store.close()


@pytest.fixture
def admin(service):
    return service.browsers["admin"]


@pytest.fixture(scope="module")
def other_admin(service):
    """Somebody to do things to."""
    return person(service.store, service.tenant, "second", Role.ADMIN)
