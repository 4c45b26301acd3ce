"""Witnesses are told every checkpoint, and any one of them finds a cut, a fork and a rewrite."""

import json

import pytest
import sqlalchemy as sa
from tests.integration.ledger.conftest import OTHER, PRINCIPAL, clock, happened

from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.kit.canonical_json import CanonicalError
from bixie.ledger.errors import BrokenLedger, LedgerError, WitnessError
from bixie.ledger.jobs import periodic_tasks
from bixie.ledger.last_signed import memory_of
from bixie.ledger.models import LedgerHandover
from bixie.ledger.rules import GENESIS
from bixie.ledger.service import append, checkpoint, prove
from bixie.ledger.signing import SIGNING, KeyFile
from bixie.ledger.verification import verify
from bixie.ledger.verifying_signatures import Trust
from bixie.ledger.witnesses import repository
from bixie.ledger.witnesses.comparing import compare
from bixie.ledger.witnesses.files import FileWitness
from bixie.ledger.witnesses.handing_over import tell_witness
from bixie.ledger.witnesses.reading import read_source
from bixie.store.unit_of_work import Store


@pytest.fixture
def signing(store, tmp_path):
    return Store(store.engine, {SIGNING: KeyFile(tmp_path / "key.pem", beside_store=True)})


@pytest.fixture
def witness(tmp_path):
    return FileWitness(tmp_path / "elsewhere.jsonl")


@pytest.fixture
def told(signing, witness):
    """A ledger of 4 and one of 8 events whose checkpoints a witness was told, and an event more."""
    happens(signing)
    tell_witness(signing, PRINCIPAL, witness)
    happens(signing)
    tell_witness(signing, PRINCIPAL, witness)
    with writing(signing, PRINCIPAL) as session:
        append(session, happened(1), clock)
    return signing


NO_ONE = Trust()


class RefusedAuthority:
    """Answers with stamps that are none."""

    url = "https://stamps.example"
    asked = 0

    def stamp(self, _message):
        self.asked += 1
        raise LedgerError("ledger.stamp_invalid", reason="")


def happens(store, count=3, principal=PRINCIPAL):
    with writing(store, principal) as session:
        append(session, happened(count), clock)
        return checkpoint(session, clock)


def key_of(store):
    return Trust((store.about[SIGNING].signer().public,))


def compared(store, *sources, trust=NO_ONE):
    said = [one for source in sources for one in read_source(str(source))]
    with reading_every_tenant(store) as session:
        verify(session, trust=trust)
        return compare(session, said, trust)


def broken(store, *sources, trust=NO_ONE):
    with pytest.raises(BrokenLedger) as finding:
        compared(store, *sources, trust=trust)
    assert finding.value.text.zh
    return finding.value.code, finding.value.sequence


def unguard(connection):
    """Let rows of the ledger be changed, as who owns the database can."""
    if connection.dialect.name == "sqlite":
        named = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in connection.scalars(named).all():
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))


def cut(store, size, *, checkpoints):
    """Cut off everything after an event, so that the rest holds together."""
    with store.engine.begin() as connection:
        unguard(connection)
        for table in ("ledger_event", "ledger_personal"):
            connection.execute(sa.text(f"DELETE FROM {table} WHERE sequence > {size}"))
        for table in ("ledger_checkpoint", "ledger_signature"):
            connection.execute(sa.text(f"DELETE FROM {table} WHERE size > {checkpoints}"))
        last = f"(SELECT hash FROM ledger_event WHERE sequence = {size})" if size else f"'{GENESIS}'"
        connection.execute(sa.text(f"UPDATE ledger_head SET size = {size}, hash = {last}"))


def test_what_a_witness_was_told_agrees(told, witness):
    assert compared(told, witness.path) == 2
    assert compared(told, witness.path, witness.path, trust=key_of(told)) == 4


def test_a_tail_that_was_cut_off_is_found_by_the_witness_alone(told, witness):
    cut(told, 5, checkpoints=4)
    assert broken(told, witness.path) == ("ledger.witness_ahead", 6)
    with reading_every_tenant(told) as session:
        verify(session)  # nothing in the store shows it


def test_a_ledger_that_is_gone_is_found(told, witness):
    cut(told, 0, checkpoints=0)
    assert broken(told, witness.path) == ("ledger.witness_ahead", 1)


def test_a_ledger_that_goes_on_from_a_cut_is_a_fork(told, witness):
    cut(told, 5, checkpoints=4)
    memory_of(told.about).file_of(PRINCIPAL.tenant).unlink()  # on a machine that has signed nothing yet
    happens(told, 9)
    assert broken(told, witness.path) == ("ledger.witness_differs", 8)


def test_a_checkpoint_that_only_the_witness_has_is_missing(told, witness):
    # As a fork that repeats the events exactly, which only their times could tell apart.
    with told.engine.begin() as connection:
        head = connection.scalar(sa.text("SELECT hash FROM ledger_event WHERE sequence = 7"))
    line = json.loads(witness.path.read_bytes().splitlines()[0])
    body = json.loads(line["checkpoint"]) | {"size": 7, "head": head}
    line |= {"checkpoint": json.dumps(body, sort_keys=True, separators=(",", ":")), "signature": None}
    witness.path.write_text(json.dumps(line) + "\n")
    assert broken(told, witness.path) == ("ledger.checkpoint_missing", 7)


