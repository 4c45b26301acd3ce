"""``bixie work list`` and ``bixie work retry``: what is to be done, what was given up, and once more."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_bytes
from bixie.cli.language import say
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.jobs.models import Job
    from bixie.store.settings import Location
    from bixie.store.unit_of_work import Store

__all__ = ["add", "run_list", "run_retry"]

_DONE = 0
_AT_ONCE = 500


def add(commands: Any, language: Language) -> None:
    """Add the command and its parts to the parser's `commands`."""
    parser = commands.add_parser(
        "work",
        language=language,
        help=say("work.summary", language),
        usage="bixie work list|retry ...",
        description=say("work.description", language),
    )
    parts = parser.add_subparsers(title=say("commands", language), metavar="COMMAND", required=True)
    place = "[--data DIR | --url DATABASE-URL] [--json] [--lang zh|en]"
    listing = parts.add_parser(
        "list",
        language=language,
        help=say("work.list.summary", language),
        usage=f"bixie work list [--dead] {place}",
        description=say("work.list.description", language),
        epilog=say("work.list.epilog", language),
    )
    listing.add_argument("--dead", action="store_true", help=say("work.dead", language))
    _add_place(listing, language)
    listing.set_defaults(run=run_list, parser=listing)
    again = parts.add_parser(
        "retry",
        language=language,
        help=say("work.retry.summary", language),
        usage=f"bixie work retry ID {place}",
        description=say("work.retry.description", language),
        epilog=say("work.retry.epilog", language),
    )
    again.add_argument("id", metavar="ID", help=say("work.id", language))
    _add_place(again, language)
    again.set_defaults(run=run_retry, parser=again)


def _add_place(parser: Any, language: Language) -> None:
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--data", metavar="DIR", help=say("ledger.data", language))
    place.add_argument("--url", metavar="DATABASE-URL", help=say("ledger.url", language))
    parser.add_argument("--json", action="store_true", help=say("ledger.json", language))
    parser.add_argument("--lang", choices=("zh", "en"), help=say("ledger.lang", language))


def run_list(chosen: argparse.Namespace, language: Language) -> int:
    """List the jobs that are not done."""
    from bixie.assembly.stores import existing_store  # noqa: PLC0415

    store = existing_store(_location(chosen))
    try:
        jobs = list(_jobs(store, dead_only=chosen.dead))
    finally:
        store.close()
    if chosen.json:
        _print({"schema": "bixie.jobs/1", "jobs": [_document(job) for job in jobs]})
    elif jobs:
        print("\n".join(_line(job, language) for job in jobs))
    else:
        print(say("work.none_dead" if chosen.dead else "work.none", language))
    return _DONE


def run_retry(chosen: argparse.Namespace, language: Language) -> int:
    """Have a job that was given up run again."""
    from sqlalchemy.orm import Session  # noqa: PLC0415

    from bixie.assembly.stores import existing_store, ready_store  # noqa: PLC0415
    from bixie.jobs.service import retry  # noqa: PLC0415

    location = _location(chosen)
    existing_store(location).close()  # no store is made in order to find nothing in it
    store = ready_store(location)
    try:
        with store.writing(Session) as session:
            job = retry(session, chosen.id)
    finally:
        store.close()
    if chosen.json:
        _print(_document(job))
    else:
        print(say("work.again", language, id=job.id))
    return _DONE


def _location(chosen: argparse.Namespace) -> "Location":
    from bixie.store.settings import Location  # noqa: PLC0415

    return Location.find(chosen.data, chosen.url)


def _jobs(store: "Store", *, dead_only: bool) -> Iterator["Job"]:
    from sqlalchemy.orm import Session  # noqa: PLC0415

    from bixie.jobs import repository  # noqa: PLC0415
    from bixie.jobs.models import State  # noqa: PLC0415

    states = [State.DEAD] if dead_only else [State.WAITING, State.DEAD]
    with store.reading(Session) as session:
        after = None
        while some := repository.page(session, tenant=None, states=states, after=after, limit=_AT_ONCE):
            yield from some
            after = some[-1].id


def _document(job: "Job") -> dict[str, Any]:
    from bixie.kit.timestamps import format_timestamp  # noqa: PLC0415

    return {
        "id": job.id,
        "tenant": job.tenant,
        "kind": job.kind,
        "state": job.state,
        "due_at": format_timestamp(job.due_at),
        "taken_at": job.handed_at and format_timestamp(job.handed_at),
        "failures": job.failures,
        "error": job.error,
        "created_at": format_timestamp(job.created_at),
        "ended_at": job.ended_at and format_timestamp(job.ended_at),
    }


def _line(job: "Job", language: Language) -> str:
    document = _document(job)
    key = "work.line.taken" if document["taken_at"] else f"work.line.{job.state}"
    line = say(key, language, **document)
    return line if job.error is None else f"{line}\n  {job.error[language]}"


def _print(document: dict[str, Any]) -> None:
    print_bytes((json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())
