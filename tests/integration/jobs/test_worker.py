"""Workers as processes: they share, they stop when told, and killing them loses and doubles nothing."""

import random
import time
from datetime import UTC, datetime

import pytest
from dbos import DBOS
from sqlalchemy.orm import Session
from tests.services import counting_worker, postgresql, worker_runs

from bixie.access.tenancy import writing
from bixie.assembly.stores import ready_store
from bixie.jobs import repository, worker
from bixie.jobs.errors import WorkError
from bixie.jobs.executor import JobExecutor
from bixie.jobs.job_types import JobType
from bixie.jobs.models import State
from bixie.jobs.service import enqueue, give_up
from bixie.store.settings import Location

SEED = 20261125
TOO_LONG = 120
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def asked(store, kind=counting_worker.FIRST, payload=0):
    with writing(store, counting_worker.PRINCIPAL) as session:
        return enqueue(session, kind, payload, tenant=counting_worker.PRINCIPAL.tenant)


def job(store, job_id):
    with store.reading(Session) as session:
        return repository.by_id(session, job_id)


@pytest.mark.chaos
def test_two_workers_do_two_hundred_jobs_once_each(store, location):
    worker_runs.enqueue_counting(store, 100, 10)
    with worker_runs.workers(location, 2):
        worker_runs.wait_for(store, TOO_LONG)
    assert worker_runs.outcome(store) == worker_runs.Outcome(
        jobs=200, done=200, lost=0, doubled=0, events=200
    )


@pytest.mark.chaos
def test_killing_workers_at_random_instants_loses_and_doubles_nothing(store, location):
    random.seed(SEED)
    worker_runs.enqueue_counting(store, 40, 300)
    assert worker_runs.kill_workers(store, location, 5) == 5
    assert worker_runs.outcome(store) == worker_runs.Outcome(jobs=80, done=80, lost=0, doubled=0, events=80)


@pytest.mark.chaos
def test_a_worker_that_is_stopped_finishes_what_it_has_and_claims_nothing_new(store, location):
    slow = [asked(store, payload=3000) for _ in range(2)]
    waiting = asked(store)
    with worker_runs.workers(location, 1) as (process,):
        deadline = time.monotonic() + TOO_LONG
        while not all(job(store, one.id).handed_at for one in slow):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.terminate()
        assert process.wait(TOO_LONG) == 0
    assert [job(store, one.id).state for one in slow] == ["done", "done"]
    left = job(store, waiting.id)
    assert (left.state, left.handed_at) == ("waiting", None)


@pytest.mark.chaos
@pytest.mark.usefixtures("postgresql_server")
def test_a_worker_outlives_a_database_that_goes_away_and_comes_back(tmp_path):
    # A server of its own: the others' must not go away.
    with postgresql.running(durable=False) as url:
        location = Location.find(str(tmp_path), url, environment={})
        store = ready_store(location)
        worker_runs.enqueue_counting(store, 20, 200)
        with worker_runs.workers(location, 1) as (process,):
            while not worker_runs.outcome(store).done:
                time.sleep(0.05)
            store.close()
            with postgresql.away(url):
                time.sleep(2)
            worker_runs.wait_for(store, TOO_LONG)
            assert process.poll() is None
        found = worker_runs.outcome(store)
        store.close()
    assert found == worker_runs.Outcome(jobs=40, done=40, lost=0, doubled=0, events=40)


def test_a_job_that_always_fails_becomes_a_dead_letter(store, location):
    one = asked(store, counting_worker.FAILS)
    with worker_runs.workers(location, 1):
        worker_runs.wait_for(store, TOO_LONG)
    dead = job(store, one.id)
    assert (dead.state, dead.failures, dead.error["code"]) == (State.DEAD, 3, "work.unforeseen")


def test_one_process_has_one_worker_and_releases_its_slot(store):
    inside = []

    def handle(_context):
        with pytest.raises(WorkError) as refusal:
            JobExecutor(store.engine, 9, 1, lambda *_: None)
        inside.append(refusal.value.code)
        one.stop()
        return lambda _session: None

    job_type = JobType("test.inside", handle, lambda _: writing(store, counting_worker.PRINCIPAL))
    for _ in range(2):
        one = worker.Worker(store, [job_type], concurrency=1)
        asked(store, job_type.name)
        one.run()
    assert inside == ["work.busy"] * 2


def test_jobs_done_long_ago_are_deleted_with_their_runs(store):
    def handle(_context):
        one.stop()
        return lambda _session: None

    job_type = JobType("test.inside", handle, lambda _: writing(store, counting_worker.PRINCIPAL))
    old, dead = asked(store, job_type.name).id, asked(store, counting_worker.FAILS).id
    one = worker.Worker(store, [job_type], concurrency=1)
    one.run()
    assert known_runs(store) == {f"{old}.1"}
    with store.writing(Session) as session:
        give_up(repository.locked(session, dead), ZeroDivisionError(), lambda: LONG_AGO)
        repository.locked(session, old).ended_at = LONG_AGO
    new = asked(store, job_type.name).id
    one = worker.Worker(store, [job_type], concurrency=1)
    one.run()
    assert job(store, old) is None
    assert [job(store, one).state for one in (new, dead)] == [State.DONE, State.DEAD]
    assert known_runs(store) == {f"{new}.1"}


def known_runs(store):
    executor = JobExecutor(store.engine, 9, 1, lambda *_: None)
    try:
        return {one.workflow_id for one in DBOS.list_workflows()}
    finally:
        executor.close(timeout=0)
