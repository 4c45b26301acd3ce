"""The database itself refuses to change what is append-only."""

from itertools import product

import pytest
import sqlalchemy as sa
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.ledger.models import LedgerStamp
from bixie.ledger.service import NewEvent, append, checkpoint

PRINCIPAL = Principal("tenant_1", "person_1", Role.ADMIN)
TABLES = ("ledger_event", "ledger_checkpoint", "ledger_stamp", "ledger_node")


@pytest.fixture
def filled(store):
    with writing(store, PRINCIPAL) as session:
        append(session, [NewEvent("test.happened", f"thing_{n}") for n in range(300)])
        checkpoint(session)
        session.add(LedgerStamp(tenant="tenant_1", size=300, authority="a", response=b""))
    return store


def rows(store, table):
    with store.engine.connect() as connection:
        return sorted(connection.execute(sa.text(f"SELECT * FROM {table}")).all())


def check_refused(filled, statements):
    """Try each statement on each table: the database refuses it, and every row is as it was."""

    def check(case):
        table, statement = case
        before = rows(filled, table)
        assert before
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), filled.engine.begin() as connection:
            connection.execute(sa.text(statement.format(table)))
        assert rows(filled, table) == before

    check_each(by_repr(product(TABLES, statements)), check)


def test_rows_cannot_be_changed_or_taken_away(filled):
    changed = ["UPDATE {} SET tenant = 'other'", "DELETE FROM {}", "UPDATE {} SET tenant = tenant"]
    check_refused(filled, changed)


def test_a_table_cannot_be_emptied(filled):
    check_refused(filled, ["TRUNCATE {}" if filled.engine.dialect.name == "postgresql" else "DELETE FROM {}"])


def test_a_row_cannot_be_put_over_another(filled):
    statement = "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"
    if filled.engine.dialect.name == "postgresql":
        statement = (
            "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT ON CONSTRAINT pk_{0} DO UPDATE SET tenant = 'x'"
        )
    check_refused(filled, [statement])
