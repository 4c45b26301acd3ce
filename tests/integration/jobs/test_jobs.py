"""The queue and the attempts at jobs, on both databases; these need no worker."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.jobs import repository
from bixie.jobs.attempts import run_job
from bixie.jobs.errors import AttemptError, WorkError, redacted_error
from bixie.jobs.job_types import JobType
from bixie.jobs.lanes import Lane
from bixie.jobs.models import State
from bixie.jobs.queue import MAX_CRASHES, claim_due, requeue_lost, run_id
from bixie.jobs.rules import Retries
from bixie.jobs.service import cancel, enqueue, retry
from bixie.kit.errors import UsageError
from bixie.ledger import repository as ledger
from bixie.ledger.service import NewEvent, append
from bixie.store.errors import StoreError

OURS = Principal("tenant_ours", "person_1", Role.CLERK)
THEIRS = Principal("tenant_theirs", "person_2", Role.CLERK)
KIND = "test.append"
NOW = datetime(2026, 11, 25, 8, 30, 0, 123000, UTC)
RETRIES = Retries(max_attempts=3, initial_wait=timedelta(minutes=1))


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


def appending(store, handle=None, **more):
    """Return a job type whose effect is an event."""

    def append_one(context):
        return lambda session: append(session, [NewEvent("test.told", context.id, context.payload)])

    return JobType(KIND, handle or append_one, lambda _: writing(store, OURS), **{"retries": RETRIES, **more})


def run(store, job_type, one, run=1, at=NOW):
    run_job(store, {job_type.name: job_type}, one.id, run, clock=lambda: at, jitter=lambda: 0.0)


def effects(store, one):
    with reading(store, OURS) as session:
        return len(ledger.events_about(session, one.id))


def claimed(store, kinds=(KIND,), limit=100, at=NOW):
    return [(one.job_id, one.number) for one in claim_due(store, kinds, limit, lambda: at)]


class BrokenDownError(UsageError):
    """An error of a domain, with a value that is nobody else's business."""


def failing(error):
    def handle(_context):
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
    run(store, appending(store), first)
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
        run(store, appending(store), one)
    done = job(store, one.id)
    assert (done.state, done.ended_at, done.error) == ("done", NOW, None)
    assert effects(store, one) == 1


def test_runs_at_the_same_time_have_one_effect(store):
    one, failures = asked(store), []
    together = threading.Barrier(4)

    def handle(context):
        together.wait(20)
        return lambda session: append(session, [NewEvent("test.told", context.id)])

    def go():
        try:
            run(store, appending(store, handle), one)
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

    def handle(context):
        def effect(session):
            append(session, [NewEvent("test.told", context.id)])
            raise ZeroDivisionError

        return effect

    run(store, appending(store, handle), one)
    failed = job(store, one.id)
    assert effects(store, one) == 0
    assert (failed.state, failed.failures, failed.run) == ("waiting", 1, 2)
    assert failed.due_at == NOW + timedelta(seconds=30)
    assert claimed(store) == []
    assert claimed(store, at=failed.due_at) == [(one.id, 2)]


def test_an_earlier_run_that_still_goes_on_has_no_effect(store):
    one = asked(store)
    run(store, appending(store, failing(ZeroDivisionError())), one)
    run(store, appending(store), one, run=1)
    assert effects(store, one) == 0
    run(store, appending(store), one, run=2)
    assert effects(store, one) == 1


def test_after_the_last_try_it_is_given_up_and_a_person_can_have_it_run_again(store):
    one = asked(store)
    for number in (1, 2, 3):
        run(store, appending(store, failing(BrokenDownError("usage.no_photo"))), one, run=number)
    dead = job(store, one.id)
    assert (dead.state, dead.failures, dead.ended_at) == ("dead", 3, NOW)
    assert dead.error["code"] == "usage.no_photo"
    assert claimed(store, at=NOW + timedelta(days=1)) == []
    with store.writing(Session) as session:
        retry(session, one.id, tenant=OURS.tenant, clock=clock)
    again = job(store, one.id)
    assert (again.state, again.failures, again.error, again.ended_at) == ("waiting", 0, None, None)
    assert claimed(store) == [(one.id, again.run)]
    run(store, appending(store), one, run=again.run)
    assert effects(store, one) == 1


def test_an_error_that_no_other_try_can_mend_is_the_last(store):
    one = asked(store)
    job_type = appending(
        store, failing(BrokenDownError("usage.no_photo")), permanent_errors=(BrokenDownError,)
    )
    run(store, job_type, one)
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
        error = redacted_error(WorkError("work.no_such_job", job=value))
        assert error["code"] == "work.no_such_job"
        assert "张三" not in str(error)
    assert "20" in redacted_error(WorkError("work.crashed", times=20))["zh"]
    assert redacted_error(StoreError("store.full"))["en"] == StoreError("store.full").text.en


def test_an_unforeseen_error_is_kept_by_its_type_and_place():
    try:
        failing(KeyError("13812345678"))(None)
    except KeyError as caught:
        error = redacted_error(caught)
    assert error["code"] == "work.unforeseen"
    assert "KeyError" in error["zh"]
    assert "test_jobs.py:" in error["en"]
    assert "138" not in str(error)


def test_jobs_are_claimed_once_those_that_wait_longest_first(store):
    late = asked(store, due=NOW + timedelta(seconds=1))
    early = asked(store, due=NOW - timedelta(days=1))
    plain = asked(store)
    assert claimed(store, kinds=["test.other"]) == []
    assert claimed(store, limit=1) == [(early.id, 1)]
    assert claimed(store) == [(plain.id, 1)]
    assert claimed(store) == []
    assert claimed(store, at=NOW + timedelta(seconds=1)) == [(late.id, 1)]


