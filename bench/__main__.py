"""The command ``python -m bench``: everything by default, or one part of it."""

import argparse
import sys

from bench import answer, credentials, derivation, direction, law, ledger, package, results, show, speed
from bench.labels import measure
from bench.load import (
    backup_kills,
    case_lists,
    duties,
    examinations,
    imports,
    lists,
    pages,
    service,
    viewer,
    work,
)
from bench.tamper import part as tampering

__all__ = ["main"]

_RUN = {
    "direction": direction.direction,
    "labels": measure.labels,
    "credentials": credentials.credentials,
    "law": law.law,
    "ledger": ledger.ledger,
    "work": work.work,
    "examinations": examinations.examinations,
    "service": service.service,
    "backup": backup_kills.backup,
    "lists": lists.lists,
    "imports": imports.imports,
    "duties": duties.duties,
    "cases": case_lists.cases,
    "pages": pages.pages,
    "viewer": viewer.viewer,
    "tamper": tampering.tamper,
    "package": package.package,
    "speed": speed.speed,
    "answer": answer.answer,
    "results": results.results,
    "show": show.show,
}


def _parser() -> argparse.ArgumentParser:
    # Long because it is a list of parts, a line or two each.
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    derivation.add_arguments(parser)
    parts = parser.add_subparsers(
        dest="part",
        metavar="{derivation,direction,labels,credentials,law,ledger,work,examinations,service,backup,lists,imports,"
        "duties,cases,pages,viewer,tamper,package,speed,answer,results,show}",
    )
    derivation.add_arguments(parts.add_parser("derivation", help="found, falsely linked, outlined"))
    direction.add_arguments(
        parts.add_parser("direction", help="which of two pictures is older, read both ways")
    )
    measure.add_arguments(parts.add_parser("labels", help="carriers read, removals found, honest photos"))
    speed.add_arguments(parts.add_parser("speed", help="seconds and memory of a 12-megapixel photo"))
    answer.add_arguments(parts.add_parser("answer", help="seconds from the drop page's start to its report"))
    credentials.add_arguments(
        parts.add_parser("credentials", help="agreement, camera photos, files a second")
    )
    law.add_arguments(parts.add_parser("law", help="fact sets assessed a second"))
    ledger.add_arguments(parts.add_parser("ledger", help="events appended, verified and proven"))
    work.add_arguments(parts.add_parser("work", help="jobs a second, workers killed at random instants"))
    examinations.add_arguments(
        parts.add_parser("examinations", help="claims examined while workers are killed at random instants")
    )
    service.add_arguments(
        parts.add_parser("service", help="uploads while server and workers are killed; upload latency")
    )
    backup_kills.add_arguments(
        parts.add_parser("backup", help="backups and restores killed at random instants")
    )
    lists.add_arguments(parts.add_parser("lists", help="pages of long lists, with several clients at once"))
    imports.add_arguments(parts.add_parser("imports", help="others while a file of orders is imported"))
    duties.add_arguments(parts.add_parser("duties", help="duties that are due at once, handled a second"))
    case_lists.add_arguments(parts.add_parser("cases", help="claims under kills; lists of many cases"))
    pages.add_arguments(parts.add_parser("pages", help="the server's time for each page; what pages weigh"))
    viewer.add_arguments(parts.add_parser("viewer", help="until two large pictures are sharp; how they move"))
    tampering.add_arguments(parts.add_parser("tamper", help="kinds of tampering, all to be found"))
    package.add_arguments(parts.add_parser("package", help="a large case built and verified"))
    results.add_arguments(parts.add_parser("results", help="write RESULTS.md from what runs left"))
    show.add_arguments(parts.add_parser("show", help="one case as pictures"))
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a part; without one, derivation and then speed, unless a quick or partial run was asked for."""
    options = _parser().parse_args(arguments)
    if options.part in _RUN:
        return _RUN[options.part](options)
    status = derivation.derivation(options)
    if status or options.part == "derivation" or options.quick or options.only:
        return status
    return speed.speed(_parser().parse_args(["speed"]))


if __name__ == "__main__":
    sys.exit(main())
