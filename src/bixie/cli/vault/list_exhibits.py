"""``bixie vault list``: lists what is kept, the newest first."""

import argparse
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_data, add_json, add_language, limit_of
from bixie.cli.table import format_day_time, format_size, format_table
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bixie.vault.models import Exhibit
    from bixie.vault.schemas import ExhibitOut

__all__ = ["add", "run_list"]

_LISTED = 0
_ROLES = ("listing", "packing", "claim", "reply", "report")
_COLUMNS = ("id", "received", "role", "name", "media_type", "size", "order", "state")


def add(subcommands: Any, language: Language) -> None:
    """Add the command to the `subcommands` of ``bixie vault``."""
    parser = subcommands.add_parser(
        "list",
        language=language,
        help=say("vault.list.summary", language),
        usage="bixie vault list [--order ID] [--role ROLE] [--limit N] [--before EXHIBIT] [--data DIR] "
        "[--json] [--lang zh|en]",
        description=say("vault.list.description", language),
        epilog=say("vault.list.epilog", language),
    )
    parser.add_argument("--order", metavar="ID", help=say("vault.list.order", language))
    parser.add_argument("--role", choices=_ROLES, metavar="ROLE", help=say("vault.list.role", language))
    parser.add_argument("--limit", metavar="N", help=say("vault.list.limit", language))
    parser.add_argument("--before", metavar="EXHIBIT", help=say("vault.list.before", language))
    add_data(parser, language)
    add_json(parser, language)
    add_language(parser, language)
    parser.set_defaults(run=run_list, parser=parser)


def run_list(chosen: argparse.Namespace, language: Language) -> int:
    """List the exhibits of the command line's tenant; nothing in the store changes."""
    from bixie.access.sequence import place_of  # noqa: PLC0415
    from bixie.access.tenancy import reading  # noqa: PLC0415
    from bixie.assembly.stores import opened_to_read  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415
    from bixie.vault import repository  # noqa: PLC0415
    from bixie.vault.exhibit_facts import facts_of  # noqa: PLC0415
    from bixie.vault.models import Role  # noqa: PLC0415
    from bixie.vault.schemas import ExhibitOut  # noqa: PLC0415
    from bixie.vault.service import found  # noqa: PLC0415

    limit, location = limit_of(chosen.limit), Location.find(chosen.data)
    role = None if chosen.role is None else Role(chosen.role)
    with opened_to_read(location) as (store, principal), reading(store, principal) as session:
        before = None if chosen.before is None else place_of(found(session, chosen.before))
        # One more than fits shows whether there are others.
        rows = repository.page(session, before, limit + 1, chosen.order, role, newest_first=True)
        facts = facts_of(session, rows[:limit])
        exhibits = [(ExhibitOut.of(row, facts[row.id]), row) for row in rows[:limit]]
        following = rows[limit - 1].id if len(rows) > limit else None
    if chosen.json:
        items = [document.model_dump(mode="json") for document, _ in exhibits]
        document = {"schema": "bixie.exhibits/1", "store": location.place, "items": items, "next": following}
        print_document(document)
        return _LISTED
    print(_words(exhibits, language))
    if following is not None:
        print(say("vault.list.more", language, before=following))
    print(say("store.place", language, place=location.place))
    return _LISTED


def _words(exhibits: "Sequence[tuple[ExhibitOut, Exhibit]]", language: Language) -> str:
    if not exhibits:
        return say("vault.list.none", language)
    headings = [say(f"vault.list.column.{column}", language) for column in _COLUMNS]
    return format_table(headings, [_row(document, exhibit, language) for document, exhibit in exhibits])


def _row(document: "ExhibitOut", exhibit: "Exhibit", language: Language) -> list[str]:
    erased = exhibit.erased_at is not None
    return [
        exhibit.id,
        format_day_time(exhibit.received_at),
        say(f"vault.list.role.{exhibit.role}", language),
        "–" if erased else exhibit.name,
        exhibit.media_type,
        format_size(exhibit.bytes),
        "–" if erased else exhibit.order_number,
        _state(document, language),
    ]


def _state(document: "ExhibitOut", language: Language) -> str:
    words = [say(f"vault.list.state.{document.state}", language)]
    if document.examination is not None and document.state == "kept":
        words.append(say(f"vault.list.examination.{document.examination}", language))
    if document.missing:
        words.append(say("vault.list.missing", language))
    return " · ".join(words)
