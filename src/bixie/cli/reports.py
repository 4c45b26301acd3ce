"""``bixie vault report``: what was found about an exhibit, as it was written and kept."""

import argparse
from typing import Any

from bixie.cli.console import print_bytes
from bixie.cli.language import say
from bixie.kit.messages import Language

__all__ = ["add", "run_report"]

_PRINTED = 0


def add(parts: Any, language: Language) -> None:
    """Add the command to the `parts` of ``bixie vault``."""
    part = parts.add_parser(
        "report",
        language=language,
        help=say("vault.report.summary", language),
        usage="bixie vault report ID [--data DIR] [--lang zh|en]",
        description=say("vault.report.description", language),
        epilog=say("vault.report.epilog", language),
    )
    part.add_argument("id", metavar="ID", help=say("vault.report.id", language))
    part.add_argument("--data", metavar="DIR", help=say("vault.data", language))
    part.add_argument("--lang", choices=("zh", "en"), help=say("vault.lang", language))
    part.set_defaults(run=run_report, parser=part)


def run_report(chosen: argparse.Namespace, language: Language) -> int:
    """Print the newest report about an exhibit; that it was handed out is put on record."""
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.examinations.service import report_about  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, blobs), writing(store, principal) as session:
        data = report_about(session, blobs, chosen.id)
    print_bytes(data)
    return _PRINTED
