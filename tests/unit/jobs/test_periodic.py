"""Periodic tasks repeat, whatever one of them does."""

import threading
from datetime import timedelta
from threading import Thread

import pytest

from bixie.jobs.errors import WorkError
from bixie.jobs.periodic import PeriodicTask, Scheduler, for_each
from bixie.store.errors import StoreError

SOON = timedelta(milliseconds=1)
TOO_LONG = 30


def test_every_task_repeats_and_a_slow_one_delays_no_other():
    running, done = threading.Event(), threading.Semaphore(0)
    scheduler = Scheduler(
        [PeriodicTask("slow", SOON, running.wait), PeriodicTask("quick", SOON, done.release)], on_error=print
    )
    scheduler.start()
    for _ in range(3):
        assert done.acquire(timeout=TOO_LONG)
    running.set()
    scheduler.stop()


def test_a_failing_task_is_reported_once_and_tried_again():
    outcomes = iter([WorkError("work.busy"), WorkError("work.busy"), None, ZeroDivisionError()])
    reported, finished = [], threading.Event()

    def do():
        outcome = next(outcomes, finished)
        if outcome is finished:
            finished.set()
        elif outcome is not None:
            raise outcome

    scheduler = Scheduler(
        [PeriodicTask("failing", SOON, do)], on_error=lambda error: reported.append(error.code)
    )
    scheduler.start()
    assert finished.wait(TOO_LONG)
    scheduler.stop()
    assert reported == ["work.busy", "work.unforeseen"]


def test_one_item_that_fails_does_not_stop_the_others():
    done = []

    def do(item):
        if item == "damaged":
            raise failure
        done.append(item)

    for failure in (StoreError("store.full"), WorkError("work.busy"), KeyError("row")):
        with pytest.raises(type(failure)):
            for_each(["first", "damaged", "last"], do)
        assert done == ["first", "last"]
        done.clear()


def test_items_that_would_fail_for_the_same_reason_are_left_for_the_next_time():
    done = []

    def do(item):
        done.append(item)
        raise WorkError("work.busy") if item == "second" else ValueError

    with pytest.raises(WorkError):
        for_each(["first", "second", "third"], do, stops=lambda error: isinstance(error, WorkError))
    assert done == ["first", "second"]


def test_stopping_waits_for_no_thread_that_the_system_refused(monkeypatch):
    scheduler = Scheduler([PeriodicTask("one", timedelta(hours=1), lambda: None)], lambda _: None)

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refuse)
    with pytest.raises(RuntimeError, match="start new thread"):
        scheduler.start()
    scheduler.stop()
