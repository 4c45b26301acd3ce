"""Engines, transactions, types and migrations, on both databases."""

import os
import sqlite3
import stat
import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.assembly.stores import existing_store, metadata, ready_store
from bixie.jobs import repository as jobs
from bixie.jobs.models import State
from bixie.kit.canonical_json import CanonicalError
from bixie.ledger.service import NewEvent, append, checkpoint
from bixie.ledger.verification import verify
from bixie.store.base import Base, CanonicalJson
from bixie.store.engine import connect
from bixie.store.errors import StoreError
from bixie.store.migration import differences, migrate, revision_of
from bixie.store.settings import DATABASE_FILE, Location
from bixie.store.unit_of_work import Store
from bixie.vault import repository as vault

NEWEST = "0035"
MOMENT = datetime(2026, 11, 25, 16, 30, 0, 123456, timezone(timedelta(hours=8)))


class Note(Base):
    """A table that exists in these tests only."""

    __tablename__ = "test_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime | None]
    value: Mapped[object] = mapped_column(CanonicalJson)


# The models of the program must not know it.
Base.metadata.remove(Note.__table__)


@pytest.fixture
def notes(store):
    Note.__table__.create(store.engine)
    return store


def count(store):
    with store.reading(Session) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Note))


def test_a_new_store_has_exactly_the_tables_of_the_models(store):
    assert differences(store.engine, metadata()) == []


def test_a_table_that_differs_is_noticed(store):
    with store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE ledger_head ADD COLUMN more TEXT"))
    assert len(differences(store.engine, metadata())) == 1


def test_a_store_is_brought_up_to_date_once_and_then_left_alone(location):
    for _ in range(2):
        ready_store(location).close()
    store = existing_store(location)
    with store.engine.connect() as connection:
        assert revision_of(connection) == NEWEST
    store.close()


@pytest.mark.parametrize("revision", [f"{number:04}" for number in range(1, 10)])
def test_a_store_of_an_earlier_version_is_brought_up_to_date_with_all_it_holds(location, revision):
    principal = Principal("tenant_1", "person_1", Role.ADMIN)
    store = Store(connect(location.url))
    migrate(store.engine, metadata(), to=revision)
    with writing(store, principal) as session:
        append(session, [NewEvent("test.happened", f"thing_{n}") for n in range(300)])
        checkpoint(session)
    store.close()
    store = ready_store(location)
    assert differences(store.engine, metadata()) == []
    with reading_every_tenant(store) as session:
        assert verify(session).events == 301
    store.close()


def test_what_was_kept_before_exhibits_had_roles_is_packing_evidence(location):
    store = Store(connect(location.url))
    migrate(store.engine, metadata(), to="0004")
    columns = "id, tenant, order_number, name, sha256, sm3, bytes, media_type, state, received_at"
    values = (
        "'exhibit_1', 'tenant_1', '7', 'a.png', 'a', 'b', 1, 'image/png', 'kept', '2026-11-25T08:30:00.123Z'"
    )
    with store.engine.begin() as connection:
        connection.execute(sa.text(f"INSERT INTO exhibit ({columns}) VALUES ({values})"))
    store.close()
    store = ready_store(location)
    assert differences(store.engine, metadata()) == []
    with reading(store, Principal("tenant_1", "person_1", Role.ADMIN)) as session:
        assert vault.by_id(session, "exhibit_1").role == "packing"
    store.close()


def test_deliveries_that_were_not_sent_become_jobs(location):
    store = Store(connect(location.url))
    migrate(store.engine, metadata(), to="0012")
    columns = "tenant, id, channel, address, content, state, attempts, due_at, error, made_at"
    made, due = "2026-11-25T08:30:00.123Z", "2026-11-26T08:30:00.123Z"
    error = '{"code":"notices.no_such_host","en":"-","zh":"-"}'
    kept = [("waiting", "{}"), ("sending", "{}"), ("dead", "{}"), ("dead", None), ("sent", None)]
    with store.engine.begin() as connection:
        for number, (state, content) in enumerate(kept):
            values = {"id": f"delivery_{number}", "state": state, "content": content, "error": error}
            connection.execute(
                sa.text(
                    f"INSERT INTO notice_delivery ({columns}) VALUES ('tenant_1', :id, 'webhook', NULL, "
                    f":content, :state, 4, '{due}', :error, '{made}')"
                ),
                values,
            )
    store.close()
    store = ready_store(location)
    assert differences(store.engine, metadata()) == []
    with store.reading(Session) as session:
        found = jobs.page(session, tenant="tenant_1", states=tuple(State), after=None, limit=10)
    assert [(one.id, one.key, one.state) for one in found] == [
        ("job_0", "delivery_0", "waiting"),
        ("job_1", "delivery_1", "waiting"),
        ("job_2", "delivery_2", "dead"),
    ]
    for one in found:
        assert (one.kind, one.payload) == ("notice.webhook", {"delivery": one.key})
        assert (one.failures, one.crashes, one.error["code"]) == (4, 0, "notices.no_such_host")
        assert (one.requested_at.day, one.due_at.day) == (25, 26)
    store.close()


