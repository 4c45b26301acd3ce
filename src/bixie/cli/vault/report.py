"""``bixie vault report``: prints the report about an exhibit, or writes it into a folder."""

import argparse
from pathlib import Path
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
        usage="bixie vault report ID [--to DIR] [--data DIR] [--lang zh|en]",
        description=say("vault.report.description", language),
        epilog=say("vault.report.epilog", language),
    )
    parser.add_argument("id", metavar="ID", help=say("vault.report.id", language))
    parser.add_argument("--to", metavar="DIR", help=say("vault.report.to", language))
    add_data(parser, language)
    add_language(parser, language)
    parser.set_defaults(run=run_report, parser=parser)


def run_report(chosen: argparse.Namespace, language: Language) -> int:
    """Print the newest report about an exhibit, or write it into a folder; the ledger records the access."""
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.examinations.reading import about, parts, read_part  # noqa: PLC0415
    from bixie.report.saving import DOCUMENT, save_parts  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, blobs):
        made = about(store, principal, chosen.id)
        if chosen.to is None:
            print_bytes(read_part(store, principal, blobs, made, DOCUMENT).data)
            return _PRINTED
        paths = parts(store, principal, made)
        read = ((path, read_part(store, principal, blobs, made, path).data) for path in paths)
        page = save_parts(read, Path(chosen.to))
    print(say("vault.report.written", language, path=page))
    return _PRINTED
