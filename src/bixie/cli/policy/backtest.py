"""``bixie policy backtest``: tries a pack on earlier decisions, and shows what would have changed."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from bixie.cli.console import complain, print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language, add_store
from bixie.cli.table import format_table
from bixie.cli.tenant_option import add_tenant, tenant_to_read
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bixie.access.tenancy import TenantSession
    from bixie.policies import Backtest, PolicyError, Record

__all__ = ["add", "run_backtest"]

_DONE = 0
_SOME_UNREADABLE = 3


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    part = commands.add_parser(
        "backtest",
        language=language,
        help=say("policy.backtest.summary", language),
        usage="bixie policy backtest PACK [RECORDS... | --data DIR | --url DATABASE-URL] [--tenant ID] "
        "[--json] [--lang zh|en]",
        description=say("policy.backtest.description", language),
        epilog=say("policy.backtest.epilog", language),
    )
    part.add_argument("pack", metavar="PACK", help=say("policy.backtest.pack", language))
    part.add_argument("records", nargs="*", metavar="RECORDS", help=say("policy.backtest.records", language))
    add_store(part, language)
    add_tenant(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run_backtest, parser=part)


def run_backtest(chosen: argparse.Namespace, language: Language) -> int:
    """Try a pack on records of files, or on all decisions of a store; return 3 if some cannot be read."""
    from bixie.policies import backtest, read_pack  # noqa: PLC0415

    pack = read_pack(chosen.pack)
    unreadable: list[PolicyError] = []
    if chosen.records:
        found = backtest(pack, _records(chosen.records, unreadable))
    else:
        with tenant_to_read(chosen) as (session, _):
            found = backtest(pack, _of_tenant(session, unreadable))
    for error in unreadable:
        complain(error.text.in_(language))
    if chosen.json:
        print_document({**found.as_dict(), "unreadable": [error.to_fault() for error in unreadable]})
    else:
        print("\n".join(_lines(found, language)))
    return _SOME_UNREADABLE if unreadable else _DONE


def _records(places: list[str], unreadable: "list[PolicyError]") -> "Iterator[Record]":
    """Yield the records of files and folders, one a line; collect what cannot be read."""
    from bixie.policies import PolicyError  # noqa: PLC0415
    from bixie.policies.records import records_in  # noqa: PLC0415

    for place in places:
        path = Path(place)
        files = sorted(path.glob("*.json*")) if path.is_dir() else [path]
        for file in files:
            try:
                yield from records_in(file, unreadable.append)
            except PolicyError as error:
                unreadable.append(error)


def _of_tenant(session: "TenantSession", unreadable: "list[PolicyError]") -> "Iterator[Record]":
    """Yield the records of all decisions of a store's tenant; collect rows that are none."""
    from bixie.cases.packs.backtesting import records_of_tenant  # noqa: PLC0415

    return records_of_tenant(session, unreadable.append)


def _lines(found: "Backtest", language: Language) -> list[str]:
    from bixie.policies.backtesting import CHANGES  # noqa: PLC0415

    lines = [
        say(
            "policy.backtest.total",
            language,
            id=found.pack.id,
            version=found.pack.version,
            decisions=found.decisions,
            unchanged=found.unchanged,
        )
    ]
    if not found.decisions:
        return lines
    headings = [say(f"policy.backtest.{name}", language) for name in ("outcome", "decisions", "unchanged")]
    headings += [say(f"policy.backtest.{name}", language) for name in CHANGES]
    rows = [
        [_outcome(row.outcome, language), str(row.decisions), str(row.unchanged)]
        + [str(row.changes[name]) for name in CHANGES]
        for row in found.outcomes
    ]
    lines += ["", format_table(headings, rows)]
    rules = [[row.rule, str(row.before), str(row.after)] for row in found.rules if row.before != row.after]
    if rules:
        names = ("rule", "before", "after")
        lines += ["", format_table([say(f"policy.backtest.{name}", language) for name in names], rules)]
    return lines


def _outcome(kind: str, language: Language) -> str:
    from bixie.policies.facts import OutcomeKind  # noqa: PLC0415

    return say(f"policy.outcome.{kind}", language) if kind in get_args(OutcomeKind) else kind
