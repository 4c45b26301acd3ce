"""Duties are done again and again, whatever one of them does."""

import threading
from datetime import timedelta

from bixie.jobs.errors import WorkError
from bixie.jobs.periodic import PeriodicTask, Scheduler

SOON = timedelta(milliseconds=1)
TOO_LONG = 30


def test_every_duty_is_done_again_and_a_slow_one_holds_up_no_other():
    going, done = threading.Event(), threading.Semaphore(0)
    rounds = Scheduler(
        [PeriodicTask("slow", SOON, going.wait), PeriodicTask("quick", SOON, done.release)], trouble=print
    )
    rounds.start()
    for _ in range(3):
        assert done.acquire(timeout=TOO_LONG)
    going.set()
    rounds.stop()


def test_trouble_is_told_when_it_begins_and_the_duty_is_tried_again():
    outcomes = iter([WorkError("work.busy"), WorkError("work.busy"), None, ZeroDivisionError()])
    told, over = [], threading.Event()

    def do():
        outcome = next(outcomes, over)
        if outcome is over:
            over.set()
        elif outcome is not None:
            raise outcome

    rounds = Scheduler([PeriodicTask("failing", SOON, do)], trouble=lambda error: told.append(error.code))
    rounds.start()
    assert over.wait(TOO_LONG)
    rounds.stop()
    assert told == ["work.busy", "work.unforeseen"]