def test_two_processes_that_start_together_both_get_a_ready_store(location):
    failures = []

    def start():
        try:
            ready_store(location).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    store = existing_store(location)
    assert differences(store.engine, metadata()) == []
    store.close()


def test_connections_that_open_a_new_file_at_one_instant_all_get_it(tmp_path):
    failures = []

    def start(file, gate):
        engine = connect(sa.URL.create("sqlite", database=str(file)))
        gate.wait()
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS started (id INTEGER)")
        except sa.exc.OperationalError as error:
            failures.append(error)
        engine.dispose()

    for number in range(40):  # they meet in one of ten, about
        gate = threading.Barrier(6)
        threads = [
            threading.Thread(target=start, args=(tmp_path / f"{number}.sqlite", gate)) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(store):
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError) as refusal:
        migrate(store.engine, metadata())
    assert refusal.value.code == "store.newer"
    with store.engine.connect() as connection:
        assert revision_of(connection) == "9999"


def test_a_block_that_ends_is_kept_and_one_that_fails_leaves_nothing(notes):
    with notes.writing(Session) as session:
        session.add(Note(id=1, value={}))

    def fail():
        with notes.writing(Session) as session:
            session.add(Note(id=2, value={}))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(notes) == 1


def test_a_reader_cannot_write(notes):
    with pytest.raises(StoreError), notes.reading(Session) as session:
        session.add(Note(id=1, value={}))
    with notes.writing(Session) as session:
        session.add(Note(id=2, value={}))
    assert count(notes) == 1


def test_a_reader_sees_one_state_while_others_write(notes):
    with notes.reading(Session) as session:
        wanted = sa.select(sa.func.count()).select_from(Note)
        assert session.scalar(wanted) == 0
        with notes.writing(Session) as other:
            other.add(Note(id=1, value={}))
        assert session.scalar(wanted) == 0
    assert count(notes) == 1


def test_two_writers_on_sqlite_wait_for_each_other_instead_of_failing(tmp_path):
    store = ready_store(Location.find(str(tmp_path), environment={}))
    Note.__table__.create(store.engine)
    entered = threading.Event()

    def slow():
        with store.writing(Session) as session:
            session.scalar(sa.select(sa.func.count()).select_from(Note))
            entered.set()
            time.sleep(0.3)
            session.add(Note(id=1, value={}))

    thread = threading.Thread(target=slow)
    thread.start()
    entered.wait()
    with store.writing(Session) as session:
        # It began only after the other had ended, so that what it reads is what it will write upon.
        assert session.get(Note, 1) is not None
        session.add(Note(id=2, value={}))
    thread.join()
    assert count(store) == 2
    store.close()


def test_sqlite_keeps_every_commit_on_disk_and_knows_foreign_keys(tmp_path):
    store = ready_store(Location.find(str(tmp_path), environment={}))
    with store.engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    store.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_moment_comes_back_in_utc_to_the_millisecond(notes):
    with notes.writing(Session) as session:
        session.add_all([Note(id=1, at=MOMENT, value=1), Note(id=2, at=None, value=2)])
    with notes.reading(Session) as session:
        back = session.get(Note, 1).at
        assert back == MOMENT.replace(microsecond=123000)
        assert back.tzinfo is UTC
        assert session.get(Note, 2).at is None


def test_moments_sort_and_compare_as_time_does_whatever_zone_they_were_given_in(notes):
    earlier = MOMENT.astimezone(UTC) - timedelta(seconds=1)
    with notes.writing(Session) as session:
        session.add_all([Note(id=1, at=MOMENT, value=1), Note(id=2, at=earlier, value=2)])
    with notes.reading(Session) as session:
        assert session.scalars(sa.select(Note.id).order_by(Note.at)).all() == [2, 1]
        assert session.scalars(sa.select(Note.id).where(Note.at < MOMENT)).all() == [2]


