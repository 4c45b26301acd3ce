"""Whatever is done to the tables behind Bixie's back, verifying finds the first place and says why."""

import hashlib
import json
from functools import partial

import pytest
import sqlalchemy as sa
from tests.integration.ledger.conftest import PRINCIPAL, SIZE, clock, happened

from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.kit.canonical_json import encode_canonical
from bixie.ledger import repository, verification
from bixie.ledger.errors import BrokenLedger
from bixie.ledger.merkle import root_hash
from bixie.ledger.rules import MAX_BODY_BYTES, Checkpoint, hash_of_body
from bixie.ledger.service import append, erase
from bixie.ledger.tree import KeptTree
from bixie.ledger.verification import verify

LAST = SIZE + 27


@pytest.fixture(autouse=True)
def _short_runs(monkeypatch):
    """Borders between runs lie among the events of these tests."""
    monkeypatch.setattr(verification, "_BATCH", 64)


def verified(store):
    with reading_every_tenant(store) as session:
        return verify(session)


def broken(store):
    with pytest.raises(BrokenLedger) as finding:
        verified(store)
    assert finding.value.text.zh
    return finding.value.code, finding.value.sequence


def where(sequence, tenant="tenant_a"):
    return f"WHERE tenant = '{tenant}' AND sequence = {sequence}"


def row(store, sequence):
    with store.engine.connect() as connection:
        return connection.execute(sa.text(f"SELECT * FROM ledger_event {where(sequence)}")).mappings().one()


def with_hash(store, at, **changes):
    """Return the body of an event with changes, and its hash: as a careful attacker writes it."""
    body = encode_canonical(json.loads(row(store, at)["body"]) | changes).decode()
    return body, hashlib.sha256(b"bixie.ledger.event/1\n" + body.encode()).hexdigest()


def test_a_whole_ledger_holds(filled):
    found = verified(filled)
    assert (found.events, found.checkpoints) == (2 * SIZE + 28, 3)


def test_an_empty_store_holds(store):
    found = verified(store)
    assert (found.events, found.checkpoints) == (0, 0)


