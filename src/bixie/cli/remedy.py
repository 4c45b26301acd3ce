"""``bixie remedy list|confirm|fail``: orders to the outside, and what became of them."""

import argparse
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_data, add_json, add_language, limit_of
from bixie.cli.parser import add_group
from bixie.cli.table import format_day_time, format_table
from bixie.kit.errors import BixieError
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bixie.remedies.models import Remedy

__all__ = ["add", "remedy_settings", "run_confirm", "run_fail", "run_list"]

_DONE = 0
_COLUMNS = ("id", "ordered", "case", "kind", "amount", "state")
_REASONS = ("no_such_order", "out_of_stock", "account_closed", "over_limit", "shipped", "other")


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
    parts = add_group(commands, "remedy", language)
    listing = _part(parts, "list", "[--case ID] [--all] [--limit N] [--after ID]", run_list, language)
    listing.add_argument("--case", metavar="ID", help=say("remedy.list.case", language))
    listing.add_argument("--all", action="store_true", help=say("remedy.list.all", language))
    listing.add_argument("--limit", metavar="N", help=say("remedy.list.limit", language))
    listing.add_argument("--after", metavar="ID", help=say("remedy.list.after", language))
    done = _part(parts, "confirm", "ID [--reference TEXT]", run_confirm, language)
    done.add_argument("id", metavar="ID", help=say("remedy.id", language))
    done.add_argument("--reference", metavar="TEXT", help=say("remedy.reference", language))
    failed = _part(parts, "fail", "ID --reason REASON", run_fail, language)
    failed.add_argument("id", metavar="ID", help=say("remedy.id", language))
    reason = say("remedy.reason", language)
    failed.add_argument("--reason", choices=_REASONS, metavar="REASON", required=True, help=reason)


def run_list(chosen: argparse.Namespace, language: Language) -> int:
    """List remedies, the oldest first; nothing in the store changes."""
    from bixie.access.sequence import place_of  # noqa: PLC0415
    from bixie.access.tenancy import reading  # noqa: PLC0415
    from bixie.assembly.stores import opened_to_read  # noqa: PLC0415
    from bixie.remedies import repository  # noqa: PLC0415
    from bixie.remedies.rules import OPEN  # noqa: PLC0415
    from bixie.remedies.schemas import RemedyOut  # noqa: PLC0415
    from bixie.remedies.service import found  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    limit, location = limit_of(chosen.limit), Location.find(chosen.data)
    with opened_to_read(location) as (store, principal), reading(store, principal) as session:
        after = None if chosen.after is None else place_of(found(session, chosen.after))
        states = () if chosen.all else OPEN
        # One more than fits shows whether there are others.
        rows = repository.page(session, after, limit + 1, case_id=chosen.case, states=states)
    shown = rows[:limit]
    following = shown[-1].id if len(rows) > limit else None
    if chosen.json:
        items = [RemedyOut.of(one).model_dump(mode="json") for one in shown]
        document = {"schema": "bixie.remedies/1", "store": location.place, "items": items, "next": following}
        print_document(document)
        return _DONE
    print(_table(shown, language) if shown else say("remedy.list.none", language))
    if following is not None:
        print(say("remedy.list.more", language, after=following))
    print(say("store.place", language, place=location.place))
    return _DONE


def run_confirm(chosen: argparse.Namespace, language: Language) -> int:
    """Note that a remedy was carried out."""
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.remedies.service import confirm  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, _), writing(store, principal) as session:
        remedy = confirm(session, chosen.id, chosen.reference)
    return _print(remedy, chosen, language)


def run_fail(chosen: argparse.Namespace, language: Language) -> int:
    """Note that a remedy will not be carried out."""
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.remedies.rules import Failure  # noqa: PLC0415
    from bixie.remedies.service import fail  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, _), writing(store, principal) as session:
        remedy = fail(session, chosen.id, Failure(chosen.reason))
    return _print(remedy, chosen, language)


def remedy_settings() -> dict[str, Any]:
    """Return what ``bixie doctor`` says of remedies: the gateway that they go through, or what is wrong."""
    from bixie.assembly.remedies import remedy_gateway  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    try:
        return {"gateway": remedy_gateway(Location.find()).name, "error": None}
    except BixieError as error:
        return {"gateway": None, "error": error.to_dict()}


def _part(parts: Any, name: str, usage: str, run: Any, language: Language) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = parts.add_parser(
        name,
        language=language,
        help=say(f"remedy.{name}.summary", language),
        usage=f"bixie remedy {name} {usage} [--data DIR] [--json] [--lang zh|en]",
        description=say(f"remedy.{name}.description", language),
        epilog=say(f"remedy.{name}.epilog", language),
    )
    add_data(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run, parser=part)
    return part


def _table(remedies: "Sequence[Remedy]", language: Language) -> str:
    headings = [say(f"remedy.list.column.{column}", language) for column in _COLUMNS]
    return format_table(headings, [_row(one, language) for one in remedies])


def _row(remedy: "Remedy", language: Language) -> list[str]:
    return [
        remedy.id,
        format_day_time(remedy.ordered_at),
        remedy.case_id,
        say(f"remedy.kind.{remedy.kind}", language),
        _amount(remedy),
        say(f"remedy.state.{remedy.state}", language),
    ]


def _amount(remedy: "Remedy") -> str:
    from bixie.kit.money import yuan_from_fen  # noqa: PLC0415

    if remedy.amount_minor is None:
        return "–"
    if remedy.currency == "CNY":
        return f"¥{yuan_from_fen(remedy.amount_minor)}"
    return f"{remedy.amount_minor} {remedy.currency}"


def _print(remedy: "Remedy", chosen: argparse.Namespace, language: Language) -> int:
    from bixie.remedies.schemas import RemedyOut, says  # noqa: PLC0415

    if chosen.json:
        print_document(RemedyOut.of(remedy).model_dump(mode="json"))
    else:
        print(f"{remedy.id}: {getattr(says(remedy), language)}")
    return _DONE