def test_a_statement_that_no_trusted_key_has_signed_is_named(told, witness):
    text = witness.path.read_text()
    line = json.loads(text.splitlines()[0])
    signature = line["signature"]["signature"]
    line["signature"]["signature"] = ("B" if signature[0] == "A" else "A") + signature[1:]
    witness.path.write_text(json.dumps(line) + "\n")
    assert broken(told, witness.path) == ("ledger.witness_invalid", 4)
    witness.path.write_text(text)
    stranger = KeyFile(witness.path.with_name("other.pem"), beside_store=True).signer(create=True)
    with pytest.raises(BrokenLedger) as finding, reading_every_tenant(told) as session:
        compare(session, read_source(str(witness.path)), Trust((stranger.public,)))
    assert finding.value.code == "ledger.witness_invalid"


def test_a_proof_or_receipt_is_a_witness_too(told, tmp_path):
    with reading(told, PRINCIPAL) as session:
        proof = prove(session, 2).to_dict()
    (tmp_path / "proof.json").write_text(json.dumps(proof, indent=2))
    (tmp_path / "receipt.json").write_text(json.dumps({"format": "bixie.receipt/1", "proof": proof}))
    sources = [tmp_path / "proof.json", tmp_path / "receipt.json"]
    assert compared(told, *sources, trust=key_of(told)) == 2
    cut(told, 1, checkpoints=0)
    for one in sources:
        assert broken(told, one) == ("ledger.witness_ahead", 2)


def test_a_worker_tells_each_witness_all_tenants_once_and_goes_on_after_a_failure(signing, witness, tmp_path):
    folder = FileWitness(tmp_path / "folder")
    folder.path.mkdir()
    away = FileWitness(tmp_path / "not" / "there")
    tasks = periodic_tasks(signing, (), [away, witness, folder])[-3:]
    happens(signing)
    happens(signing, principal=OTHER)
    for _ in range(2):
        with pytest.raises(WitnessError):
            tasks[0].do()
        for task in tasks[1:]:
            task.do()
    assert len(witness.path.read_bytes().splitlines()) == 2
    assert sorted(one.name for one in folder.path.iterdir()) == ["tenant_a.jsonl", "tenant_b.jsonl"]
    assert compared(signing, witness.path, folder.path) == 4
    with reading_every_tenant(signing) as session:
        found = session.scalars(sa.select(LedgerHandover))
        rows = {(one.witness, one.tenant): one for one in found}
    assert rows[away.name, "tenant_a"].failed_at is not None
    assert rows[away.name, "tenant_a"].size == 0
    assert rows[witness.name, "tenant_b"].error is None
    with reading_every_tenant(signing) as session:
        failing, oldest = repository.progress(session)
    assert failing == 1  # the round ends with the first tenant
    assert oldest == rows[witness.name, "tenant_b"].told_at
    away.path.parent.mkdir()
    tasks[0].do()
    assert compared(signing, away.path) == 2


def test_a_new_witness_that_is_away_at_first_is_told_the_newest_and_no_history(signing, tmp_path):
    away = FileWitness(tmp_path / "not" / "there")
    for _ in range(3):
        happens(signing)
    with pytest.raises(WitnessError):
        tell_witness(signing, PRINCIPAL, away)
    away.path.parent.mkdir()
    tell_witness(signing, PRINCIPAL, away)
    happens(signing)
    tell_witness(signing, PRINCIPAL, away)
    assert [one.size for one in read_source(str(away.path))] == [12, 16]


def test_one_damaged_ledger_stops_neither_checkpoints_nor_stamps_nor_witnesses(signing, witness):
    for principal in (PRINCIPAL, OTHER):
        happens(signing, principal=principal)
        with writing(signing, principal) as session:
            append(session, happened(1), clock)
    with signing.engine.begin() as connection:
        unguard(connection)
        for table in ("ledger_event", "ledger_checkpoint"):
            connection.execute(sa.text(f"UPDATE {table} SET body = '{{}}' WHERE tenant = 'tenant_a'"))
    authority = RefusedAuthority()
    checkpoints, _, telling = periodic_tasks(signing, [authority], [witness])
    with pytest.raises(LedgerError) as failure:
        checkpoints.do()
    assert failure.value.code == "ledger.stamp_invalid"
    assert authority.asked == 2
    with pytest.raises(CanonicalError):
        telling.do()
    assert [(one.tenant, one.size) for one in read_source(str(witness.path))] == [("tenant_b", 6)]


def test_a_checkpoint_that_is_damaged_has_no_witness_told_twice_what_came_before(told, witness):
    happens(told)
    happens(told)
    with told.engine.begin() as connection:
        unguard(connection)
        connection.execute(sa.text("UPDATE ledger_checkpoint SET body = '{}' WHERE size = 17"))
    for _ in range(2):
        with pytest.raises(CanonicalError):
            tell_witness(told, PRINCIPAL, witness)
    assert [one.size for one in read_source(str(witness.path))] == [4, 8, 13]


def test_a_witness_that_was_away_is_told_what_it_missed(told, witness):
    happens(told)
    happens(told)
    tell_witness(told, PRINCIPAL, witness)
    assert [one.size for one in read_source(str(witness.path))] == [4, 8, 13, 17]
