"""Checkpoints signed with a key that is not in the database, and what verifying makes of the signatures."""

import errno
import os
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.integration.ledger.conftest import PRINCIPAL, TIME, clock, happened

from bixie.access.tenancy import reading_every_tenant, writing
from bixie.kit.errors import SettingError
from bixie.ledger.daily import last_verification, verify_if_due
from bixie.ledger.errors import BrokenLedger, LedgerError
from bixie.ledger.jobs import periodic_tasks
from bixie.ledger.rules import signed_message
from bixie.ledger.service import append, change_key, checkpoint
from bixie.ledger.signing import SIGNING, KeyFile
from bixie.ledger.verification import verify
from bixie.ledger.verifying_signatures import Trust
from bixie.store.unit_of_work import Store


@pytest.fixture
def file(tmp_path):
    return KeyFile(tmp_path / "key.pem", beside_store=True)


@pytest.fixture
def signing(store, file):
    """The same store, by whoever has the key."""
    return Store(store.engine, {SIGNING: file})


@pytest.fixture
def signed(store, signing):
    """An unsigned checkpoint over 3 events, then a signed one."""
    happens(store)
    happens(signing)
    return signing


NO_ONE = Trust()


def happens(store, count=3):
    with writing(store, PRINCIPAL) as session:
        append(session, happened(count), clock)
        return checkpoint(session, clock)


def trust(*signers, must_sign=False):
    return Trust(tuple(one.public for one in signers), must_sign)


def verified(store, trusted=NO_ONE):
    with reading_every_tenant(store) as session:
        return verify(session, trust=trusted)


def broken(store, trusted=NO_ONE):
    with pytest.raises(BrokenLedger) as finding:
        verified(store, trusted)
    assert finding.value.text.zh
    return finding.value.code, finding.value.sequence


def change(store, statement):
    """Run a statement as who owns the database can."""
    with store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("no_update", "no_delete"):
                connection.execute(sa.text(f"DROP TRIGGER ledger_signature_{name}"))
        else:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        connection.execute(sa.text(statement))


def changed_key(store, file, *, lost=False):
    former = file.signer()
    following = file.prepare_next(former)
    with writing(store, PRINCIPAL) as session:
        change_key(session, following, None if lost else former, clock, lost=lost)
    return former, following


def test_signatures_are_counted_by_who_is_trusted(signed, file):
    found = verified(signed, trust(file.signer()))
    assert (found.signatures, found.unchecked_signatures, found.unsigned) == (1, 0, 1)
    found = verified(signed)
    assert (found.signatures, found.unchecked_signatures, found.unsigned) == (0, 1, 1)


def test_the_signed_bytes_begin_with_their_type(signed, file):
    both = sa.text("SELECT body, signature FROM ledger_checkpoint JOIN ledger_signature USING (tenant, size)")
    with signed.engine.connect() as connection:
        row = connection.execute(both).mappings().one()
    assert file.signer().public.signed(b"bixie.ledger.signature/1\n" + row["body"].encode(), row["signature"])
    assert signed_message(row["body"]).startswith(b"bixie.ledger.signature/1\n")


SIZE = 8
"""Of the signed checkpoint: four events, three more, and the one that names the key."""


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM ledger_signature", "ledger.checkpoint_unsigned"),
        ("UPDATE ledger_signature SET signature = 'é'", "ledger.signature_invalid"),
        ("DROP TABLE ledger_signature", "ledger.unreadable"),
    ],
)
def test_a_signature_that_was_changed_or_removed_is_found(signed, statement, code):
    change(signed, statement)
    assert broken(signed) == (code, 0 if code == "ledger.unreadable" else SIZE)


def test_whoever_was_told_the_key_finds_a_ledger_without_any_signature(store, signing, file):
    happens(store)
    file.signer(create=True)
    assert verified(store, trust(file.signer())).unsigned == 1
    assert broken(store, trust(file.signer(), must_sign=True))[0] == "ledger.checkpoint_unsigned"


def test_the_daily_verification_finds_a_ledger_without_any_signature(store, signing, file):
    happens(store)  # as an intruder leaves it who removes signatures and events about keys
    file.signer(create=True)
    now = [TIME + timedelta(days=1)]
    _date(file, TIME - timedelta(seconds=1))

    def fault(started=None):
        now[0] += timedelta(days=1)
        verify_if_due(signing, lambda: now[0], started)
        with reading_every_tenant(store) as session:
            return last_verification(session).fault

    assert fault()["code"] == "ledger.checkpoint_unsigned"
    assert fault(started=now[0] + timedelta(hours=23.9)) is None  # the first signatures are being made
    _date(file, now[0] + timedelta(hours=1))
    assert fault() is None  # the key was made today
    _date(file, TIME)
    assert fault()["code"] == "ledger.checkpoint_unsigned"
    happens(signing)
    assert fault() is None


def _date(file, at):
    os.utime(file.path, (at.timestamp(), at.timestamp()))


def test_each_of_two_keys_leads_to_the_other_when_both_have_signed_the_change(signed, file):
    former, following = changed_key(signed, file)
    file.adopt_next()
    happens(signed)
    for one in (former, following):
        assert verified(signed, trust(one, must_sign=True)).signatures == 2
    assert file.signer().former == (former.public,)


def test_while_a_key_is_being_changed_checkpoints_are_signed_with_the_one_that_the_ledger_names(signed, file):
    changed_key(signed, file)
    happens(signed)  # the file of the next key has not taken its place yet
    assert verified(signed).unchecked_signatures == 2


def test_a_change_that_the_former_key_has_not_signed_leads_nowhere(signed, file):
    former, following = changed_key(signed, file, lost=True)
    file.adopt_next()
    happens(signed)
    assert verified(signed).unchecked_signatures == 2
    assert broken(signed, trust(following))[0] == "ledger.key_untrusted"
    assert verified(signed, trust(former, following)).signatures == 2


def test_a_key_that_is_not_here_is_not_replaced_by_another(signed, store, file):
    with pytest.raises(LedgerError) as refusal:
        happens(store)
    assert refusal.value.code == "ledger.key_missing"
    file.path.unlink()
    with pytest.raises(LedgerError):
        happens(signed)
    assert not file.path.exists()
    other = file.prepare_next(None)
    with pytest.raises(LedgerError), writing(signed, PRINCIPAL) as session:
        change_key(session, other, None, clock)


def test_a_worker_signs_the_ledgers_that_no_key_has_signed_yet(store, signing):
    happens(store)
    task = next(one for one in periodic_tasks(signing) if one.name == "ledger.checkpoint")
    task.do()
    task.do()
    found = verified(store)
    assert (found.unsigned, found.unchecked_signatures) == (1, 1)


def test_a_first_key_is_made_on_a_file_system_without_hard_links(file, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    made = file.signer(create=True)
    assert file.signer(create=True).public == made.public
    file._write_first()  # another process was quicker
    assert file.signer().public == made.public
    assert [one.name for one in file.path.parent.iterdir() if one.name.startswith("key")] == ["key.pem"]
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_a_setting_names_must_be_there(tmp_path):
    with pytest.raises(SettingError) as refusal:
        KeyFile(tmp_path / "none.pem").signer(create=True)
    assert refusal.value.code == "setting.unreadable_file"


@pytest.mark.parametrize(
    "text", ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_without_a_key_is_refused(tmp_path, text):
    (tmp_path / "key.pem").write_text(text)
    with pytest.raises(SettingError):
        KeyFile(tmp_path / "key.pem").signer()
