"""``bixie openapi``: prints the OpenAPI document of the service, for client generators."""

import argparse
from typing import Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_language
from bixie.kit.messages import Language

__all__ = ["add", "run"]


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "openapi",
        language=language,
        help=say("openapi.summary", language),
        usage="bixie openapi [--lang zh|en]",
        description=say("openapi.description", language),
    )
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)


def run(_chosen: argparse.Namespace, _language: Language) -> int:
    """Print the document."""
    # Imported here: `bixie --help` does not need FastAPI.
    from bixie.web.app import routes_only  # noqa: PLC0415

    print_document(routes_only().openapi())
    return 0
