"""``bixie demo``: an invented shop with worked cases, on this machine only."""

import argparse
import os
import sys
from typing import Any

from bixie.cli.console import complain
from bixie.cli.language import say
from bixie.cli.options import add_language
from bixie.kit.messages import Language

__all__ = ["add", "run"]

_FOLDER = "bixie-demo"
_PORT = "8000"
_LIMITS = "BIXIE_LIMIT_"
_EXIT_SECONDS = 9
"""The process has ended this long after SIGTERM, whatever hangs: service managers kill after ten."""


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "demo",
        language=language,
        help=say("demo.summary", language),
        usage="bixie demo [--data DIR] [--port N] [--lang zh|en]",
        description=say("demo.description", language),
        epilog=say("demo.epilog", language),
    )
    parser.add_argument("--data", metavar="DIR", default=_FOLDER, help=say("demo.data", language))
    parser.add_argument("--port", metavar="N", default=_PORT, help=say("demo.port", language))
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)


def run(chosen: argparse.Namespace, language: Language) -> int:
    """Serve the demo until told to stop."""
    # Imported here: `bixie --help` does not need the server.
    from bixie.assembly.demo.demo import open_demo  # noqa: PLC0415
    from bixie.kit.address_space import reserve_little  # noqa: PLC0415
    from bixie.web import logs  # noqa: PLC0415

    def on_seeding() -> None:
        complain(say("demo.seeding", language))

    _forget_settings()
    reserve_little()
    with open_demo(
        chosen.data, chosen.port, chosen.lang or "zh", exit_seconds=_EXIT_SECONDS, on_seeding=on_seeding
    ) as service:
        print(f"ready {service.address}", flush=True)
        print(say("demo.ready", language, folder=chosen.data), flush=True)
        logs.configure(sys.stderr)
        service.run()
    return 0


def _forget_settings() -> None:
    """Keep the demo to this machine: gateways, mail servers and witnesses that are set are for real cases."""
    for name in [one for one in os.environ if one.startswith("BIXIE_") and not one.startswith(_LIMITS)]:
        del os.environ[name]
