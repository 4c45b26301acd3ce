"""What the signer remembers outside of the database, and the histories that it refuses to sign for it."""

import json

import pytest
import sqlalchemy as sa
from tests.integration.ledger.conftest import OTHER, PRINCIPAL, TIME, clock, happened

from bixie.access.tenancy import reading_every_tenant, writing
from bixie.kit.errors import SettingError
from bixie.ledger.errors import BrokenLedger, NoKeyError
from bixie.ledger.last_signed import Signed, memory_of
from bixie.ledger.service import append, checkpoint
from bixie.ledger.signing import SIGNING, KeyFile
from bixie.ledger.verification import verify
from bixie.ledger.verifying_signatures import own_trust
from bixie.store.unit_of_work import Store

TABLES = (
    "ledger_event",
    "ledger_checkpoint",
    "ledger_signature",
    "ledger_node",
    "ledger_personal",
    "ledger_head",
)
COUNT = 300
"""Events under the signed checkpoint: more than a tile of the tree."""


@pytest.fixture
def signing(store, tmp_path):
    return Store(store.engine, {SIGNING: KeyFile(tmp_path / "key.pem", beside_store=True)})


@pytest.fixture
def memory(signing):
    happens(signing, COUNT)
    return memory_of(signing.about)


def happens(store, count, first=0, principal=PRINCIPAL):
    with writing(store, principal) as session:
        append(session, happened(count, first), clock)
        return checkpoint(session, clock)


def emptied(store):
    """Remove the whole ledger, as who owns the database can."""
    with store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            triggers = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in connection.scalars(triggers).all():
                connection.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in TABLES:
            connection.execute(sa.text(f"DELETE FROM {table}"))


def forged(store, count):
    """Put another history, without any trace of a key, in the place of the ledger."""
    emptied(store)
    unsigned = Store(store.engine)
    with writing(unsigned, PRINCIPAL) as session:
        append(session, happened(count, first=1000), clock)


def refusal(store):
    with pytest.raises(NoKeyError) as raised, writing(store, PRINCIPAL) as session:
        checkpoint(session, clock)
    assert raised.value.text.zh
    return raised.value


def found(store):
    trust = own_trust(store.about, TIME)
    with pytest.raises(BrokenLedger) as finding, reading_every_tenant(store) as session:
        verify(session, trust=trust)
    assert finding.value.text.zh
    return finding.value.code, finding.value.sequence


def test_the_signer_remembers_what_it_signed_last(signing, memory):
    first = memory.last(PRINCIPAL.tenant)
    made = happens(signing, 3)
    assert first.size < made.size
    assert memory.all() == {PRINCIPAL.tenant: Signed(made.size, made.root)}
    assert memory.file_of(PRINCIPAL.tenant).stat().st_mode & 0o777 == 0o600
    with reading_every_tenant(signing) as session:
        assert verify(session, trust=own_trust(signing.about, TIME)).signatures == 2


@pytest.mark.parametrize("count", [5, COUNT + 1, COUNT + 40])
def test_a_rewritten_history_gets_no_signature_and_is_found(signing, memory, count):
    size = memory.last(PRINCIPAL.tenant).size
    forged(signing, count)
    error = refusal(signing)
    assert (error.code, error.status) == ("ledger.signed_otherwise", 503)
    with signing.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM ledger_signature")) == 0
        assert connection.scalar(sa.text("SELECT size FROM ledger_head")) == count  # no key was named either
    assert found(signing) == ("ledger.signed_differs", min(size, count))


def test_only_checkpoints_stop_and_only_those_of_that_tenant(signing, memory):
    forged(signing, 5)
    refusal(signing)
    with writing(signing, PRINCIPAL) as session:
        append(session, happened(1), clock)
    assert happens(signing, 1, principal=OTHER) is not None


def test_a_ledger_that_vanished_with_its_tenant_is_found(signing, memory):
    emptied(signing)
    assert found(signing) == ("ledger.signed_differs", 0)


def test_whoever_restores_an_older_copy_on_purpose_puts_the_memory_aside(signing, memory):
    forged(signing, 5)
    file = memory.file_of(PRINCIPAL.tenant)
    file.rename(file.with_name("put-aside.json"))
    assert happens(signing, 1) is not None
    assert memory.all().keys() == {PRINCIPAL.tenant}


def test_a_memory_that_is_behind_is_fine(signing, memory):
    before = memory.last(PRINCIPAL.tenant)
    happens(signing, 3)
    memory.remember(PRINCIPAL.tenant, before)  # another machine has signed, or this one was killed
    assert happens(signing, 3) is not None


def test_what_is_rolled_back_is_not_remembered(signing, memory):
    before = memory.last(PRINCIPAL.tenant)
    with writing(signing, PRINCIPAL) as session:
        append(session, happened(3), clock)
        checkpoint(session, clock)
        with session.begin_nested():
            append(session, happened(1), clock)
        session.rollback()
    assert memory.last(PRINCIPAL.tenant) == before


def test_a_folder_that_cannot_be_written_stops_nothing(signing, tmp_path):
    (tmp_path / "key.pem.signed").write_text("")
    assert happens(signing, 3) is not None


def test_a_damaged_memory_is_refused_and_not_taken_for_none(signing, memory):
    memory.file_of(PRINCIPAL.tenant).write_text(json.dumps({"size": "1"}))
    with pytest.raises(SettingError):
        happens(signing, 3)
    with pytest.raises(SettingError):
        own_trust(signing.about, TIME)


def test_a_tenant_of_any_name_stays_in_the_folder(signing, memory):
    for name in ("../../outside", ".", "租户"):
        memory.remember(name, Signed(1, "0" * 64))
        assert memory.file_of(name).parent == memory.folder
    assert memory.all().keys() == {PRINCIPAL.tenant, "../../outside", ".", "租户"}
