"""``bixie work list`` and ``bixie work retry``: list jobs that are not done, run a dead one again."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language, add_store
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.jobs.models import Job
    from bixie.store.settings import Location
    from bixie.store.unit_of_work import Store

__all__ = ["add", "run_list", "run_retry"]

_OK = 0
_BATCH = 500


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to `commands`."""
    parts = add_group(commands, "work", language)
    options = "[--data DIR | --url DATABASE-URL] [--json] [--lang zh|en]"
    listing = parts.add_parser(
        "list",
        language=language,
        help=say("work.list.summary", language),
        usage=f"bixie work list [--dead] {options}",
        description=say("work.list.description", language),
        epilog=say("work.list.epilog", language),
    )
    listing.add_argument("--dead", action="store_true", help=say("work.dead", language))
    _add_options(listing, language)
    listing.set_defaults(run=run_list, parser=listing)
    again = parts.add_parser(
        "retry",
        language=language,
        help=say("work.retry.summary", language),
        usage=f"bixie work retry ID {options}",
        description=say("work.retry.description", language),
        epilog=say("work.retry.epilog", language),
    )
    again.add_argument("id", metavar="ID", help=say("work.id", language))
    _add_options(again, language)
    again.set_defaults(run=run_retry, parser=again)


def _add_options(parser: Any, language: Language) -> None:
    add_store(parser, language)
    add_json(parser, language)
    add_language(parser, language)


def run_list(arguments: argparse.Namespace, language: Language) -> int:
    """List the jobs that are not done."""
    from bixie.assembly.stores import store_to_read  # noqa: PLC0415

    store = store_to_read(_location(arguments))
    try:
        jobs = list(_jobs(store, dead_only=arguments.dead))
    finally:
        store.close()
    if arguments.json:
        _print({"schema": "bixie.jobs/1", "jobs": [_document(job) for job in jobs]})
    elif jobs:
        print("\n".join(_line(job, language) for job in jobs))
    else:
        print(say("work.none_dead" if arguments.dead else "work.none", language))
    return _OK


def run_retry(arguments: argparse.Namespace, language: Language) -> int:
    """Run a job again that was given up."""
    from sqlalchemy.orm import Session  # noqa: PLC0415

    from bixie.assembly.stores import existing_store, ready_store  # noqa: PLC0415
    from bixie.jobs.service import retry  # noqa: PLC0415

    location = _location(arguments)
    existing_store(location).close()  # do not create a store only to find nothing in it
    store = ready_store(location)
    try:
        with store.writing(Session) as session:
            job = retry(session, arguments.id)
    finally:
        store.close()
    if arguments.json:
        _print(_document(job))
    else:
        print(say("work.again", language, id=job.id))
    return _OK


def _location(arguments: argparse.Namespace) -> "Location":
    from bixie.store.settings import Location  # noqa: PLC0415

    return Location.find(arguments.data, arguments.url)


def _jobs(store: "Store", *, dead_only: bool) -> Iterator["Job"]:
    from sqlalchemy.orm import Session  # noqa: PLC0415

    from bixie.jobs import repository  # noqa: PLC0415
    from bixie.jobs.models import State  # noqa: PLC0415

    states = [State.DEAD] if dead_only else [State.WAITING, State.DEAD]
    with store.reading(Session) as session:
        after = None
        while some := repository.page(session, tenant=None, states=states, after=after, limit=_BATCH):
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
    from bixie.kit.timestamps import local_time  # noqa: PLC0415

    times = {"due_at": job.due_at, "taken_at": job.handed_at, "ended_at": job.ended_at}
    shown = {name: time and local_time(time) for name, time in times.items()}
    key = "work.line.taken" if job.handed_at else f"work.line.{job.state}"
    line = say(key, language, id=job.id, kind=job.kind, failures=job.failures, **shown)
    return line if job.error is None else f"{line}\n  {job.error[language]}"


def _print(document: dict[str, Any]) -> None:
    print_document(document)
