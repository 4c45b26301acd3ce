"""Tables that were rebuilt without their constraints, with what no honest table can hold."""

import json
import shutil
import sqlite3

import pytest
from tests.integration.ledger.conftest import PRINCIPAL, clock, happened

from bixie.access.tenancy import reading_every_tenant, writing
from bixie.assembly.stores import existing_store, ready_store
from bixie.cli.ledger.verify import broken_document
from bixie.ledger import verification
from bixie.ledger.errors import BrokenLedger
from bixie.ledger.service import append, checkpoint
from bixie.ledger.verification import verify
from bixie.store.settings import DATABASE_FILE, Location

TABLES = ("ledger_event", "ledger_checkpoint", "ledger_head", "ledger_personal", "ledger_node")


@pytest.fixture(autouse=True)
def _short_runs(monkeypatch):
    monkeypatch.setattr(verification, "_BATCH", 10)


def broken(store):
    with pytest.raises(BrokenLedger) as finding, reading_every_tenant(store) as session:
        verify(session)
    json.dumps(broken_document(finding.value), ensure_ascii=False).encode()
    return finding.value.code


@pytest.mark.parametrize("sequence", [3, 10, 11])
def test_an_event_that_stands_twice_is_found_wherever_a_run_ends(filled, tamper, sequence):
    tamper(
        "CREATE TABLE rebuilt AS SELECT * FROM ledger_event",
        "DROP TABLE ledger_event",
        "ALTER TABLE rebuilt RENAME TO ledger_event",
        "INSERT INTO ledger_event "
        f"SELECT * FROM ledger_event WHERE tenant = 'tenant_a' AND sequence = {sequence}",
    )
    assert broken(filled) == "ledger.event_added"


@pytest.fixture(scope="module")
def loose_file(tmp_path_factory):
    """The file of a SQLite store whose tables take anything."""
    place = Location.find(str(tmp_path_factory.mktemp("loose")), environment={})
    store = ready_store(place)
    with writing(store, PRINCIPAL) as session:
        append(session, happened(300), clock)
        checkpoint(session, clock)
    store.close()
    connection = sqlite3.connect(place.folder / DATABASE_FILE)
    for table in TABLES:
        connection.execute(f"CREATE TABLE loose AS SELECT * FROM {table}")
        connection.execute(f"DROP TABLE {table}")
        connection.execute(f"ALTER TABLE loose RENAME TO {table}")
    connection.commit()
    connection.close()
    return place.folder / DATABASE_FILE


@pytest.fixture
def loose(loose_file, tmp_path):
    """A way to put anything into a copy of that file."""
    shutil.copyfile(loose_file, tmp_path / DATABASE_FILE)
    place = Location.find(str(tmp_path), environment={})

    def put(statement):
        connection = sqlite3.connect(tmp_path / DATABASE_FILE)
        connection.execute(statement)
        connection.commit()
        connection.close()
        return existing_store(place)

    return put


