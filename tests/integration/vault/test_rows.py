"""Rows of evidence are held against the ledger: none changes without an event, and verifying finds it."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from tests.integration.vault.conftest import NAME, OURS, THEIRS
from tests.integration.web.service import picture

from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.assembly.stores import files_named, ready_store
from bixie.kit.canonical_json import encode_canonical
from bixie.ledger import new_event
from bixie.ledger import repository as ledger
from bixie.ledger.errors import BrokenLedger, UnrecordedError
from bixie.ledger.recorded import recorded_models, state
from bixie.ledger.rules import event_from_body, hash_of_body
from bixie.ledger.service import NewEvent, append
from bixie.ledger.verification import verify
from bixie.vault import repository
from bixie.vault.kept_files import verify_files
from bixie.vault.models import Exhibit, State
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.retention.erasure import Reason, discard, erase
from bixie.vault.service import found

BLUE = picture((0, 0, 200))

CHANGES = {
    "received earlier": ("received_at = :early", "received_at"),
    "claim into listing": ("role = 'listing'", "role"),
    "another file": ("sha256 = repeat_0", "sha256"),
    "another size": ("bytes = bytes + 1", "bytes"),
    "kept into refused": ("state = 'refused'", "state"),
    "another merchant's": ("party = 'party_x'", "party"),
    "another name": ("name = 'x'", "name"),
    "another order": ("order_number = 'x'", "order_number"),
    "a refusal": ("refusal = 'no JSON'", "refusal"),
    "erased": ("erased_at = :early", "erased_at"),
    "another place in lists": ("sequence = sequence + 1", "sequence"),
}


def verified(store):
    with reading_every_tenant(store) as session:
        return verify(session)


def broken(store):
    with pytest.raises(BrokenLedger) as finding:
        verified(store)
    return finding.value


@pytest.fixture
def as_it_was(store):
    """Return a function that runs statements, and puts the table back as it was before the next ones."""

    def run(*statements, **values):
        with store.engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE IF NOT EXISTS saved AS SELECT * FROM exhibit"))
            connection.execute(sa.text("DELETE FROM exhibit"))
            connection.execute(sa.text("INSERT INTO exhibit SELECT * FROM saved"))
            for statement in statements:
                connection.execute(sa.text(statement), values)

    yield run
    run()


def test_every_changed_column_is_found_and_named(store, keep, as_it_was):
    exhibit = keep()
    early = "2019-01-01T00:00:00.000Z"
    for words, (change, column) in CHANGES.items():
        new = change.replace("repeat_0", f"'{'0' * 64}'").replace(":early", f"'{early}'")
        as_it_was(f"UPDATE exhibit SET {new} WHERE id = '{exhibit.id}'")
        finding = broken(store)
        assert (finding.code, finding.values["column"]) == ("ledger.row_changed", column), words
        assert finding.values["id"] == exhibit.id
        assert finding.sequence in (1, 2)
        assert column in finding.text.zh
        # What is personal is not printed.
        assert NAME not in finding.text.en


def test_the_finding_says_what_the_ledger_says_and_what_the_row_says(store, keep, as_it_was):
    keep()
    as_it_was("UPDATE exhibit SET role = 'listing'")
    finding = broken(store)
    assert 'role is "listing", and by event 1 it is "claim"' in finding.text.en
    as_it_was("UPDATE exhibit SET name = 'x'")
    assert "only as a commitment" in broken(store).text.en
    assert "承诺值" in broken(store).text.zh


def test_exchanged_hashes_a_missing_and_an_added_row_are_found(store, keep, as_it_was):
    one, other = keep(), keep(BLUE, role=ExhibitRole.PACKING)
    as_it_was(
        f"UPDATE exhibit SET sha256 = CASE sha256 WHEN '{one.sha256}' THEN '{other.sha256}' "
        f"ELSE '{one.sha256}' END"
    )
    assert broken(store).code == "ledger.row_changed"
    as_it_was(f"DELETE FROM exhibit WHERE id = '{other.id}'")
    assert (broken(store).code, broken(store).sequence) == ("ledger.row_missing", 4)
    columns = ", ".join(one.key for one in sa.inspect(Exhibit).column_attrs)
    copied = columns.replace("order_number", "'another'").replace("sha256", "sm3")
    for tenant in ("tenant_ours", "tenant_x"):
        values = ", ".join(
            {"id": "'exhibit_x'", "tenant": f"'{tenant}'"}.get(one, one) for one in copied.split(", ")
        )
        as_it_was(f"INSERT INTO exhibit ({columns}) SELECT {values} FROM exhibit WHERE id = '{one.id}'")
        finding = broken(store)
        assert (finding.code, finding.tenant) == ("ledger.row_added", tenant)
        assert finding.values["id"] == "exhibit_x"


def test_an_erased_exhibit_that_is_filled_again_is_found(store, keep, within, as_it_was):
    exhibit = keep()
    within(erase, exhibit.id, Reason.REQUEST)
    assert verified(store).rows == 1
    as_it_was(f"UPDATE exhibit SET name = '{NAME}'")
    assert broken(store).values["column"] == "name"
    as_it_was("UPDATE exhibit SET state = 'kept', erased_at = NULL")
    assert broken(store).code == "ledger.row_changed"


def test_a_file_of_the_same_name_in_another_tenant_changes_nothing(store, keep):
    keep()
    keep(principal=THEIRS)
    assert verified(store).rows == 2


def test_files_are_read_and_compared_with_their_hashes(store, keep, blobs, location):
    one, other = keep(), keep(BLUE, role=ExhibitRole.PACKING)
    with store.snapshot() as connection:
        named = files_named(connection)

    def read():
        return verify_files(lambda: reading_every_tenant(store), blobs, named)

    folder = location.folder / "blobs" / OURS.tenant
    (folder / "00").mkdir()
    (folder / "00" / ("0" * 64)).write_bytes(b"left by an upload that was broken off")
    found = read()
    assert (found.files, found.size, found.unnamed) == (2, one.bytes + other.bytes, 1)
    assert found.some_unnamed == [(OURS.tenant, "0" * 64)]
    place = folder / other.sha256[:2] / other.sha256
    place.chmod(0o600)
    place.write_bytes(b"something else")
    with pytest.raises(BrokenLedger) as finding:
        read()
    assert (finding.value.code, finding.value.values["id"]) == ("ledger.file_damaged", other.id)
    place.unlink()
    with pytest.raises(BrokenLedger) as finding:
        read()
    assert (finding.value.code, finding.value.values["table"]) == ("ledger.file_missing", "exhibit")


def test_a_file_that_is_erased_while_files_are_read_is_no_finding(store, keep, blobs, within):
    one, other = keep(), keep(BLUE)
    with store.snapshot() as connection:
        named = files_named(connection)
    within(erase, one.id, Reason.REQUEST)
    discard(store, OURS, blobs)
    found = verify_files(lambda: reading_every_tenant(store), blobs, named)
    assert (found.files, found.size) == (1, other.bytes)


def change(exhibit):
    exhibit.state = State.REFUSED


def test_a_recorded_row_does_not_change_without_an_event(store, keep):
    exhibit = keep()

    def changed(session):
        change(found(session, exhibit.id))

    def deleted(session):
        session.delete(found(session, exhibit.id))

    def added(session):
        values = {one.key: getattr(exhibit, one.key) for one in sa.inspect(Exhibit).column_attrs}
        session.add(Exhibit(**{**values, "id": "exhibit_x", "order_number": "x"}))

    def many(session):
        session.execute(sa.update(Exhibit).values(role="listing"))

    def changed_after_the_event(session):
        row = found(session, exhibit.id)
        change(row)
        append(session, [NewEvent("test.changed", row.id, rows=(row,))])
        row.arrived_with = "exhibit_x"

    for work in (changed, deleted, added, many, changed_after_the_event):
        with pytest.raises(UnrecordedError), writing(store, OURS) as session:
            work(session)
    with reading(store, OURS) as session:
        assert repository.by_id(session, exhibit.id).state == exhibit.state


FIXED = {
    "received_at": datetime(2024, 1, 1, tzinfo=UTC),
    "role": "listing",
    "sha256": "0" * 64,
    "sequence": 2,
    "order_number": "another",
}


def test_what_is_fixed_changes_with_no_event_either(store, keep):
    exhibit = keep(), keep(BLUE)

    def change_and_say(session, name, value):
        row = found(session, exhibit[1].id)
        setattr(row, name, value)
        append(session, [NewEvent("test.changed", row.id, rows=(row,))])

    def delete_and_say(session):
        row = found(session, exhibit[1].id)
        session.delete(row)
        append(session, [NewEvent("test.changed", row.id, rows=(row,))])

    for name, value in FIXED.items():
        with pytest.raises(UnrecordedError, match=name), writing(store, OURS) as session:
            change_and_say(session, name, value)
    with pytest.raises(UnrecordedError), writing(store, OURS) as session:
        delete_and_say(session)


def test_an_event_of_an_intruder_does_not_restate_what_is_fixed(store, keep, as_it_was):
    """He appends a well-formed event, and changes the row to match."""
    keep()
    other = keep(BLUE)
    with writing(store, OURS) as session:
        appended = append(session, [NewEvent("test.changed", other.id)])[0]
        sequence = appended.sequence
    variants = {
        "received_at": "2024-01-01T00:00:00.000Z",
        "sequence": 2,
        "sha256": "0" * 64,
        "sm3": "0" * 64,
        "role": "listing",
        "order_number": "another",
        None: None,
    }
    for column, value in variants.items():
        body = body_with_rows(store, sequence, other.id, None if column is None else {column: value})
        put_last(store, sequence, body)
        if column is None:
            as_it_was(f"DELETE FROM exhibit WHERE id = '{other.id}'")
        else:
            as_it_was(f"UPDATE exhibit SET {column} = :value WHERE id = '{other.id}'", value=value)
        finding = broken(store)
        assert (finding.code, finding.sequence) == ("ledger.row_restated", sequence), column
        place = finding.place()
        assert (place["table"], place["id"], place.get("column")) == ("exhibit", other.id, column)
    put_last(store, sequence, body_with_rows(store, sequence, other.id, {}))


def test_a_statement_that_nobody_writes_is_a_finding(store, keep, as_it_was):
    exhibit = keep()
    with writing(store, OURS) as session:
        sequence = append(session, [NewEvent("test.changed", exhibit.id)])[0].sequence
    for personal in ([{}], "name"):
        put_last(store, sequence, body_with_rows(store, sequence, exhibit.id, {}, personal=personal))
        assert broken(store).code == "ledger.statement_malformed"
    body = body_with_rows(store, sequence, exhibit.id, {})
    wrong = {"type": "ledger.table_recorded", "data": {"table": ["exhibit"], "count": 0}}
    put_last(store, sequence, body | wrong)
    assert broken(store).code == "ledger.statement_malformed"
    put_last(store, sequence, body)


def body_with_rows(store, sequence, key, values, **changes):
    """Return the body of an event, with a statement about an exhibit in it."""
    with reading(store, OURS) as session:
        body = json.loads(ledger.event_at(session, sequence).body)
    said = {"table": "exhibit", "key": key, "values": values} | changes
    return body | {"type": "test.changed", "data": {"rows": [said]}}


def put_last(store, sequence, body):
    """Put a body in the place of the last event's, with its hash, and move the head."""
    text = encode_canonical(body).decode()
    values = {"body": text, "hash": hash_of_body(text), "type": body["type"], "at": sequence}
    with store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(sa.text("DROP TRIGGER IF EXISTS ledger_event_no_update"))
        else:
            connection.execute(sa.text("DROP TRIGGER IF EXISTS ledger_event_append_only ON ledger_event"))
        of = f"tenant = '{OURS.tenant}'"
        change = f"UPDATE ledger_event SET body = :body, hash = :hash, type = :type WHERE {of}"
        connection.execute(sa.text(f"{change} AND sequence = :at"), values)
        connection.execute(sa.text(f"UPDATE ledger_head SET hash = :hash WHERE {of}"), values)


