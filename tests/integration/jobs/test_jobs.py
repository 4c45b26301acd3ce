"""The outbox and the runs of jobs, on both databases; no worker is needed for these."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.jobs import relay, repository
from bixie.jobs.errors import WorkError
from bixie.jobs.executor import MAX_CRASHES, run_id
from bixie.jobs.job_types import JobType
from bixie.jobs.models import State
from bixie.jobs.rules import Retries
from bixie.jobs.running import run_job, told
from bixie.jobs.service import enqueue, retry
from bixie.kit.errors import UsageError
from bixie.ledger import repository as ledger
from bixie.ledger.service import NewEvent, append
from bixie.store.errors import StoreError

OURS = Principal("tenant_ours", "person_1", Role.CLERK)
THEIRS = Principal("tenant_theirs", "person_2", Role.CLERK)
KIND = "test.tell"
NOW = datetime(2026, 11, 25, 8, 30, 0, 123000, UTC)
RETRIES = Retries(most=3, first=timedelta(minutes=1))


def clock():
    return NOW


def asked(store, kind=KIND, principal=OURS, **more):
    with writing(store, principal) as session:
        return enqueue(session, kind, {"n": 7}, tenant=principal.tenant, clock=clock, **more)


def job(store, job_id):
    with store.reading(Session) as session:
        return repository.by_id(session, job_id)


def all_jobs(store, tenant=None, states=tuple(State), after=None):
    with store.reading(Session) as session:
        return repository.page(session, tenant=tenant, states=states, after=after, limit=100)


def telling(store, handle=None, **more):
    """Return a kind whose effect is an event."""

    def tell(given):
        return lambda session: append(session, [NewEvent("test.told", given.id, given.payload)])

    return JobType(KIND, handle or tell, lambda _: writing(store, OURS), **{"retries": RETRIES, **more})


def run(store, kind, one, run=1, at=NOW):
    run_job(store, {kind.name: kind}, one.id, run, clock=lambda: at, chance=lambda: 0.0)


def effects(store, one):
    with reading(store, OURS) as session:
        return len(ledger.events_about(session, one.id))


def taken(store, kinds=(KIND,), most=100, at=NOW):
    return relay.take(store, kinds, most, lambda: at)


class BrokenDownError(UsageError):
    """An error of a domain, with a value that is nobody else's business."""


def failing(error):
    def handle(_given):
        raise error

    return handle


def test_a_job_stands_or_falls_with_the_change_that_asks_for_it(store):
    def change(fail):
        with writing(store, OURS) as session:
            append(session, [NewEvent("test.happened", "thing")])
            enqueue(session, KIND, {}, tenant=OURS.tenant)
            if fail:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change(fail=True)
    assert all_jobs(store) == []
    change(fail=False)
    assert len(all_jobs(store)) == 1


def test_the_same_key_is_the_same_job_whatever_has_become_of_it(store):
    first = asked(store, key="exhibit_1")
    run(store, telling(store), first)
    again = asked(store, key="exhibit_1")
    assert (again.id, again.state) == (first.id, "done")
    others = [
        asked(store, key="exhibit_2"),
        asked(store, "test.other", key="exhibit_1"),
        asked(store, principal=THEIRS, key="exhibit_1"),
        asked(store),
        asked(store),
    ]
    assert len({first.id, *(one.id for one in others)}) == 6


def test_many_who_ask_for_the_same_at_once_get_one_job(store):
    found, failures = [], []

    def ask():
        try:
            found.append(asked(store, key="exhibit_1").id)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(found) == 6
    assert len(set(found)) == 1


def test_an_effect_happens_once_however_often_the_job_is_run(store):
    one = asked(store)
    for _ in range(3):
        run(store, telling(store), one)
    done = job(store, one.id)
    assert (done.state, done.ended_at, done.error) == ("done", NOW, None)
    assert effects(store, one) == 1


def test_runs_at_the_same_time_have_one_effect(store):
    one, failures = asked(store), []
    together = threading.Barrier(4)

    def handle(given):
        together.wait(20)
        return lambda session: append(session, [NewEvent("test.told", given.id)])

    def go():
        try:
            run(store, telling(store, handle), one)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert effects(store, one) == 1
    assert job(store, one.id).failures == 0


def test_an_effect_that_fails_leaves_nothing_and_is_tried_again_later(store):
    one = asked(store)

    def handle(given):
        def effect(session):
            append(session, [NewEvent("test.told", given.id)])
            raise ZeroDivisionError

        return effect

    run(store, telling(store, handle), one)
    failed = job(store, one.id)
    assert effects(store, one) == 0
    assert (failed.state, failed.failures, failed.run) == ("waiting", 1, 2)
    assert failed.due_at == NOW + timedelta(seconds=30)
    assert taken(store) == []
    assert taken(store, at=failed.due_at) == [(one.id, 2)]


def test_what_an_earlier_run_still_does_no_longer_counts(store):
    one = asked(store)
    run(store, telling(store, failing(ZeroDivisionError())), one)
    run(store, telling(store), one, run=1)
    assert effects(store, one) == 0
    run(store, telling(store), one, run=2)
    assert effects(store, one) == 1