ODD = {
    "text for a sequence": (
        "UPDATE ledger_event SET sequence = 'three' WHERE sequence = 3",
        "ledger.event_missing",
    ),
    "nothing for a sequence": (
        "UPDATE ledger_event SET sequence = NULL WHERE sequence = 3",
        "ledger.event_added",
    ),
    "a fraction for a sequence": (
        "UPDATE ledger_event SET sequence = 3.5 WHERE sequence = 3",
        "ledger.event_added",
    ),
    "nothing for a tenant": (
        "UPDATE ledger_event SET tenant = NULL WHERE sequence = 3",
        "ledger.event_added",
    ),
    "nothing for a body": ("UPDATE ledger_event SET body = NULL WHERE sequence = 3", "ledger.event_changed"),
    "bytes for a body": ("UPDATE ledger_event SET body = x'ff' WHERE sequence = 3", "ledger.event_changed"),
    "no text for a body": (
        "UPDATE ledger_event SET body = CAST(x'ff' AS TEXT) WHERE sequence = 3",
        "ledger.event_changed",
    ),
    "a number for a body": ("UPDATE ledger_event SET body = 7 WHERE sequence = 3", "ledger.event_changed"),
    "nothing for a hash": ("UPDATE ledger_event SET hash = NULL WHERE sequence = 3", "ledger.event_changed"),
    "no text for a tenant": (
        "UPDATE ledger_event SET tenant = CAST(x'ff' AS TEXT) WHERE sequence = 3",
        "ledger.event_missing",
    ),
    "text for a size": ("UPDATE ledger_checkpoint SET size = 'many'", "ledger.checkpoint_changed"),
    "nothing for a size": ("UPDATE ledger_checkpoint SET size = NULL", "ledger.checkpoint_changed"),
    "the bytes of a body for it": (
        "UPDATE ledger_event SET body = CAST(body AS BLOB) WHERE sequence = 3",
        "ledger.event_changed",
    ),
    "the bytes of a checkpoint for it": (
        "UPDATE ledger_checkpoint SET body = CAST(body AS BLOB)",
        "ledger.checkpoint_changed",
    ),
    "bytes for a checkpoint": ("UPDATE ledger_checkpoint SET body = x'ff'", "ledger.checkpoint_changed"),
    "nothing for a head": ("UPDATE ledger_head SET size = NULL", "ledger.head_missing"),
    "text for a head": ("UPDATE ledger_head SET size = 'many'", "ledger.head_missing"),
    "bytes for a salt": ("UPDATE ledger_personal SET salt = x'ff'", "ledger.personal_changed"),
    "nothing for a value": ("UPDATE ledger_personal SET value = NULL", "ledger.personal_changed"),
    "nothing for a name": ("UPDATE ledger_personal SET name = NULL", "ledger.personal_missing"),
    "nothing and something for names": (
        "INSERT INTO ledger_personal VALUES ('tenant_a', 2, NULL, '', '1'), ('tenant_a', 2, 'n', '', '1')",
        "ledger.personal_added",
    ),
    "all names twice": (
        "INSERT INTO ledger_personal SELECT * FROM ledger_personal",
        "ledger.personal_added",
    ),
    "the head twice": ("INSERT INTO ledger_head SELECT * FROM ledger_head", "ledger.head_added"),
    "bytes for a kept hash": ("UPDATE ledger_node SET hash = x'ff'", "ledger.kept_hash_changed"),
}


NO_IDS = [
    ("ledger_head", "x'ff00'"),
    ("ledger_head", "CAST(x'ff00' AS TEXT)"),
    ("ledger_head", "NULL"),
    ("ledger_event", "CAST(x'eda080' AS TEXT)"),
    ("ledger_checkpoint", "x'ff00'"),
]


def test_a_tenant_that_is_no_id_is_a_finding(loose):
    for table, no_id in NO_IDS:
        columns = {"ledger_head": "size, hash", "ledger_checkpoint": "size, root, body"}.get(
            table, "sequence, type, subject, hash, body"
        )
        store = loose(f"INSERT INTO {table} (tenant, {columns}) SELECT {no_id}, {columns} FROM {table}")
        assert broken(store) == "ledger.tenant_invalid"
        store.close()
        loose(f"DELETE FROM {table} WHERE tenant IS NOT 'tenant_a'").close()


def test_what_a_finding_shows_is_text_of_limited_length():
    odd = BrokenLedger(
        "ledger.signature_invalid", tenant="\udcff", sequence=b"\xff", signer=b"\xff\x00" * 100_000
    )
    document = json.dumps(broken_document(odd), ensure_ascii=False).encode()
    assert b"\\\\xff" in document
    assert len(document) < 20_000


PAGE = 4096
"""Bytes of a page of SQLite, as it makes them."""


@pytest.mark.parametrize("case", ODD)
def test_what_is_of_no_possible_type_is_found_and_breaks_nothing(loose, case):
    statement, code = ODD[case]
    store = loose(statement)
    assert broken(store) in {code, "ledger.event_missing"}
    store.close()


def test_a_database_with_damaged_pages_is_a_finding(tmp_path):
    place = Location.find(str(tmp_path), environment={})
    store = ready_store(place)
    with writing(store, PRINCIPAL) as session:
        append(session, happened(300), clock)
    store.close()
    file = tmp_path / DATABASE_FILE
    data = bytearray(file.read_bytes())
    # Pages of events, wherever they lie: without its own tables' descriptions nothing can be said of a file.
    pages = [at for at in range(0, len(data), PAGE) if b"bixie.event/1" in data[at : at + PAGE]]
    for at in pages[len(pages) // 2 :][:8]:
        data[at : at + PAGE] = b"\xff" * PAGE
    file.write_bytes(data)
    store = existing_store(place)
    assert broken(store).startswith("ledger.")
    store.close()