def test_workers_that_claim_at_the_same_time_share(store):
    wanted = {asked(store).id for _ in range(40)}
    found, failures = [], []

    def take():
        try:
            while some := claimed(store, limit=3):
                found.extend(some)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while some := claimed(store):  # those that one passed over while another was just taking them
        found.extend(some)
    assert failures == []
    assert len(found) == 40
    assert {one for one, _ in found} == wanted


def test_a_job_that_no_worker_has_any_more_is_requeued(store):
    lost, running = asked(store), asked(store)
    assert len(claimed(store)) == 2
    known = {run_id(running.id, 1): True}
    requeue_lost(store, {}, lambda _: known, lambda: NOW + timedelta(seconds=9))
    assert claimed(store) == []
    requeue_lost(store, {}, lambda _: known, lambda: NOW + timedelta(seconds=11))
    assert claimed(store, at=NOW + timedelta(seconds=11)) == [(lost.id, 2)]


def test_a_job_whose_worker_died_is_requeued_at_once_and_given_up_after_many(store):
    one, codes = asked(store), []
    job_type = appending(store, on_give_up=lambda _session, _context, error: codes.append(error.code))
    for number in range(1, MAX_CRASHES + 1):
        assert job(store, one.id).state == "waiting"
        assert claimed(store) == [(one.id, number)]
        requeue_lost(store, {KIND: job_type}, lambda ids: dict.fromkeys(ids, False), clock)
    dead = job(store, one.id)
    assert (dead.state, dead.error["code"], dead.failures) == ("dead", "work.crashed", 0)
    assert str(MAX_CRASHES) in dead.error["zh"]
    assert codes == ["work.crashed"]
    with store.writing(Session) as session:
        retry(session, one.id, clock=clock)
    assert job(store, one.id).crashes == 0


class ReceiverError(AttemptError):
    """What a handler raises that knows about the next attempt."""

    package = "bixie.jobs"


def test_an_attempt_can_say_when_to_try_again_and_that_it_is_no_use(store):
    one, given_up = asked(store), []
    later = failing(ReceiverError("work.busy", retry_after=timedelta(hours=2)))
    soon = failing(ReceiverError("work.busy", retry_after=timedelta(seconds=1)))
    never = failing(ReceiverError("work.busy", final=True))
    run(store, appending(store, later), one, run=1)
    assert job(store, one.id).due_at == NOW + timedelta(hours=2)
    run(store, appending(store, soon), one, run=2)
    assert job(store, one.id).due_at == NOW + timedelta(minutes=1)
    last = appending(
        store, never, on_give_up=lambda _session, context, _error: given_up.append(context.failures)
    )
    run(store, last, one, run=3)
    assert (job(store, one.id).state, job(store, one.id).failures, given_up) == ("dead", 3, [2])


def test_what_happens_when_a_job_is_given_up_is_one_transaction_with_it(store):
    one = asked(store)

    def on_give_up(session, context, _error):
        append(session, [NewEvent("test.told", context.id)])
        raise ZeroDivisionError

    job_type = appending(store, failing(ValueError()), retries=Retries(max_attempts=1), on_give_up=on_give_up)
    with pytest.raises(ZeroDivisionError):
        run(store, job_type, one)
    assert (job(store, one.id).state, effects(store, one)) == ("waiting", 0)


def test_a_cancelled_job_is_a_dead_letter_and_its_attempt_has_no_effect(store):
    one = asked(store, key="exhibit_1")

    def handle(context):
        with store.writing(Session) as session:
            reason = BrokenDownError("usage.no_photo")
            cancel(session, KIND, "exhibit_1", reason, tenant=OURS.tenant, clock=clock)
        return lambda session: append(session, [NewEvent("test.told", context.id)])

    run(store, appending(store, handle), one)
    assert (job(store, one.id).state, job(store, one.id).error["code"]) == ("dead", "usage.no_photo")
    assert effects(store, one) == 0


def test_tenants_take_turns_and_have_one_slot_each(store):
    lane = Lane([KIND], 2, one_per_tenant=True)
    principals = [Principal(f"tenant_{letter}", "person_1", Role.CLERK) for letter in "abc"]
    for principal in principals:
        for _ in range(3):
            asked(store, principal=principal)

    def turn():
        return {one.tenant: one.id for one in lane.claim(store, clock)}

    first = turn()
    assert len(first) == 2
    assert turn() == {}  # no slot is free
    (third,) = {one.tenant for one in principals} - first.keys()
    ended, other = first
    lane.release(first[ended])
    assert set(turn()) == {third}  # one still runs, and the other had its turn
    lane.release(first[other])
    assert set(turn()) == {ended}


def test_a_job_of_a_type_that_this_worker_does_not_know_is_left_alone(store):
    one = asked(store, "test.unknown")
    run(store, appending(store), one)
    assert (job(store, one.id).state, job(store, one.id).failures) == ("waiting", 0)


def test_jobs_are_listed_by_tenant_and_state_page_by_page(store):
    ours, theirs = [asked(store) for _ in range(3)], asked(store, principal=THEIRS)
    run(store, appending(store), ours[0])
    assert [one.id for one in all_jobs(store, OURS.tenant, [State.DONE])] == [ours[0].id]
    assert {one.id for one in all_jobs(store, THEIRS.tenant)} == {theirs.id}
    everything = [one.id for one in all_jobs(store)]
    assert everything == sorted(one.id for one in (*ours, theirs))
    assert [one.id for one in all_jobs(store, after=everything[1])] == everything[2:]
