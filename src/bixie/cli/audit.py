"""``bixie audit list``: who signed in or failed to, and who changed people, keys and passwords."""

import argparse
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language, add_store
from bixie.cli.parser import add_group
from bixie.cli.person import find_person
from bixie.cli.table import format_day_time, format_table
from bixie.cli.tenant_option import add_tenant, tenant_to_read
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.access.tenancy import TenantSession
    from bixie.identity.audit.schemas import EntryOut

__all__ = ["add", "run_list"]

_BATCH = 500
_LAST = 100
_COLUMNS = ("time", "event", "about", "by", "source", "details")


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommand to the parser's `commands`."""
    parts = add_group(commands, "audit", language)
    part = parts.add_parser(
        "list",
        language=language,
        help=say("audit.list.summary", language),
        usage="bixie audit list [--about PERSON] [--last NUMBER] [--tenant ID] "
        "[--data DIR | --url DATABASE-URL] [--json] [--lang zh|en]",
        description=say("audit.list.description", language),
        epilog=say("audit.list.epilog", language),
    )
    part.add_argument("--about", metavar="PERSON", help=say("audit.about", language))
    part.add_argument("--last", metavar="NUMBER", type=int, default=_LAST, help=say("audit.last", language))
    add_tenant(part, language)
    add_store(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run_list, parser=part)


def run_list(chosen: argparse.Namespace, language: Language) -> int:
    """List the newest events, oldest first; nothing in the store changes."""
    from bixie.kit.ids import is_id  # noqa: PLC0415

    if chosen.last < 1:
        chosen.parser.error(say("audit.not_a_number", language))
    with tenant_to_read(chosen) as (session, place):
        about, tenant = chosen.about, session.principal.tenant
        if about is not None and not is_id("key", about):
            about = find_person(session, about).id
        listed = [*islice(_newest(session, about, chosen.last), chosen.last)][::-1]
    if chosen.json:
        items = [entry.model_dump(mode="json") for entry in listed]
        print_document({"schema": "bixie.audit/1", "store": place, "tenant": tenant, "items": items})
        return 0
    headings = [say(f"audit.list.column.{column}", language) for column in _COLUMNS]
    rows = [_row(entry, language) for entry in listed]
    print(format_table(headings, rows) if rows else say("audit.list.none", language))
    print(say("store.place", language, place=place))
    return 0


def _newest(session: "TenantSession", about: str | None, last: int) -> Iterator["EntryOut"]:
    from bixie.identity.audit.schemas import EntryOut  # noqa: PLC0415
    from bixie.identity.audit.service import LAST, newest  # noqa: PLC0415

    before = LAST
    while some := newest(session, about, before, min(last, _BATCH)):
        yield from (EntryOut.of(entry) for entry in some)
        before = some[-1].event.sequence


def _row(entry: "EntryOut", language: Language) -> list[str]:
    from bixie.identity.audit.service import TYPES  # noqa: PLC0415
    from bixie.kit.timestamps import parse_timestamp  # noqa: PLC0415

    name = entry.type.removeprefix("identity.")
    known = entry.type in TYPES
    details = ", ".join(f"{name}: {value}" for name, value in entry.data.items() if value is not None)
    return [
        format_day_time(parse_timestamp(entry.time)),
        say(f"audit.event.{name}", language) if known else entry.type,
        entry.subject_name or entry.subject,
        entry.actor_name or entry.actor,
        entry.source or "–",
        details,
    ]
