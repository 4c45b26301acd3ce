"""``bixie vault report``: prints the report about an exhibit."""

import argparse
from typing import Any

from bixie.cli.console import print_bytes
from bixie.cli.language import say
from bixie.cli.options import add_data, add_language
from bixie.kit.messages import Language

__all__ = ["add", "run_report"]

_PRINTED = 0


def add(subcommands: Any, language: Language) -> None:
    """Add the command to the `subcommands` of ``bixie vault``."""
    parser = subcommands.add_parser(
        "report",
        language=language,
        help=say("vault.report.summary", language),
        usage="bixie vault report ID [--data DIR] [--lang zh|en]",
        description=say("vault.report.description", language),
        epilog=say("vault.report.epilog", language),
    )
    parser.add_argument("id", metavar="ID", help=say("vault.report.id", language))
    add_data(parser, language)
    add_language(parser, language)
    parser.set_defaults(run=run_report, parser=parser)


def run_report(chosen: argparse.Namespace, language: Language) -> int:
    """Print the newest report about an exhibit; the ledger records the access."""
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.examinations.service import report_about  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, blobs):
        data = report_about(store, principal, blobs, chosen.id)
    print_bytes(data)
    return _PRINTED
