"""Puts the demo together: its folder, the service, the story that is told once, keys, and a worker.

::

    with open_demo("bixie-demo", "8000", "zh") as service:
        print(service.address)
        service.run()
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bixie.access.tenancy import writing
from bixie.assembly.demo.cast import Cast
from bixie.assembly.demo.clock import StoryClock
from bixie.assembly.demo.folder import DemoFolder, Made
from bixie.assembly.demo.keys import provide_keys
from bixie.assembly.demo.scene import Scene
from bixie.assembly.demo.seeding import FIRST, seed, working
from bixie.assembly.demo.stage import DemoStage
from bixie.assembly.jobs import job_types, periodic_tasks
from bixie.assembly.service import Service, open_service
from bixie.assembly.stores import store_exists
from bixie.examinations import isolation
from bixie.imaging.children import CHILDREN
from bixie.jobs.worker import Worker
from bixie.kit.messages import Language, catalogue
from bixie.kit.timestamps import parse_timestamp, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.rules import event_from_body
from bixie.store.settings import Location
from bixie.web.services import Services

__all__ = ["open_demo"]

_LOOPBACK = "127.0.0.1"
_CONCURRENCY = 2


@contextmanager
def open_demo(
    folder: str,
    port: str,
    language: Language,
    *,
    exit_seconds: float | None = None,
    on_seeding: Callable[[], None] = lambda: None,
) -> Iterator[Service]:
    """Open the demo of a folder, made if there is none, and listen on this machine only.

    The first start tells the whole story; one that was cut off is told on.

    Parameters
    ----------
    folder : str
    port : str
        As a person writes it; ``0`` takes a free one.
    language : {"zh", "en"}
        Of a new demo's messages.
    exit_seconds : float, optional
        See `bixie.assembly.server.build_server`.
    on_seeding : callable
        Called before the story is told.

    Yields
    ------
    Service
        Whose cases can be listed; it does not answer yet.

    Raises
    ------
    DemoError
        Where the folder cannot be used.
    UsageError
        ``usage.not_a_port`` or ``usage.cannot_listen``.
    StoreError
        If the store cannot be opened.
    """
    place = DemoFolder(Path(folder))
    # What the environment names is another store.
    location = Location.find(folder, environment={})
    with place.locked():
        made = place.made(language, has_store=store_exists(location))
        stage = partial(DemoStage, made.tenant)
        CHILDREN.grow(_CONCURRENCY)
        CHILDREN.warm(isolation.__name__)  # while the store is made
        with open_service(location, _LOOPBACK, port, exit_seconds, stage) as service:
            scene = _scene(service.parts, made)
            if not made.seeded:
                on_seeding()
                seed(scene, job_types(scene.store, location, scene.clock))
                made = place.finish(made)
            provide_keys(scene.store, place, scene.cast.setup, scene.cast.parties["food"])
            worker = Worker(
                scene.store,
                job_types(scene.store, location),
                periodic_tasks=periodic_tasks(scene.store, location),
                concurrency=_CONCURRENCY,
            )
            with working(worker):
                yield service


def _scene(parts: Services, made: Made) -> Scene:
    texts = catalogue("bixie.assembly.demo")
    began_at = parse_timestamp(made.began_at)
    clock = StoryClock(began_at - FIRST)
    now = utc_now if made.seeded else clock
    cast = Cast.assemble(parts.store, made.tenant, texts, made.language, now)
    with writing(parts.store, cast.setup) as session:
        last = ledger.event_at(session, ledger.locked_head(session).size)
    if last is not None:  # a story that was cut off goes on after what was told
        clock.move_to(parse_timestamp(event_from_body(last.body).time))

    def say(key: str) -> str:
        return texts.text(key).in_(made.language)

    return Scene(parts.store, parts.blobs, parts.limits, clock, began_at, cast, say)
