"""Files, rows and jobs that do not fit together are mended or shown, on both databases."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from tests.integration.vault.conftest import OURS, THEIRS, picture

from bixie.access.jobs import delete_old_answers
from bixie.access.models import GivenAnswer
from bixie.access.tenancy import reading, writing
from bixie.jobs import repository as jobs
from bixie.jobs.models import Job, State
from bixie.kit.timestamps import utc_now
from bixie.store.blobs import TEMPORARY, path_of
from bixie.vault.claims import EXAMINATION
from bixie.vault.errors import FilesMissingError
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.reconciliation import jobs as reconciling
from bixie.vault.reconciliation import repository
from bixie.vault.reconciliation.jobs import enqueue_lost, periodic_tasks, reconcile_files, remove_lost_parts
from bixie.vault.reconciliation.service import FileCounts
from bixie.vault.retention.erasure import Reason, discard, erase
from bixie.vault.uploads import parts
from bixie.vault.uploads.models import UploadPart

LATER = timedelta(days=2)


def later():
    return utc_now() + LATER


def job_of(store, exhibit):
    with store.reading(Session) as session:
        return jobs.by_key(session, exhibit.tenant, EXAMINATION, exhibit.id)


def counted(store):
    with store.reading(Session) as session:
        return {one.name: one.count for one in jobs.task_counts(session)}


def do(store, blobs, name):
    (task,) = (one for one in periodic_tasks(store, blobs) if one.name == name)
    task.do()


def lose_jobs(store):
    with store.writing(Session) as session:
        session.execute(delete(Job))


def test_a_claims_photo_whose_job_is_gone_is_enqueued_once(store, blobs, keep):
    claim, other = keep(), keep(principal=THEIRS)
    keep(role=ExhibitRole.LISTING)
    keep(picture((1, 1, 1)), at=utc_now())  # its job may be written in this moment
    lose_jobs(store)
    do(store, blobs, "vault.examinations")
    for exhibit in (claim, other):
        assert job_of(store, exhibit).payload == {"exhibit": exhibit.id}
    assert counted(store) == {"examinations_enqueued": 2}
    assert enqueue_lost(store) == 0


def test_a_claim_that_cannot_be_enqueued_stops_no_other_and_only_new_jobs_count(store, keep, monkeypatch):
    claim, other = keep(), keep(principal=THEIRS)
    lose_jobs(store)
    real = reconciling.lock

    def lock(session):
        if session.principal.tenant == claim.tenant:
            raise RuntimeError("a damaged row")
        real(session)

    with monkeypatch.context() as patched:
        patched.setattr(reconciling, "lock", lock)
        with pytest.raises(RuntimeError):
            enqueue_lost(store)
    assert (job_of(store, claim), job_of(store, other).payload) == (None, {"exhibit": other.id})
    found = [(claim.tenant, claim.id), (other.tenant, other.id)]  # another worker made the second one's job
    monkeypatch.setattr(reconciling.repository, "unexamined", lambda *_: found)
    assert enqueue_lost(store) == 1


def test_a_job_that_waits_or_was_given_up_is_not_lost(store, keep):
    keep()
    with store.writing(Session) as session:
        session.execute(update(Job).values(state=str(State.DEAD)))
    assert enqueue_lost(store) == 0


def test_what_is_erased_or_refused_is_not_examined(store, keep, within):
    within(erase, keep().id, Reason.REQUEST)
    assert keep(picture()[:60]).state == "refused"
    lose_jobs(store)
    assert enqueue_lost(store) == 0


def test_a_file_that_is_missing_is_shown_until_it_is_back(store, blobs, keep):
    first, second = keep(), keep(picture((1, 1, 1)))
    other = keep(principal=THEIRS)  # the same bytes, another tenant
    with blobs.open(OURS.tenant, first.sha256) as file:
        data = file.read()
    blobs.remove(OURS.tenant, first.sha256)
    for _ in range(2):
        with pytest.raises(FilesMissingError):
            do(store, blobs, "vault.files")
    assert counted(store) == {"files_missing": 1, "files_unnamed": 0}
    with reading(store, OURS) as session:
        assert repository.missing(session) == {first.sha256}
        assert repository.missing(session, [second.sha256]) == set()
    with reading(store, THEIRS) as session:
        assert repository.missing(session, [other.sha256]) == set()
    with blobs.receiving([data]) as again:
        blobs.keep(OURS.tenant, again)
    do(store, blobs, "vault.files")
    with reading(store, OURS) as session:
        assert repository.missing(session) == set()


def test_a_missing_file_whose_exhibit_is_erased_is_missed_no_longer(store, blobs, keep, within):
    exhibit = keep()
    blobs.remove(OURS.tenant, exhibit.sha256)
    assert reconcile_files(store, blobs) == FileCounts(missing=1, unnamed=0)
    within(erase, exhibit.id, Reason.REQUEST)
    discard(store, OURS, blobs)
    assert reconcile_files(store, blobs) == FileCounts(missing=0, unnamed=0)


def test_a_file_that_no_row_names_is_counted_after_a_day_and_never_removed(store, blobs, keep):
    keep()
    with blobs.receiving([b"evidence, perhaps"]) as received:
        blobs.keep(OURS.tenant, received)
    assert reconcile_files(store, blobs) == FileCounts(missing=0, unnamed=0)
    assert reconcile_files(store, blobs, later) == FileCounts(missing=0, unnamed=1)
    assert blobs.holds(OURS.tenant, received.sha256)


def test_a_part_that_no_upload_knows_is_removed_after_a_day(store, blobs, location, within):
    (lost, _), (known, _), (fresh, _) = [parts.keep(blobs, [b"bytes"], utc_now) for _ in range(3)]
    old = (utc_now() - LATER).timestamp()
    for one in (lost, known):
        os.utime(location.folder / "blobs" / path_of(TEMPORARY, one), (old, old))
    row = UploadPart(upload_id="upload_1", start=0, tenant=OURS.tenant, size=5, sha256=known)
    within(lambda session: session.add(row))
    assert remove_lost_parts(store, blobs) == 1
    assert [blobs.holds(TEMPORARY, one) for one in (lost, known, fresh)] == [False, True, True]


def test_stored_answers_are_deleted_for_tenants_that_are_silent(store, within):
    def answer(session, key, at):
        row = GivenAnswer(
            tenant=session.principal.tenant, actor="a", key=key, fingerprint="f", answer={}, made_at=at
        )
        session.add(row)

    now = utc_now()
    for principal in (OURS, THEIRS):
        within(answer, "old", now - timedelta(days=4), principal=principal)
        within(answer, "new", now, principal=principal)
    delete_old_answers(store)
    for principal in (OURS, THEIRS):
        with writing(store, principal) as session:
            assert [one.key for one in session.query(GivenAnswer)] == ["new"]
