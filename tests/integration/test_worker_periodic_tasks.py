"""Periodic tasks of a worker, at a store of several tenants, on both databases."""

import io
import shutil
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from tests.integration.web.service import picture
from tests.services.authorities import Keys, serving

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.assembly.jobs import periodic_tasks
from bixie.imaging.limits import Limits
from bixie.ledger import repository as ledger
from bixie.ledger.daily import last_verification, verify_if_due
from bixie.ledger.service import NewEvent, append
from bixie.ledger.timestamps import ROOTS, URL
from bixie.ledger.verification import verify
from bixie.store.blobs import DiskBlobs
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.models import State
from bixie.vault.service import Upload, found, keep_bytes, receive, stage
from bixie.web.store_metrics import store_metrics

OURS = Principal("tenant_ours", "program_test", Role.PROGRAM)
THEIRS = Principal("tenant_theirs", "program_test", Role.PROGRAM)
BOTH = (OURS, THEIRS)


@pytest.fixture
def do(store, location):
    """Return a function that does one periodic task, once."""

    def once(name):
        (task,) = (one for one in periodic_tasks(store, location) if one.name == name)
        task.do()

    return once


def test_every_tenant_gets_a_checkpoint_once(store, do):
    for principal in BOTH:
        with writing(store, principal) as session:
            append(session, [NewEvent("test.happened", "thing_1")])
    for _ in range(3):
        do("ledger.checkpoint")
    with reading_every_tenant(store) as session:
        assert verify(session).checkpoints == 2
        assert ledger.tenants_uncovered(session) == []
    with writing(store, OURS) as session:
        append(session, [NewEvent("test.happened", "thing_1")])
    with reading_every_tenant(store) as session:
        assert ledger.tenants_uncovered(session) == [OURS.tenant]


def test_ledger_and_rows_are_verified_once_a_day_and_the_result_is_kept(store, do, caplog):
    now = [datetime.now(UTC).replace(microsecond=0)]

    def later(**much):
        now[0] += timedelta(**much)
        verify_if_due(store, lambda: now[0])
        with reading_every_tenant(store) as session:
            return last_verification(session)

    def shown():
        lines = store_metrics(store, lambda: now[0]).decode().splitlines()
        return [line for line in lines if line.startswith("bixie_ledger")]

    with writing(store, OURS) as session:
        append(session, [NewEvent("test.happened", "thing_1")])
    assert shown() == []
    do("ledger.verify")
    first = later(hours=1)
    assert first.fault is None
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE ledger_head SET size = 2"))
    assert later(hours=1) == first
    assert caplog.messages == []
    last = later(hours=23)
    assert last.fault["code"] == "ledger.event_missing"
    assert last.at == now[0]
    assert [message.split(":")[0] for message in caplog.messages] == ["ledger.event_missing"]
    assert "bixie_ledger_ok 0.0" in shown()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not there")
def test_checkpoints_are_stamped_where_an_authority_is_named(store, do, tmp_path, monkeypatch):
    keys = Keys(tmp_path / "authority", "ours")
    with writing(store, OURS) as session:
        append(session, [NewEvent("test.happened", "thing_1")])
    do("ledger.checkpoint")  # none is named yet
    with serving(lambda query: (200, keys.answer(query))) as address:
        monkeypatch.setenv(URL, address)
        monkeypatch.setenv(ROOTS, str(keys.roots))
        do("ledger.checkpoint")
    with reading(store, OURS) as session:
        assert len(ledger.stamps_of(session, 1)) == 1


def test_a_file_that_a_dead_process_left_unchecked_is_checked(store, do, location):
    blobs = DiskBlobs(location.folder / "blobs")

    def left(at):
        upload = Upload(io.BytesIO(picture((at.minute, 0, 0))), "a.png", "1", ExhibitRole.CLAIM)
        with stage(blobs, upload, Limits()) as staged, writing(store, OURS) as session:
            keep_bytes(blobs, OURS.tenant, staged)
            return receive(session, blobs, staged, lambda: at).id

    now = datetime.now(UTC)
    old, fresh = left(now - timedelta(minutes=5)), left(now)
    do("vault.check")
    with reading(store, OURS) as session:
        assert [found(session, one).state for one in (old, fresh)] == [State.KEPT, State.QUARANTINED]