def test_after_the_last_try_it_is_given_up_and_a_person_can_have_it_run_again(store):
    one = asked(store)
    for number in (1, 2, 3):
        run(store, telling(store, failing(BrokenDownError("usage.no_photo"))), one, run=number)
    dead = job(store, one.id)
    assert (dead.state, dead.failures, dead.ended_at) == ("dead", 3, NOW)
    assert dead.error["code"] == "usage.no_photo"
    assert taken(store, at=NOW + timedelta(days=1)) == []
    with store.writing(Session) as session:
        retry(session, one.id, tenant=OURS.tenant, clock=clock)
    again = job(store, one.id)
    assert (again.state, again.failures, again.error, again.ended_at) == ("waiting", 0, None, None)
    assert taken(store) == [(one.id, again.run)]
    run(store, telling(store), one, run=again.run)
    assert effects(store, one) == 1


def test_an_error_that_no_other_try_can_mend_is_the_last(store):
    one = asked(store)
    kind = telling(store, failing(BrokenDownError("usage.no_photo")), hopeless=(BrokenDownError,))
    run(store, kind, one)
    assert (job(store, one.id).state, job(store, one.id).failures) == ("dead", 1)


def test_only_what_was_given_up_can_be_run_again_and_only_by_its_tenant(store):
    one = asked(store)
    for tenant, code in ((None, "work.not_dead"), (THEIRS.tenant, "work.no_such_job")):
        with pytest.raises(WorkError) as refusal, store.writing(Session) as session:
            retry(session, one.id, tenant=tenant)
        assert refusal.value.code == code
    with pytest.raises(WorkError) as refusal, store.writing(Session) as session:
        retry(session, "job_of_nobody")
    assert refusal.value.code == "work.no_such_job"


def test_an_error_is_kept_without_what_it_says_of_the_case():
    for value in ("张三的任务", ["张三的任务"]):
        error = told(WorkError("work.no_such_job", job=value))
        assert error["code"] == "work.no_such_job"
        assert "张三" not in str(error)
    assert "20" in told(WorkError("work.crashed", times=20))["zh"]
    assert told(StoreError("store.full"))["en"] == StoreError("store.full").text.en


def test_an_error_that_nobody_foresaw_is_kept_by_its_type_and_place():
    try:
        failing(KeyError("13812345678"))(None)
    except KeyError as caught:
        error = told(caught)
    assert error["code"] == "work.unforeseen"
    assert "KeyError" in error["zh"]
    assert "test_jobs.py:" in error["en"]
    assert "138" not in str(error)


def test_jobs_are_taken_once_those_that_wait_longest_first(store):
    late = asked(store, due=NOW + timedelta(seconds=1))
    early = asked(store, due=NOW - timedelta(days=1))
    plain = asked(store)
    assert taken(store, kinds=["test.other"]) == []
    assert taken(store, most=1) == [(early.id, 1)]
    assert taken(store) == [(plain.id, 1)]
    assert taken(store) == []
    assert taken(store, at=NOW + timedelta(seconds=1)) == [(late.id, 1)]


def test_workers_that_take_at_the_same_time_share(store):
    wanted = {asked(store).id for _ in range(40)}
    found, failures = [], []

    def take():
        try:
            while some := taken(store, most=3):
                found.extend(some)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while some := taken(store):  # those that one passed over while another was just taking them
        found.extend(some)
    assert failures == []
    assert len(found) == 40
    assert {one for one, _ in found} == wanted


def test_a_job_that_nobody_carries_any_more_is_begun_anew(store):
    lost, carried = asked(store), asked(store)
    assert len(taken(store)) == 2
    known = {run_id(carried.id, 1): True}
    relay.requeue_lost(store, lambda _: known, lambda: NOW + timedelta(seconds=9))
    assert taken(store) == []
    relay.requeue_lost(store, lambda _: known, lambda: NOW + timedelta(seconds=11))
    assert taken(store, at=NOW + timedelta(seconds=11)) == [(lost.id, 2)]


def test_a_job_that_ends_its_workers_is_given_up(store):
    one = asked(store)
    taken(store)
    relay.requeue_lost(store, lambda _: {run_id(one.id, 1): False}, lambda: NOW + timedelta(minutes=1))
    dead = job(store, one.id)
    assert (dead.state, dead.error["code"]) == ("dead", "work.crashed")
    assert str(MAX_CRASHES) in dead.error["zh"]


def test_a_job_of_a_kind_that_this_worker_does_not_know_is_left_alone(store):
    one = asked(store, "test.unknown")
    run(store, telling(store), one)
    assert (job(store, one.id).state, job(store, one.id).failures) == ("waiting", 0)


def test_jobs_are_listed_by_tenant_and_state_page_by_page(store):
    ours, theirs = [asked(store) for _ in range(3)], asked(store, principal=THEIRS)
    run(store, telling(store), ours[0])
    assert [one.id for one in all_jobs(store, OURS.tenant, [State.DONE])] == [ours[0].id]
    assert {one.id for one in all_jobs(store, THEIRS.tenant)} == {theirs.id}
    everything = [one.id for one in all_jobs(store)]
    assert everything == sorted(one.id for one in (*ours, theirs))
    assert [one.id for one in all_jobs(store, after=everything[1])] == everything[2:]
