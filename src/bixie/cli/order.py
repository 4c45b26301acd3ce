"""``bixie order import``: imports a shop's orders, to compare claims with what was sold."""

import argparse
import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bixie.cli.checkpointing import make_checkpoint
from bixie.cli.console import complain, print_document
from bixie.cli.language import say
from bixie.cli.new_store import open_to_change
from bixie.cli.options import add_data, add_json, add_language, add_new
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.orders.file_import import ParsedFile
    from bixie.orders.service import Outcome
    from bixie.store.settings import Location

__all__ = ["add", "run_import"]

_DONE = 0
_SOME_WRONG = 3
_MAX_LISTED = 50
"""Problems printed for people; a program gets all of them."""


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommand to the parser's `commands`."""
    parts = add_group(commands, "order", language)
    part = parts.add_parser(
        "import",
        language=language,
        help=say("order.import.summary", language),
        usage="bixie order import FILE [--dry-run] [--data DIR] [--new] [--json] [--lang zh|en]",
        description=say("order.import.description", language),
        epilog=say("order.import.epilog", language),
    )
    part.add_argument("file", metavar="FILE", help=say("order.file", language))
    part.add_argument("--dry-run", action="store_true", help=say("order.dry_run", language))
    add_data(part, language)
    add_new(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run_import, parser=part)


def run_import(chosen: argparse.Namespace, language: Language) -> int:
    """Import the orders of a file that have no faults."""
    from bixie.assembly.stores import store_exists  # noqa: PLC0415
    from bixie.orders.errors import OrdersError  # noqa: PLC0415
    from bixie.orders.file_import import MAX_FILE, read_orders  # noqa: PLC0415
    from bixie.orders.service import Outcome  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    try:
        with Path(chosen.file).open("rb") as file:
            data = io.BytesIO(file.read(MAX_FILE + 1))  # a pipe cannot be read twice
    except (OSError, ValueError) as error:
        raise OrdersError("orders.unreadable", path=chosen.file) from error
    location = Location.find(chosen.data)
    with read_orders(data) as read:
        is_there = not chosen.dry_run or store_exists(location)
        outcome = _stored(read, chosen, location, language) if is_there else Outcome(len(read.orders), 0, 0)
    if chosen.json:
        document = _document(read, outcome, chosen, location)
        print_document(document)
    else:
        print("\n".join(_lines(read, outcome, chosen, language)))
        key = "store.place" if is_there else "order.no_store"
        print(say(key, language, place=location.place))
    return _SOME_WRONG if read.problems else _DONE


def _stored(
    read: "ParsedFile", chosen: argparse.Namespace, location: "Location", language: Language
) -> "Outcome":
    from bixie.access.idempotency import once_in_steps  # noqa: PLC0415
    from bixie.access.tenancy import reading, writing  # noqa: PLC0415
    from bixie.assembly.stores import command_line_principal, store_to_read  # noqa: PLC0415
    from bixie.kit.timestamps import utc_now  # noqa: PLC0415
    from bixie.orders.service import count_changes, import_in_chunks  # noqa: PLC0415

    store = store_to_read(location) if chosen.dry_run else open_to_change(location, chosen, language)
    try:
        principal = command_line_principal(store)
        if chosen.dry_run:
            with reading(store, principal) as session:
                return count_changes(session, read.orders)
        transaction = partial(writing, store, principal)
        outcome = import_in_chunks(partial(once_in_steps, transaction, utc_now, None, ""), read.orders)
        make_checkpoint(store, principal, language)
        return outcome
    finally:
        store.close()


def _document(
    read: "ParsedFile", outcome: "Outcome", chosen: argparse.Namespace, location: "Location"
) -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415

    return {
        "schema": "bixie.import/1",
        "store": location.place,
        "dry_run": chosen.dry_run,
        **asdict(outcome),
        "problems": [asdict(one) for one in read.problems],
        "more_problems": read.more,
        "ignored_columns": list(read.ignored),
        "notes": [asdict(one) for one in read.notes],
    }


def _lines(
    read: "ParsedFile", outcome: "Outcome", chosen: argparse.Namespace, language: Language
) -> list[str]:
    for one in read.problems[:_MAX_LISTED]:
        column = one.column or "–"
        text = one.zh if language == "zh" else one.en
        complain(say("order.problem", language, row=one.row, column=column, text=text))
    if len(read.problems) > _MAX_LISTED or read.more:
        complain(say("order.more", language, shown=_MAX_LISTED))
    key = "order.would" if chosen.dry_run else "order.done"
    counts = {"added": outcome.added, "changed": outcome.changed, "unchanged": outcome.unchanged}
    lines = [say(key, language, **counts)]
    for one in read.notes:
        text = one.zh if language == "zh" else one.en
        lines.append(say("order.note", language, column=one.column, text=text))
    if read.ignored:
        separator = "、" if language == "zh" else ", "
        lines.append(say("order.ignored", language, columns=separator.join(read.ignored)))
    return lines