def test_an_event_may_come_before_or_after_the_row_is_written(store, keep, within):
    exhibit = keep()

    def flushed_first(session):
        row = found(session, exhibit.id)
        row.state = State.REFUSED
        session.flush()
        row.arrived_with = "exhibit_x"
        append(session, [NewEvent("test.changed", row.id, rows=(row,))])

    within(flushed_first)
    with reading(store, OURS) as session:
        last = event_from_body(ledger.events_about(session, exhibit.id)[-1].body)
    assert last.data["rows"] == [
        {"table": "exhibit", "key": exhibit.id, "values": {"arrived_with": "exhibit_x", "state": "refused"}}
    ]
    assert verified(store).rows == 1


def test_what_a_savepoint_takes_back_needs_no_event(store, keep):
    exhibit = keep()
    with writing(store, OURS) as session:
        savepoint = session.begin_nested()
        change(found(session, exhibit.id))
        session.flush()
        savepoint.rollback()
        append(session, [NewEvent("test.happened", exhibit.id)])
    assert verified(store).rows == 1


def unstated(*given, **more):
    state(*given, **more)  # so that the session is content


@pytest.fixture
def earlier(monkeypatch, keep):
    """Keep a picture as versions did that stated no rows."""
    with monkeypatch.context() as patch:
        patch.setattr(new_event, "recorded_models", dict)
        patch.setattr(new_event, "state", unstated)
        return keep()