def test_a_time_without_a_zone_is_never_written(notes):
    with pytest.raises(sa.exc.StatementError), notes.writing(Session) as session:
        session.add(Note(id=1, at=datetime(2026, 11, 25), value=1))
    assert count(notes) == 0


def test_json_is_kept_as_its_canonical_text_and_comes_back_as_it_was(notes):
    value = {"b": [1, None, "中文"], "a": {"\U0001f600": True}}
    with notes.writing(Session) as session:
        session.add(Note(id=1, value=value))
    with notes.reading(Session) as session:
        assert session.get(Note, 1).value == value
        text = session.execute(sa.select(sa.cast(sa.column("value"), sa.Text)).select_from(Note)).scalar()
        assert text == '{"a":{"😀":true},"b":[1,null,"中文"]}'
    with pytest.raises(sa.exc.StatementError) as refusal, notes.writing(Session) as session:
        session.add(Note(id=2, value=0.5))
    assert isinstance(refusal.value.orig, CanonicalError)


def test_the_folder_of_a_store_is_its_owners_alone(tmp_path):
    ready_store(Location.find(str(tmp_path / "data"), environment={})).close()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) & 0o077 == 0


def test_a_store_that_is_not_there_is_not_made_by_looking(tmp_path):
    with pytest.raises(StoreError) as refusal:
        existing_store(Location.find(str(tmp_path / "nowhere"), environment={}))
    assert refusal.value.code == "store.not_there"
    assert list(tmp_path.iterdir()) == []


def test_looking_at_a_store_leaves_every_byte_of_it_as_it_was(tmp_path):
    store = ready_store(Location.find(str(tmp_path), environment={}))
    with writing(store, Principal("tenant_1", "person_1", Role.ADMIN)) as session:
        append(session, [NewEvent("test.happened", "thing")])
    # A process that was killed leaves its log behind; what is in it counts.
    killed = tmp_path / "killed"
    killed.mkdir()
    for name in (DATABASE_FILE, f"{DATABASE_FILE}-wal"):
        (killed / name).write_bytes((tmp_path / name).read_bytes())
    store.close()
    before = {path.name: path.read_bytes() for path in killed.iterdir()}
    assert len(before[f"{DATABASE_FILE}-wal"]) > 0
    store = existing_store(Location.find(str(killed), environment={}))
    with reading_every_tenant(store) as session:
        assert verify(session).events == 1
    store.close()
    assert {name: (killed / name).read_bytes() for name in before} == before


def test_a_store_on_a_read_only_medium_can_be_looked_at(tmp_path, monkeypatch):
    place = Location.find(str(tmp_path), environment={})
    ready_store(place).close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    store = existing_store(place)
    assert store.engine.url.query["immutable"] == "1"
    with reading_every_tenant(store) as session:
        assert verify(session).events == 0
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == [DATABASE_FILE]


def test_a_database_of_something_else_is_no_store(location):
    engine = connect(location.url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE other (a INTEGER)"))
    engine.dispose()
    with pytest.raises(StoreError) as refusal:
        existing_store(location)
    assert refusal.value.code == "store.not_there"


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / DATABASE_FILE).write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(StoreError) as refusal:
        existing_store(Location.find(str(tmp_path), environment={}))
    assert refusal.value.code in {"store.refused", "store.unreachable"}


def test_a_server_that_does_not_answer_is_a_store_error_without_the_password():
    url = "postgresql://bixie:secret@127.0.0.1:1/shop"
    with pytest.raises(StoreError) as refusal:
        ready_store(Location.find(url=url, environment={}))
    assert refusal.value.code == "store.unreachable"
    assert "secret" not in str(refusal.value)


def test_a_locked_sqlite_file_is_waited_for_and_then_a_store_error(tmp_path, monkeypatch):
    monkeypatch.setattr("bixie.store.engine._BUSY_SECONDS", 0.1)
    place = Location.find(str(tmp_path), environment={})
    ready_store(place).close()
    with sqlite3.connect(tmp_path / DATABASE_FILE) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as refusal:
            ready_store(place)
        assert refusal.value.code == "store.unreachable"
        blocker.rollback()
    blocker.close()
