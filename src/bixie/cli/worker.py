"""``bixie worker``: does the jobs of a store until it is stopped."""

import _thread
import argparse
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bixie.cli.console import complain
from bixie.cli.language import say
from bixie.cli.new_store import announce_new
from bixie.cli.options import add_data, add_language, add_new, add_url
from bixie.kit.errors import BixieError, UsageError
from bixie.kit.messages import Language

__all__ = ["add", "run"]

_OK = 0
_DEFAULT_CONCURRENCY = 2
_MAX_CONCURRENCY = 64


def add(commands: Any, language: Language) -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser(
        "worker",
        language=language,
        help=say("worker.summary", language),
        usage="bixie worker [--data DIR] [--url DATABASE-URL] [--new] [--concurrency N] [--lang zh|en]",
        description=say("worker.description", language),
        epilog=say("worker.epilog", language),
    )
    add_data(parser, language)
    add_url(parser, language)
    add_new(parser, language)
    parser.add_argument("--concurrency", metavar="N", help=say("worker.concurrency", language))
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Work until SIGTERM or SIGINT."""
    from bixie.assembly.worker import build_worker  # noqa: PLC0415
    from bixie.kit.address_space import reserve_little  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    def on_error(error: BixieError) -> None:
        complain(say("warning", language, message=error.text.in_(language)))

    concurrency = _concurrency(arguments.concurrency)
    reserve_little()
    location = Location.find(arguments.data, arguments.url)
    new = {"new": arguments.new, "on_new": lambda place: announce_new(place, language)}
    with (
        build_worker(location, concurrency, on_error, **new) as worker,
        _stop_on_signal(lambda: _stop(worker.stop, language)),
    ):
        complain(say("worker.begins", language))
        worker.run()
    complain(say("worker.ended", language))
    return _OK


def _concurrency(text: str | None) -> int:
    if text is None:
        return _DEFAULT_CONCURRENCY
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MAX_CONCURRENCY:
        raise UsageError("usage.not_between", name="--concurrency", low=1, high=_MAX_CONCURRENCY)
    return int(text)


def _stop(stop: Callable[[], None], language: Language) -> None:
    complain(say("worker.stops", language))
    stop()


@contextmanager
def _stop_on_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first signal inside the block; a second one ends the process at once."""
    previous = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def on_signal(_number: int, _frame: object) -> None:
        for number in previous:
            signal.signal(number, signal.SIG_DFL)
        # On a thread: the signal may have come while a line is printed, or a lock is taken.
        _thread.start_new_thread(stop, ())

    for number in previous:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
