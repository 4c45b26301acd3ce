"""``bixie open``: the page to drop photos on, for this machine only."""

import argparse
import signal
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bixie.cli.language import say
from bixie.kit.errors import UsageError
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["add", "run"]

_LOOPBACK = "127.0.0.1"
_MAX_PORT = 65_535
_GRACE_SECONDS = 2


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "open",
        language=language,
        help=say("open.summary", language),
        usage="bixie open [--port N] [--no-browser] [--lang zh|en]",
        description=say("open.description", language),
        epilog=say("open.epilog", language),
    )
    parser.add_argument("--port", metavar="N", default="0", help=say("open.port", language))
    parser.add_argument("--no-browser", action="store_true", help=say("open.no_browser", language))
    parser.add_argument("--lang", choices=("zh", "en"), help=say("examine.lang", language))
    parser.set_defaults(run=run, parser=parser)


def run(chosen: argparse.Namespace, language: Language) -> int:
    """Serve the page until told to stop."""
    # Here, not above: what serves is not needed for `bixie --help`.
    from bixie.imaging.limits import Limits  # noqa: PLC0415
    from bixie.web.check.runs import Runs  # noqa: PLC0415
    from bixie.web.check.standalone import create_check_app  # noqa: PLC0415

    limits = Limits.from_environment()
    with _listening(chosen.port) as listener:
        port = listener.getsockname()[1]
        runs = Runs(limits)
        try:
            asked = f"?lang={chosen.lang}" if chosen.lang else ""
            address = f"http://{_LOOPBACK}:{port}/check{asked}"
            print(f"ready {address}", flush=True)
            print(say("open.ready", language), flush=True)
            if not chosen.no_browser:
                # A browser may take its time to start; the page is served meanwhile.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            _serve(create_check_app(runs, port), listener)
        finally:
            runs.close()
    return 0


def _listening(port: str) -> socket.socket:
    if not (port.isascii() and port.isdigit()) or int(port) > _MAX_PORT:
        raise UsageError("usage.not_a_port", port=port)
    try:
        return socket.create_server((_LOOPBACK, int(port)))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError("usage.cannot_listen", host=_LOOPBACK, port=port, reason=reason) from error


def _serve(app: "FastAPI", listener: socket.socket) -> None:
    import uvicorn  # noqa: PLC0415

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            # Uvicorn's own would end the process by the same signal again, before the files are removed.
            stops = (signal.SIGINT, signal.SIGTERM)
            earlier = {stop: signal.signal(stop, self.handle_exit) for stop in stops}
            try:
                yield
            finally:
                for stop, handler in earlier.items():
                    signal.signal(stop, handler)

    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    Server(config).run(sockets=[listener])
