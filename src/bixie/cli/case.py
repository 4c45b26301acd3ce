"""``bixie case list|show|errors|erase``: claims, how far each is, who must act; what appeals changed."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from bixie.cli.case_errors import error_page
from bixie.cli.case_page import amount_of, case_page, local, status_of
from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_data, add_json, add_language, limit_of
from bixie.cli.parser import add_group
from bixie.cli.table import format_table
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.access.tenancy import TenantSession
    from bixie.cases.answer import Reader
    from bixie.cases.models import Case
    from bixie.cases.schemas import CaseSummary
    from bixie.store.settings import Location

__all__ = ["add", "run_erase", "run_errors", "run_list", "run_show"]

_DONE = 0
_COLUMNS = ("id", "filed", "order", "service", "amount", "status", "waiting_for", "deadline")
_STATUSES = (
    *("awaiting_merchant", "awaiting_buyer", "in_review", "decided"),
    *("returning", "remedying", "appealed", "closed"),
)
_SIDES = ("buyer", "merchant", "platform")


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
    parts = add_group(commands, "case", language)
    usage = "[--status STATUS] [--waiting-for SIDE] [--order ID] [--limit N] [--after ID] [--side SIDE]"
    listing = _part(parts, "list", usage, run_list, language)
    status = say("case.list.status", language)
    listing.add_argument("--status", choices=_STATUSES, metavar="STATUS", help=status)
    waiting = say("case.list.waiting_for", language)
    listing.add_argument("--waiting-for", choices=_SIDES, metavar="SIDE", help=waiting)
    listing.add_argument("--order", metavar="ID", help=say("case.list.order", language))
    listing.add_argument("--limit", metavar="N", help=say("case.list.limit", language))
    listing.add_argument("--after", metavar="ID", help=say("case.list.after", language))
    shown = _part(parts, "show", "ID [--side SIDE]", run_show, language)
    shown.add_argument("id", metavar="ID", help=say("case.id", language))
    for part in (listing, shown):
        part.add_argument("--side", choices=_SIDES, metavar="SIDE", help=say("case.side", language))
    _part(parts, "errors", "", run_errors, language)
    erased = _part(parts, "erase", "ID", run_erase, language)
    erased.add_argument("id", metavar="ID", help=say("case.id", language))


def run_list(chosen: argparse.Namespace, language: Language) -> int:
    """List cases, the oldest first; nothing in the store changes."""
    from bixie.access.sequence import place_of  # noqa: PLC0415
    from bixie.cases import repository  # noqa: PLC0415
    from bixie.cases.answer import summaries  # noqa: PLC0415
    from bixie.cases.opening import found  # noqa: PLC0415

    limit = limit_of(chosen.limit)
    with _opened(chosen) as (session, location):
        after = None if chosen.after is None else place_of(found(session, chosen.after))
        # One more than fits shows whether there are others.
        wanted = repository.CaseFilter(
            chosen.status, chosen.waiting_for, order_ids=_order_ids(session, chosen.order)
        )
        rows = repository.page(session, after, limit + 1, wanted)
        cases = summaries(session, [(one, _reader(one, chosen.side)) for one in rows[:limit]])
    following = cases[-1].id if len(rows) > limit else None
    if chosen.json:
        items = [one.model_dump(mode="json") for one in cases]
        document = {"schema": "bixie.cases/1", "store": location.place, "items": items, "next": following}
        print_document(document)
        return _DONE
    print(_table(cases, language) if cases else say("case.list.none", language))
    if following is not None:
        print(say("case.list.more", language, after=following))
    print(say("store.place", language, place=location.place))
    return _DONE


def run_show(chosen: argparse.Namespace, language: Language) -> int:
    """Show one case; nothing in the store changes."""
    from bixie.cases.answer import case_out  # noqa: PLC0415
    from bixie.cases.opening import found  # noqa: PLC0415
    from bixie.remedies import repository as remedies  # noqa: PLC0415
    from bixie.remedies.schemas import RemedyOut  # noqa: PLC0415

    with _opened(chosen) as (session, _):
        row = found(session, chosen.id)
        case = case_out(session, row, _reader(row, chosen.side))
        ordered = [RemedyOut.of(one) for one in remedies.page(session, None, None, case_id=row.id)]
    if chosen.json:
        print_document(case.model_dump(mode="json"))
    else:
        print("\n".join(case_page(case, ordered, _zone(), language)))
    return _DONE


def run_errors(chosen: argparse.Namespace, language: Language) -> int:
    """Show how often an appeal changed a decision; nothing in the store changes."""
    from bixie.cases.error_board.schemas import ErrorBoardOut  # noqa: PLC0415
    from bixie.cases.error_board.service import error_board  # noqa: PLC0415

    with _opened(chosen) as (session, location):
        board = ErrorBoardOut.of(error_board(session))
    if chosen.json:
        counted = board.model_dump(mode="json")
        print_document({"schema": "bixie.error-board/1", "store": location.place, **counted})
        return _DONE
    print("\n".join(error_page(board, language)))
    print(say("store.place", language, place=location.place))
    return _DONE


def run_erase(chosen: argparse.Namespace, language: Language) -> int:
    """Erase what people wrote in a closed case."""
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.remedies.erasure import erase_case  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, _), writing(store, principal) as session:
        count = erase_case(session, chosen.id)
    if chosen.json:
        print_document({"schema": "bixie.case-erasure/1", "case": chosen.id, "erased": count})
    else:
        print(say("case.erase.done" if count else "case.erase.nothing", language, count=count))
    return _DONE


def _part(parts: Any, name: str, usage: str, run: Any, language: Language) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = parts.add_parser(
        name,
        language=language,
        help=say(f"case.{name}.summary", language),
        usage=" ".join(filter(None, ("bixie case", name, usage, "[--data DIR] [--json] [--lang zh|en]"))),
        description=say(f"case.{name}.description", language),
        epilog=say("case.epilog", language),
    )
    add_data(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run, parser=part)
    return part


@contextmanager
def _opened(chosen: argparse.Namespace) -> Iterator[tuple["TenantSession", "Location"]]:
    from bixie.access.tenancy import reading  # noqa: PLC0415
    from bixie.assembly.stores import opened_to_read  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    location = Location.find(chosen.data)
    with opened_to_read(location) as (store, principal), reading(store, principal) as session:
        yield session, location


def _order_ids(session: "TenantSession", number: str | None) -> set[str] | None:
    from bixie.orders import repository as orders  # noqa: PLC0415

    return None if number is None else orders.ids_by_number(session, number)


def _reader(case: "Case", side: str | None) -> "Reader":
    """Return who reads: the merchant where the tenant is one itself, else the platform."""
    from bixie.cases.answer import Reader  # noqa: PLC0415
    from bixie.cases.words import Side  # noqa: PLC0415
    from bixie.kit.timestamps import utc_now  # noqa: PLC0415

    own = Side.PLATFORM if case.party else Side.MERCHANT
    return Reader(own if side is None else Side(side), utc_now, _zone())


def _zone() -> tzinfo:
    """Return the zone of this machine."""
    return datetime.now(UTC).astimezone().tzinfo or UTC


def _table(cases: "Sequence[CaseSummary]", language: Language) -> str:
    headings = [say(f"case.list.column.{column}", language) for column in _COLUMNS]
    return format_table(headings, [_row(one, language) for one in cases])


def _row(case: "CaseSummary", language: Language) -> list[str]:
    zone = _zone()
    return [
        case.id,
        local(case.claim.filed_at, zone),
        case.claim.order or "–",
        getattr(case.claim.service_name, language),
        amount_of(case.claim.amount),
        status_of(case, language),
        _sides(case, language),
        local(case.deadline, zone),
    ]


def _sides(case: "CaseSummary", language: Language) -> str:
    separator = "、" if language == "zh" else ", "
    return separator.join(getattr(one, language) for one in case.waiting_for_names) or "–"
