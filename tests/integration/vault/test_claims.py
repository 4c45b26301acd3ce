"""Which files of a claim are examined together, on both databases."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from tests.integration.vault.conftest import NUMBER, OURS, THEN
from tests.integration.web.service import picture

from bixie.access.tenancy import reading, writing
from bixie.jobs import repository as jobs
from bixie.jobs.models import State
from bixie.kit.errors import SettingError
from bixie.ledger.service import lock
from bixie.vault import repository
from bixie.vault.claims import MAX_TOGETHER, examination_delay
from bixie.vault.models import Role

DELAY = timedelta(seconds=1)


@pytest.fixture
def photo(keep):
    """Return a function that keeps another photo of a claim, some seconds after `THEN`."""
    taken = iter(range(100))

    def kept(seconds=0.0, number=NUMBER):
        data = picture(colour=(next(taken), 0, 0))
        return keep(data, number, at=THEN + timedelta(seconds=seconds))

    return kept


def jobs_of(store):
    with store.reading(Session) as session:
        return jobs.page(session, tenant=OURS.tenant, states=tuple(State), after=None, limit=100)


def begin(store):
    """Let a worker take every job that waits."""
    with store.writing(Session) as session:
        jobs.claim(session, jobs_of(store), THEN)


def test_files_that_arrive_together_are_one_job_due_a_moment_after_the_last(store, photo):
    first, second = photo(0), photo(0.5)
    (job,) = jobs_of(store)
    assert (job.key, job.payload) == (first.id, {"exhibit": first.id})
    assert job.due_at == THEN + timedelta(seconds=0.5) + DELAY
    assert (first.arrived_with, second.arrived_with) == (first.id, first.id)
    with reading(store, OURS) as session:
        assert [one.id for one in repository.arrived_together(session, first.id)] == [first.id, second.id]


def test_a_file_of_another_order_or_role_does_not_join(store, keep, photo):
    first, other = photo(), photo(number="another")
    keep(picture(colour="green"), role=Role.LISTING)
    assert {job.key for job in jobs_of(store)} == {first.id, other.id}


def test_files_that_keep_arriving_do_not_put_the_job_off_for_ever(store, photo):
    for number in range(16):
        photo(0.5 * number)
    (job,) = jobs_of(store)
    assert job.due_at == THEN + 5 * DELAY


@pytest.mark.parametrize("location", ["postgresql"], indirect=True)
def test_a_file_does_not_wait_for_a_job_whose_attempt_ends_now(store, photo):
    """A check holds the ledger and the end of an attempt the job: if each waited, neither would go on."""
    first = photo()
    (job,) = jobs_of(store)
    kept = []
    with writing(store, OURS) as session:
        assert jobs.locked(session, job.id) is not None
        other = threading.Thread(target=lambda: kept.append(photo()))
        other.start()
        other.join(timeout=5)
        lock(session)
    other.join()
    (second,) = kept
    assert (first.arrived_with, second.arrived_with) == (first.id, second.id)
    assert {one.key for one in jobs_of(store)} == {first.id, second.id}


def test_a_file_that_comes_after_a_worker_has_begun_is_a_job_of_its_own(store, photo):
    first = photo()
    begin(store)
    second, third = photo(), photo()
    assert {job.key for job in jobs_of(store)} == {first.id, second.id}
    assert third.arrived_with == second.id


def test_many_files_of_one_order_are_jobs_of_a_bounded_size(store, photo):
    kept = [photo() for _ in range(2 * MAX_TOGETHER + 1)]
    keys = [one.arrived_with for one in kept]
    assert len(jobs_of(store)) == len(set(keys)) == 3
    assert [keys.count(key) for key in dict.fromkeys(keys)] == [MAX_TOGETHER, MAX_TOGETHER, 1]


def test_the_setting_says_how_long_is_waited():
    assert examination_delay({}) == DELAY
    assert examination_delay({"BIXIE_EXAMINATION_DELAY": "0.2"}) == timedelta(seconds=0.2)
    for wrong in ("", "soon", "-1", "61", "nan", "inf"):
        with pytest.raises(SettingError) as refused:
            examination_delay({"BIXIE_EXAMINATION_DELAY": wrong})
        assert refused.value.code == "setting.not_seconds"