def test_rows_of_an_earlier_version_are_adopted_once(store, location, earlier, within):
    assert verified(store).rows == 0
    ready_store(location).close()
    assert verified(store).rows == 1
    with reading(store, OURS) as session:
        events = [event_from_body(row.body) for row in ledger.events_about(session, earlier.id)]
        assert ledger.tables_adopted(session, recorded_models()) == set(recorded_models())
    assert events[-1].type == "ledger.rows_adopted"
    assert sorted(events[-1].personal) == ["name", "order_number"]
    size = verified(store).events
    ready_store(location).close()
    assert verified(store).events == size
    # What was adopted can be erased like anything else.
    within(erase, earlier.id, Reason.REQUEST)
    with reading(store, OURS) as session:
        for event in events:
            assert ledger.personal_of(session, event.sequence) == []


def test_rows_are_not_adopted_a_second_time(store, keep):
    exhibit = keep()
    with writing(store, OURS) as session:
        row = found(session, exhibit.id)
        change(row)
        append(session, [NewEvent("ledger.rows_adopted", row.id, rows=(row,), whole=True)])
    finding = broken(store)
    assert (finding.code, finding.values["table"]) == ("ledger.rows_adopted_again", "exhibit")
    # Put right for the check after the test.
    with store.engine.begin() as connection:
        for table in ("ledger_event", "ledger_head", "ledger_personal", "exhibit"):
            triggers = connection.dialect.name == "sqlite"
            if triggers and table == "ledger_event":
                connection.execute(sa.text("DROP TRIGGER ledger_event_no_delete"))
            elif table == "ledger_event":
                connection.execute(sa.text("DROP TRIGGER ledger_event_append_only ON ledger_event"))
            connection.execute(sa.text(f"DELETE FROM {table}"))
