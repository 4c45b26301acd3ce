"""What migrations fill in for the rows of earlier versions, on both databases."""

import importlib.util
import json
from pathlib import Path
from types import SimpleNamespace

import sqlalchemy as sa

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading_every_tenant, writing
from bixie.assembly.stores import metadata, ready_store
from bixie.ledger.service import NewEvent, append
from bixie.ledger.verification import verify
from bixie.store.engine import connect
from bixie.store.migration import migrate
from bixie.store.migrations import versions
from bixie.store.unit_of_work import Store


def test_rows_of_an_earlier_version_get_the_number_of_the_event_that_made_them(location):
    store = Store(connect(location.url))
    migrate(store.engine, metadata(), to="0013")
    made = "2026-11-25T08:30:00.123Z"
    events = [
        NewEvent("exhibit.received", "exhibit_b"),
        NewEvent("exhibit.received", "exhibit_a"),
        NewEvent("exhibit.received_again", "exhibit_b"),
        NewEvent("exhibit.examined", "exhibit_a", {"examination": "examination_b"}),
        NewEvent("exhibit.examined", "exhibit_a", {"examination": "examination_a"}),
    ]
    exhibits = (
        "id, tenant, party, order_number, role, name, sha256, sm3, bytes, media_type, state, received_at"
    )
    examinations = "id, tenant, party, exhibit_id, report_id, verdict, version, examined_at"
    with writing(store, Principal("tenant_1", "person_1", Role.ADMIN)) as session:
        append(session, events)
    with store.engine.begin() as connection:
        for one in "abc":
            values = (
                f"'exhibit_{one}', 'tenant_1', '', '7', 'claim', '', '{one}', '', 1, '', 'kept', '{made}'"
            )
            connection.execute(sa.text(f"INSERT INTO exhibit ({exhibits}) VALUES ({values})"))
            values = f"'examination_{one}', 'tenant_1', '', 'exhibit_a', '', '', '', '{made}'"
            connection.execute(sa.text(f"INSERT INTO examination ({examinations}) VALUES ({values})"))
    store.close()
    store = ready_store(location)
    with store.engine.connect() as connection:
        for table, numbers in {"exhibit": [2, 1, 0], "examination": [5, 4, 0]}.items():
            found = connection.execute(sa.text(f"SELECT sequence FROM {table} ORDER BY id")).scalars()
            assert list(found) == numbers
    store.close()


def test_events_are_read_some_at_a_time_and_the_first_one_counts(location, monkeypatch):
    path = Path(versions.__path__[0]) / "0014_sequence.py"
    spec = importlib.util.spec_from_file_location("sequence", path)
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    monkeypatch.setattr(migration, "_AT_ONCE", 2)
    store, read = ready_store(location), []
    with store.engine.begin() as connection:
        monkeypatch.setattr(migration, "op", SimpleNamespace(get_bind=lambda: connection))
        connection.execute(sa.text("CREATE TEMPORARY TABLE made (tenant TEXT, id TEXT, sequence INT)"))
        for tenant in ("tenant_1", "tenant_2"):
            for number, one in enumerate("abcab", 1):
                values = {
                    "tenant": tenant,
                    "id": one,
                    "number": number,
                    "body": json.dumps({"data": {"made": one}}),
                }
                event = "(tenant, sequence, type, subject, body, hash)"
                event += " VALUES (:tenant, :number, 'x', '', :body, '')"
                connection.execute(sa.text(f"INSERT INTO ledger_event {event}"), values)
                if number <= 3:
                    made = "(tenant, id, sequence) VALUES (:tenant, :id, 0)"
                    connection.execute(sa.text(f"INSERT INTO made {made}"), values)
        sa.event.listen(connection, "before_execute", lambda _c, statement, *_: read.append(statement))
        migration._fill_by_data("made", "x", "made")
        found = connection.execute(sa.text("SELECT tenant, id, sequence FROM made ORDER BY tenant, id")).all()
        assert found == [
            (tenant, one, n) for tenant in ("tenant_1", "tenant_2") for n, one in enumerate("abc", 1)
        ]
    assert sum(isinstance(one, sa.Select) for one in read) == 6  # ten events, two at a time, and none left
    store.close()


def test_a_store_of_an_earlier_version_with_a_tenant_opens_and_holds(location, monkeypatch):
    store = Store(connect(location.url))
    migrate(store.engine, metadata(), to="0013")
    columns, made = "tenant, kind, name, made_at", "2026-11-25T08:30:00.123Z"
    with store.engine.begin() as connection:
        values = f"'tenant_1', 'merchant', '茶具店', '{made}'"
        connection.execute(sa.text(f"INSERT INTO identity_tenant ({columns}) VALUES ({values})"))
    with (
        monkeypatch.context() as earlier,
        writing(store, Principal("tenant_1", "person_1", Role.ADMIN)) as session,
    ):
        earlier.setattr("bixie.ledger.new_event.recorded_models", dict)
        append(session, [NewEvent("identity.tenant_added", "tenant_1", {"kind": "merchant"})])
    store.close()
    for _ in range(2):
        store = ready_store(location)
        with reading_every_tenant(store) as session:
            assert verify(session).rows == 1
        store.close()
