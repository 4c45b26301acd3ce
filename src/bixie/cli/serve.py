"""``bixie serve``: the service, on this machine only unless told otherwise."""

import argparse
import sys
from typing import Any

from bixie.cli.language import say
from bixie.cli.options import add_data, add_language, add_url
from bixie.kit.messages import Language

__all__ = ["add", "run"]

_LOOPBACK = "127.0.0.1"
_PORT = 8000
_EXIT_SECONDS = 9
"""The process has ended this long after SIGTERM, whatever hangs: service managers kill after ten."""


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "serve",
        language=language,
        help=say("serve.summary", language),
        usage="bixie serve [--host ADDRESS] [--port NUMBER] [--data DIR] [--url DATABASE-URL] [--lang zh|en]",
        description=say("serve.description", language),
        epilog=say("serve.epilog", language),
    )
    parser.add_argument("--host", metavar="ADDRESS", default=_LOOPBACK, help=say("serve.host", language))
    parser.add_argument("--port", metavar="NUMBER", default=str(_PORT), help=say("serve.port", language))
    add_data(parser, language)
    add_url(parser, language)
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)


def run(chosen: argparse.Namespace, language: Language) -> int:
    """Serve until told to stop."""
    # Imported here: `bixie --help` does not need the server.
    from bixie.assembly.service import open_service  # noqa: PLC0415
    from bixie.kit.address_space import reserve_little  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415
    from bixie.web import logs  # noqa: PLC0415

    reserve_little()
    location = Location.find(chosen.data, chosen.url)
    with open_service(location, chosen.host, chosen.port, _EXIT_SECONDS) as service:
        print(say("serve.listening", language, address=service.address), flush=True)
        if service.new_store:
            print(say("store.made", language, place=location.place), flush=True)
        if service.setup_link is not None:
            print(say("serve.setup", language, link=service.setup_link), flush=True)
        logs.configure(sys.stderr)
        service.run()
    return 0
