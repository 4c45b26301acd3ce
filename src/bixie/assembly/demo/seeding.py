"""Tells the whole story of the demo, in order of time, with a worker that lives in the story's time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Thread

from sqlalchemy.orm import Session

from bixie.access.tenancy import reading_every_tenant
from bixie.assembly.demo import clothes, food, goods, playing
from bixie.assembly.demo.happenings import Happening
from bixie.assembly.demo.scene import Scene
from bixie.assembly.demo.story import CaseStory, OrderStory
from bixie.cases import repository
from bixie.cases.jobs import sweep_duties
from bixie.jobs import repository as jobs
from bixie.jobs.job_types import JobType
from bixie.jobs.models import State
from bixie.jobs.worker import Worker
from bixie.notices.reminders import remind_of_duties

__all__ = ["FIRST", "ORDERS", "STORIES", "seed", "working"]

STORIES: tuple[CaseStory, ...] = (*food.CASES, *clothes.CASES)
ORDERS: tuple[OrderStory, ...] = food.ORDERS
"""Without a claim."""
FIRST = timedelta(days=30)
"""So long before the demo was made its story begins."""
_CONCURRENCY = 2


def seed(scene: Scene, job_types: list[JobType]) -> None:
    """Tell the story; what was told before is passed over.

    Parameters
    ----------
    scene : Scene
    job_types : list of JobType
        That work by the scene's clock.
    """
    worker = Worker(scene.store, job_types, concurrency=_CONCURRENCY, clock=scene.clock)
    with working(worker):
        for happening in _in_order():
            moment = scene.moment(happening.before)
            _let_time_pass(scene, moment)
            scene.clock.move_to(moment)
            happening.play(scene)
        scene.wait_for(lambda: not _is_work_left(scene))
    _let_time_pass(scene, scene.began_at)


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    """Run a worker in a thread of its own, until the block ends."""
    thread = Thread(target=worker.run, name="demo-worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()


def _in_order() -> list[Happening]:
    """Return everything that happens, the first first."""
    bought = [*(told.order for told in STORIES), *ORDERS]
    orders = [one for order in bought for one in goods.happenings_of(order)]
    steps = [one for told in STORIES for one in playing.happenings_of(told)]
    return sorted([*orders, *steps], key=lambda one: one.before, reverse=True)


def _let_time_pass(scene: Scene, moment: datetime) -> None:
    """Let what is due until a moment happen by itself, each at its time: reminders, what follows silence."""
    while True:
        with reading_every_tenant(scene.store) as session:
            due = repository.due(session, moment, None, 1)
        if not due:
            return
        scene.clock.move_to(due[0].sweep_at)
        sweep_duties(scene.store, remind_of_duties, scene.clock)


def _is_work_left(scene: Scene) -> bool:
    with scene.store.reading(Session) as session:
        return any(one.state == State.WAITING for one in jobs.counts(session))
