"""``bixie open``: the page to drop photos on, for this machine only."""

import argparse
import threading
import webbrowser
from typing import Any

from bixie.cli.language import say
from bixie.cli.options import add_language
from bixie.kit.messages import Language

__all__ = ["add", "run"]

_LOOPBACK = "127.0.0.1"
_SHUTDOWN_SECONDS = 1
"""An upload that is not finished by then is of no use: its run ends with the program."""


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
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)


def run(chosen: argparse.Namespace, language: Language) -> int:
    """Serve the page until told to stop."""
    # Imported here: `bixie --help` does not need the server.
    from bixie.assembly.server import address_of, build_server, listen  # noqa: PLC0415
    from bixie.imaging.children import CHILDREN  # noqa: PLC0415
    from bixie.imaging.limits import Limits  # noqa: PLC0415
    from bixie.web.check import examining  # noqa: PLC0415
    from bixie.web.check.runs import Runs  # noqa: PLC0415
    from bixie.web.check.standalone import create_check_app  # noqa: PLC0415

    limits = Limits.from_environment()
    with listen(_LOOPBACK, chosen.port) as listener:
        runs = Runs(limits)
        try:
            asked = f"?lang={chosen.lang}" if chosen.lang else ""
            address = f"{address_of(listener)}/check{asked}"
            print(f"ready {address}", flush=True)
            print(say("open.ready", language), flush=True)
            if not chosen.no_browser:
                # A browser may take its time to start; the page is served meanwhile.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            CHILDREN.warm(examining.__name__)  # the first answer does not wait for its imports
            application = create_check_app(runs, listener.getsockname()[1])
            build_server(application, shutdown_seconds=_SHUTDOWN_SECONDS).run(sockets=[listener])
        finally:
            runs.close()
            CHILDREN.close()
    return 0
