"""``bixie worker``: does the jobs of a store until it is told to stop."""

import argparse
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bixie.cli.console import complain
from bixie.cli.language import say
from bixie.kit.errors import UsageError
from bixie.kit.messages import Language

__all__ = ["add", "run"]

_STOPPED = 0
_CONCURRENCY = 2
_MOST = 64


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "worker",
        language=language,
        help=say("worker.summary", language),
        usage="bixie worker [--data DIR] [--url DATABASE-URL] [--concurrency N] [--lang zh|en]",
        description=say("worker.description", language),
        epilog=say("worker.epilog", language),
    )
    parser.add_argument("--data", metavar="DIR", help=say("worker.data", language))
    parser.add_argument("--url", metavar="DATABASE-URL", help=say("worker.url", language))
    parser.add_argument("--concurrency", metavar="N", help=say("worker.concurrency", language))
    parser.add_argument("--lang", choices=("zh", "en"), help=say("ledger.lang", language))
    parser.set_defaults(run=run, parser=parser)


def run(chosen: argparse.Namespace, language: Language) -> int:
    """Work until SIGTERM or SIGINT."""
    from bixie.assembly.jobs import job_types, periodic_tasks  # noqa: PLC0415
    from bixie.assembly.stores import ready_store  # noqa: PLC0415
    from bixie.jobs.worker import Worker  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    concurrency = _number(chosen.concurrency)
    location = Location.find(chosen.data, chosen.url)
    store = ready_store(location)
    try:
        worker = Worker(
            store,
            job_types(store, location),
            periodic_tasks=periodic_tasks(store, location),
            concurrency=concurrency,
            trouble=lambda error: complain(say("warning", language, message=error.text.in_(language))),
        )
        with _told_to_stop(lambda: _stop(worker.stop, language)):
            complain(say("worker.begins", language))
            worker.run()
    finally:
        store.close()
    complain(say("worker.ended", language))
    return _STOPPED


def _number(text: str | None) -> int:
    if text is None:
        return _CONCURRENCY
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST:
        raise UsageError("usage.not_between", name="--concurrency", low=1, high=_MOST)
    return int(text)


def _stop(stop: Callable[[], None], language: Language) -> None:
    stop()
    complain(say("worker.stops", language))


@contextmanager
def _told_to_stop(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first signal inside the block; a second one ends the process at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def told(_number: int, _frame: object) -> None:
        for number in before:
            signal.signal(number, signal.SIG_DFL)
        stop()

    for number in before:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