def test_progress_is_told_to_the_end(filled):
    told = []
    with reading_every_tenant(filled) as session:
        verify(session, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (2 * SIZE + 28, 2 * SIZE + 28)
    assert told == sorted(told)


OTHER_ONE = "(SELECT {0} FROM ledger_event e WHERE e.tenant = 'tenant_a' AND e.sequence = {1})"
SWAP = (
    "UPDATE ledger_event SET {0} = CASE sequence "
    f"WHEN 10 THEN {OTHER_ONE.replace('{1}', '11')} ELSE {OTHER_ONE.replace('{1}', '10')} END "
    "WHERE tenant = 'tenant_a' AND sequence IN (10, 11)"
)
COPY = """INSERT INTO ledger_event (tenant, sequence, type, subject, hash, body)
 SELECT {tenant}, {sequence}, type, subject, hash, body FROM ledger_event WHERE tenant = 'tenant_a' AND
 sequence = {source}"""
TAMPERED = {
    "a changed letter of a body": (
        [f"UPDATE ledger_event SET body = replace(body, 'person_1', 'person_2') {where(77)}"],
        ("ledger.event_changed", 77),
    ),
    "a blank more in a body": (
        [f"UPDATE ledger_event SET body = body || ' ' {where(64)}"],
        ("ledger.event_changed", 64),
    ),
    "a body that is gone": ([f"UPDATE ledger_event SET body = '' {where(65)}"], ("ledger.event_changed", 65)),
    "a changed hash": (
        [f"UPDATE ledger_event SET hash = '{'0' * 64}' {where(5)}"],
        ("ledger.event_changed", 5),
    ),
    "a changed type": ([f"UPDATE ledger_event SET type = 'x' {where(5)}"], ("ledger.event_changed", 5)),
    "a changed subject": ([f"UPDATE ledger_event SET subject = 'x' {where(5)}"], ("ledger.event_changed", 5)),
    "the first is missing": ([f"DELETE FROM ledger_event {where(1)}"], ("ledger.event_missing", 1)),
    "one is missing": ([f"DELETE FROM ledger_event {where(100)}"], ("ledger.event_missing", 100)),
    "one is missing at the border of a run": (
        [f"DELETE FROM ledger_event {where(65)}"],
        ("ledger.event_missing", 65),
    ),
    "the last is missing": ([f"DELETE FROM ledger_event {where(LAST)}"], ("ledger.event_missing", LAST)),
    "the last is missing and the head was set back": (
        [
            f"DELETE FROM ledger_event WHERE tenant = 'tenant_a' AND sequence > {SIZE + 10}",
            f"""UPDATE ledger_head SET size = {SIZE + 10}, hash = (SELECT hash FROM ledger_event
 {where(SIZE + 10)}) WHERE tenant = 'tenant_a'""",
        ],
        ("ledger.event_missing", SIZE + 11),
    ),
    "all are missing": (
        ["DELETE FROM ledger_event WHERE tenant = 'tenant_a'"],
        ("ledger.event_missing", 1),
    ),
    "all are missing and the head": (
        ["DELETE FROM ledger_event WHERE tenant = 'tenant_a'", "DELETE FROM ledger_head"],
        ("ledger.event_missing", 1),
    ),
    "the head is missing": (
        ["DELETE FROM ledger_head WHERE tenant = 'tenant_a'"],
        ("ledger.head_missing", LAST),
    ),
    "two bodies changed places": ([SWAP.format("body")], ("ledger.event_misplaced", 10)),
    "two events changed places": (
        [SWAP.format("body"), SWAP.format("hash"), SWAP.format("subject")],
        ("ledger.event_misplaced", 10),
    ),
    "two events changed numbers": (
        [
            f"UPDATE ledger_event SET sequence = -1 {where(10)}",
            f"UPDATE ledger_event SET sequence = 10 {where(11)}",
            f"UPDATE ledger_event SET sequence = 11 {where(-1)}",
        ],
        ("ledger.event_misplaced", 10),
    ),
    "one is missing and the others moved up": (
        [f"DELETE FROM ledger_event {where(10)}"]
        + [f"UPDATE ledger_event SET sequence = {n - 1} {where(n)}" for n in range(11, LAST + 1)],
        ("ledger.event_misplaced", 10),
    ),
    "one was added at the end": (
        [COPY.format(tenant="tenant", sequence=LAST + 1, source=LAST)],
        ("ledger.event_misplaced", LAST + 1),
    ),
    "one was added far behind": (
        [COPY.format(tenant="tenant", sequence=9999, source=LAST)],
        ("ledger.event_missing", LAST + 1),
    ),
    "one was added before the first": (
        [COPY.format(tenant="tenant", sequence=0, source=1)],
        ("ledger.event_added", 1),
    ),
    "one was added below zero": (
        [COPY.format(tenant="tenant", sequence=-5, source=1)],
        ("ledger.event_added", 1),
    ),
    "one was given to a tenant that has none": (
        [COPY.format(tenant="'tenant_0'", sequence=1, source=1)],
        ("ledger.event_misplaced", 1),
    ),
    "a changed root": (
        [f"UPDATE ledger_checkpoint SET root = '{'0' * 64}' WHERE size = {SIZE}"],
        ("ledger.checkpoint_changed", SIZE),
    ),
    "a changed time of a checkpoint": (
        [f"UPDATE ledger_checkpoint SET body = replace(body, '2026', '2025') WHERE size = {SIZE}"],
        ("ledger.checkpoint_changed", SIZE),
    ),
    "a checkpoint that is none any more": (
        [f"UPDATE ledger_checkpoint SET body = '' WHERE size = {SIZE}"],
        ("ledger.checkpoint_changed", SIZE),
    ),
    "a checkpoint is missing": (
        [f"DELETE FROM ledger_checkpoint WHERE size = {SIZE}"],
        ("ledger.checkpoint_missing", SIZE + 1),
    ),
    "the last checkpoint is missing": (
        [f"DELETE FROM ledger_checkpoint WHERE size = {SIZE + 21}"],
        ("ledger.checkpoint_missing", SIZE + 22),
    ),
    "a checkpoint over more than there is": (
        [
            """INSERT INTO ledger_checkpoint (tenant, size, root, body)
 SELECT tenant, 5000, root, body FROM ledger_checkpoint WHERE size = 300 AND tenant = 'tenant_a'"""
        ],
        ("ledger.event_missing", LAST + 1),
    ),
    "a checkpoint over nothing": (
        [
            """INSERT INTO ledger_checkpoint (tenant, size, root, body)
 SELECT tenant, 0, root, body FROM ledger_checkpoint WHERE size = 300 AND tenant = 'tenant_a'"""
        ],
        ("ledger.checkpoint_added", 0),
    ),
    "a kept hash was changed": (
        [f"UPDATE ledger_node SET hash = '{'0' * 64}' WHERE tenant = 'tenant_a'"],
        ("ledger.kept_hash_changed", 256),
    ),
    "a kept hash is missing": (
        ["DELETE FROM ledger_node WHERE tenant = 'tenant_a'"],
        ("ledger.kept_hash_changed", 256),
    ),
    "personal data were changed": (
        [f"UPDATE ledger_personal SET value = '\"李四\"' {where(41)}"],
        ("ledger.personal_changed", 41),
    ),
    "a salt was changed": (
        [f"UPDATE ledger_personal SET salt = 'xy' {where(41)}"],
        ("ledger.personal_changed", 41),
    ),
    "personal data vanished without a word": (
        [f"DELETE FROM ledger_personal {where(81)}"],
        ("ledger.personal_missing", 81),
    ),
    "personal data were added": (
        [
            "INSERT INTO ledger_personal (tenant, sequence, name, salt, value) "
            "VALUES ('tenant_a', 2, 'n', '', '1')"
        ],
        ("ledger.personal_added", 2),
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_what_was_done_is_found_and_named(filled, tamper, case):
    statements, finding = TAMPERED[case]
    tamper(*statements)
    assert broken(filled) == finding


def test_the_tenant_is_named(filled, tamper):
    tamper(f"DELETE FROM ledger_event {where(3, 'tenant_b')}")
    with pytest.raises(BrokenLedger) as finding:
        verified(filled)
    assert (finding.value.tenant, finding.value.sequence) == ("tenant_b", 3)


@pytest.mark.parametrize("sequence", [1, 64, 200, SIZE + 1])
def test_an_event_changed_with_its_hash_does_not_fit_the_next(filled, tamper, sequence):
    body, hash_ = with_hash(filled, sequence, actor="person_9")
    tamper(f"UPDATE ledger_event SET body = :body, hash = :hash {where(sequence)}", body=body, hash=hash_)
    assert broken(filled) == ("ledger.event_replaced", sequence)


def test_a_body_that_is_too_long_is_changed_and_is_not_read_into_memory(filled, tamper):
    tamper(f"UPDATE ledger_event SET body = body || :more {where(4)}", more=" " * MAX_BODY_BYTES)
    assert broken(filled) == ("ledger.event_changed", 4)
    with reading_every_tenant(filled) as session:
        read = {row[0]: row[4] for row in repository.events_after(session, "tenant_a", None, LAST)}
    assert read[4] is None
    assert read[3]


def test_the_last_event_changed_with_its_hash_does_not_fit_the_head(filled, tamper):
    body, hash_ = with_hash(filled, LAST, actor="person_9")
    tamper(f"UPDATE ledger_event SET body = :body, hash = :hash {where(LAST)}", body=body, hash=hash_)
    assert broken(filled) == ("ledger.event_replaced", LAST)


def test_an_event_added_with_everything_but_the_head(filled, tamper):
    body, hash_ = with_hash(filled, LAST, sequence=LAST + 1, previous=row(filled, LAST)["hash"])
    tamper(COPY.format(tenant="tenant", sequence=LAST + 1, source=LAST))
    tamper(f"UPDATE ledger_event SET body = :body, hash = :hash {where(LAST + 1)}", body=body, hash=hash_)
    assert broken(filled) == ("ledger.event_added", LAST + 1)


def rewritten(store, tamper, first, last=LAST, **changes):
    """Rewrite the history from an event on, with every hash and the head, as only its owner can."""
    for sequence in range(first, last + 1):
        body, hash_ = with_hash(
            store,
            sequence,
            previous=row(store, sequence - 1)["hash"],
            **(changes if sequence == first else {}),
        )
        tamper(f"UPDATE ledger_event SET body = :body, hash = :hash {where(sequence)}", body=body, hash=hash_)
    tamper("UPDATE ledger_head SET hash = :hash WHERE tenant = 'tenant_a'", hash=hash_)


def test_a_history_that_was_rewritten_whole_does_not_fit_its_checkpoint(filled, tamper):
    rewritten(filled, tamper, SIZE + 5, actor="person_9")
    assert broken(filled) == ("ledger.history_rewritten", SIZE + 1)


def test_after_the_last_checkpoint_only_what_was_given_away_can_show_a_rewritten_history(filled, tamper):
    # The limit that ADR 0009 names: without a later checkpoint nothing inside the store can tell.
    rewritten(filled, tamper, LAST - 1, actor="person_9")
    assert verified(filled).events == 2 * SIZE + 28


def test_a_checkpoint_that_was_made_to_fit_a_rewritten_history_was_named_otherwise(filled, tamper):
    with filled.engine.connect() as connection:
        found = connection.execute(
            sa.text(f"SELECT body FROM ledger_checkpoint WHERE tenant = 'tenant_a' AND size = {SIZE}")
        )
        said = Checkpoint(**{k: v for k, v in json.loads(found.scalar_one()).items() if k != "format"})
    forged = Checkpoint(said.tenant, said.size, said.root, said.head, "2020-01-01T00:00:00.000Z").body()
    assert hash_of_body(forged, Checkpoint) != hash_of_body(said.body(), Checkpoint)
    tamper(
        f"UPDATE ledger_checkpoint SET body = :body WHERE tenant = 'tenant_a' AND size = {SIZE}", body=forged
    )
    assert broken(filled) == ("ledger.checkpoint_changed", SIZE)


@pytest.mark.parametrize("size", [[], {}, "300", None, True, 299, 301])
def test_an_event_that_names_no_checkpoint_there_is_is_found(filled, tamper, size):
    named = {"type": "ledger.checkpoint", "data": {"size": size, "hash": "x"}}
    tamper(f"UPDATE ledger_event SET type = 'ledger.checkpoint' {where(LAST)}")
    rewritten(filled, tamper, LAST, **named)
    assert broken(filled) == ("ledger.checkpoint_missing", LAST)


def test_a_fitting_checkpoint_that_no_event_names_was_added(filled, tamper):
    with reading(filled, PRINCIPAL) as session:
        size = SIZE + 24
        made = Checkpoint(
            "tenant_a",
            size,
            root_hash(size, KeptTree(partial(repository.hashes, session))).hex(),
            row(filled, size)["hash"],
            "t",
        )
    tamper(
        f"INSERT INTO ledger_checkpoint (tenant, size, root, body) VALUES ('tenant_a', {size}, :root, :body)",
        root=made.root,
        body=made.body(),
    )
    assert broken(filled) == ("ledger.checkpoint_added", size)


def test_data_that_were_erased_in_order_are_not_missed(filled):
    with writing(filled, PRINCIPAL) as session:
        assert erase(session, 41, ["name"], clock) is not None
    assert verified(filled).events == 2 * SIZE + 29


def test_erasing_one_thing_does_not_excuse_another(filled, tamper):
    with writing(filled, PRINCIPAL) as session:
        erase(session, 41, ["name"], clock)
    tamper(f"DELETE FROM ledger_personal {where(241)}")
    assert broken(filled) == ("ledger.personal_missing", 241)


def test_a_reader_does_not_stop_writers(filled):
    with reading_every_tenant(filled) as session:
        before = verify(session)
        with writing(filled, PRINCIPAL) as other:
            append(other, happened(5), clock)
        assert verify(session) == before
    assert verified(filled).events == before.events + 5


@pytest.mark.parametrize("table", ["ledger_event", "ledger_checkpoint", "ledger_head", "ledger_personal"])
def test_a_table_that_is_gone_is_damage(filled, tamper, table):
    tamper(f"DROP TABLE {table}")
    assert broken(filled)[0] == "ledger.unreadable"
