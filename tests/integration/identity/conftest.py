"""Two tenants with people in them, and a clock that a test sets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import add_party, add_person, add_tenant, founder
from bixie.identity.signin import passwords
from bixie.identity.signin.passwords import Strength
from bixie.ledger.repository import events_about
from bixie.ledger.rules import event_from_body
from bixie.ledger.statements import without_statements
from bixie.ledger.verification import verify

QUICK = Strength(cost=4, block=8, lanes=1)
PASSWORD = "kettle lamp window"


class SetClock:
    """Says what it was told to."""

    def __init__(self):
        self.now = datetime(2026, 11, 25, 8, 30, 10, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_(self, **duration):
        self.now += timedelta(**duration)


@pytest.fixture
def clock():
    return SetClock()


class House:
    """One tenant: a platform with two merchants, a buyer, an admin and a clerk of the first merchant."""

    def __init__(self, store, clock, letter):
        who = founder(clock)
        with writing(store, who) as session:
            add_tenant(session, f"Platform {letter}", TenantKind.PLATFORM, clock)
            self.admin_person = add_person(session, f"admin@{letter}.example.com", Role.ADMIN, clock=clock)
            self.shop = add_party(
                session, PartyKind.MERCHANT, reference="S1", name=f"茶具店{letter}", clock=clock
            )
            self.rival = add_party(session, PartyKind.MERCHANT, name="Rival", clock=clock)
            self.buyer = add_party(
                session,
                PartyKind.BUYER,
                reference="B1",
                name="张三",
                phone="13800138000",
                email="zhang@example.com",
                clock=clock,
            )
            self.clerk_person = add_person(
                session, f"clerk@{letter}.example.com", Role.CLERK, party=self.shop.id, clock=clock
            )
        self.tenant = who.tenant
        self.program = Principal(self.tenant, "program_test", Role.PROGRAM)
        self.admin = Principal(self.tenant, self.admin_person.id, Role.ADMIN)
        self.clerk = Principal(self.tenant, self.clerk_person.id, Role.CLERK, self.shop.id)
        self.shop_admin = Principal(self.tenant, "person_x", Role.ADMIN, self.shop.id)
        self.buyer_self = Principal(self.tenant, self.buyer.id, Role.BUYER, self.buyer.id)


@pytest.fixture
def ours(store, clock):
    return House(store, clock, "a")


@pytest.fixture
def theirs(store, clock):
    return House(store, clock, "b")


@pytest.fixture
def told(store):
    """The events about a thing; what they say of rows is left out."""

    def read(house, subject):
        with reading(store, house.program) as session:
            events = [event_from_body(row.body) for row in events_about(session, subject)]
        return [replace(event, data=without_statements(event.data)) for event in events]

    return read


@pytest.fixture(autouse=True)
def _ledger_holds(store):
    """Whatever a test did, the ledger holds."""
    yield
    with reading_every_tenant(store) as session:
        verify(session)


@pytest.fixture
def hashed(monkeypatch):
    """How often the slow hash was computed."""
    counted = []
    real = passwords._scrypt

    def count(*arguments):
        counted.append(1)
        return real(*arguments)

    monkeypatch.setattr(passwords, "_scrypt", count)
    return counted
