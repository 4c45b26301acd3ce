"""A ledger with something in it, and a way to tamper with it as who owns the database can."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.ledger.service import NewEvent, append, checkpoint

PRINCIPAL = Principal("tenant_a", "person_1", Role.ADMIN)
OTHER = Principal("tenant_b", "person_2", Role.ADMIN)
TIME = datetime(2026, 11, 25, 8, 30, 0, 123000, UTC)
TABLES = ("ledger_event", "ledger_checkpoint", "ledger_stamp", "ledger_node")
SIZE = 300
"""Events under the first checkpoint: more than a tile of the Merkle tree."""


def clock():
    return TIME


def happened(count, first=0):
    return [
        NewEvent("test.happened", f"thing_{n % 50}", {"n": n}, {"name": f"张{n}"} if n % 40 == 0 else {})
        for n in range(first, first + count)
    ]


@pytest.fixture
def filled(store):
    """Two tenants; the first has two checkpoints, and events after the second."""
    for principal in (PRINCIPAL, OTHER):
        with writing(store, principal) as session:
            append(session, happened(SIZE), clock)
            checkpoint(session, clock)
    with writing(store, PRINCIPAL) as session:
        append(session, happened(20), clock)
        checkpoint(session, clock)
        append(session, happened(5), clock)
    return store


@pytest.fixture
def tamper(filled):
    """Drop the triggers that would refuse it, and run statements."""

    def run(*statements, **values):
        with filled.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                triggers = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for name in connection.scalars(triggers).all():
                    connection.execute(sa.text(f"DROP TRIGGER {name}"))
            else:
                for table in TABLES:
                    connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"))
            for statement in statements:
                connection.execute(sa.text(statement), values)

    return run
