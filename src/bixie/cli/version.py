"""``bixie version``."""

import argparse
from typing import Any

from bixie.cli.language import say
from bixie.cli.options import add_language
from bixie.kit.messages import Language
from bixie.version import __version__

__all__ = ["add", "run"]


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    summary = say("version.summary", language)
    parser = commands.add_parser(
        "version",
        language=language,
        help=summary,
        usage="bixie version [--lang zh|en]",
        description=summary,
    )
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)


def run(_chosen: argparse.Namespace, _language: Language) -> int:
    """Print the version."""
    print(f"bixie {__version__}")
    return 0
