"""The part ``tamper``: every kind of tampering on a copy of a store, and which check finds it."""

import argparse
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from tests.services import postgresql

from bench.markdown import Table
from bench.run_file import write_run
from bench.tamper import checkpoints, events, rows, rows_of_people
from bench.tamper.copies import copied, tampering, template_on
from bench.tamper.kinds import Check, Kind
from bench.tamper.population import Population, environment, populate
from bixie.cli.main import main as bixie

__all__ = ["KINDS", "add_arguments", "tables", "tamper"]

KINDS: list[Kind] = [*events.KINDS, *checkpoints.KINDS, *rows.KINDS, *rows_of_people.KINDS]
"""All kinds, by area."""

_MISSED = "nothing found"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``tamper``."""
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--kind", metavar="TEXT", help="only kinds whose area and name contain it")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="tamper_json")


def tamper(options: argparse.Namespace) -> int:
    """Tamper, verify and print; 1 when a kind was not found, 2 when nothing could be tried."""
    kinds = [one for one in KINDS if (options.kind or "") in f"{one.area}: {one.name}"]
    found: dict[str, dict[str, str]] = {}
    for database in options.database or ("sqlite", "postgresql"):
        reason = postgresql.why_not() if database == "postgresql" else None
        if reason:
            print(f"{database} was left out: {reason}")
            continue
        server = postgresql.running(durable=False) if database == "postgresql" else nullcontext(None)
        with server as url, tempfile.TemporaryDirectory(prefix="bench-") as folder:
            found[database] = _tried(kinds, url, Path(folder))
    if not found or not kinds:
        return 2
    numbers = {"kinds": [_described(one) for one in kinds], "found": found}
    print("\n\n".join(one.text() for one in tables(numbers)))
    write_run(options.tamper_json, "tamper", {"numbers": numbers})
    missed = [
        f"{database}: {name}" for database, one in found.items() for name in one if _is_missed(one[name])
    ]
    print("\n".join(["", *(f"NOT FOUND {one}" for one in missed)]), file=sys.stderr)
    return 1 if missed else 0


def _tried(kinds: Sequence[Kind], server: str | None, folder: Path) -> dict[str, str]:
    """Return for each kind the check that found it and the code, or that nothing did."""
    template = folder / "template"
    template.mkdir()
    population = populate(template, None if server is None else template_on(server))
    with environment(population.settings):
        _check_untouched(population, server, folder)
        return {_title(one): _outcome(one, population, server, folder) for one in kinds}


def _check_untouched(population: Population, server: str | None, folder: Path) -> None:
    """Raise AssertionError where a check finds something in a copy that nobody touched."""
    with copied(population, server, folder / "copy") as copy:
        with tampering(copy):
            pass
        for check in _CHECKS:
            code = _found_by(check, copy)
            if code is not None:
                raise AssertionError(f"{check} finds {code} in a store that nobody touched")


def _outcome(kind: Kind, population: Population, server: str | None, folder: Path) -> str:
    with copied(population, server, folder / "copy") as copy:
        with tampering(copy) as scene:
            kind.apply(scene)
        for check in dict.fromkeys([Check.VERIFY, kind.found_by]):
            code = _found_by(check, copy)
            if code is not None:
                return f"{check}: {code}"
    return _MISSED


def _found_by(check: Check, copy: Population) -> str | None:
    """Return the code of what a check finds, None when it finds nothing."""
    location = copy.location
    sqlite = location.url.get_backend_name() == "sqlite"
    if sqlite:
        options = ["--data", str(location.folder)]
    else:
        options = ["--url", location.url.render_as_string(hide_password=False)]
        os.environ["BIXIE_DATA"] = str(location.folder)  # its files; restored with the rest
    written = io.BytesIO()
    printed = io.TextIOWrapper(written, encoding="utf-8")
    with redirect_stdout(printed), redirect_stderr(io.StringIO()):
        status = bixie(["ledger", "verify", *options, *_CHECKS[check](copy), "--json"])
    printed.flush()
    text = written.getvalue()
    if not text:
        raise RuntimeError(f"{check} ended with {status} and said nothing")
    document: dict[str, Any] = json.loads(text)
    return None if document["ok"] else str(document["error"]["code"])


_CHECKS: dict[Check, Callable[[Population], list[str]]] = {
    Check.VERIFY: lambda _copy: [],
    Check.FILES: lambda _copy: ["--files"],
    Check.KEY: lambda copy: ["--key", copy.public],
    Check.WITNESS: lambda copy: ["--witness", str(copy.witness)],
}
"""The options that each check adds."""


def _title(kind: Kind) -> str:
    return f"{kind.area}: {kind.name}"


def _described(kind: Kind) -> dict[str, str]:
    return {"area": kind.area, "name": kind.name, "means": kind.means, "title": _title(kind)}


def _is_missed(outcome: str) -> bool:
    return outcome == _MISSED


def tables(numbers: dict[str, Any]) -> list[Table]:
    """Return the table of all kinds, with a column for each database, and how many were found."""
    found: dict[str, dict[str, str]] = numbers["found"]
    kinds: list[dict[str, str]] = numbers["kinds"]
    counts = [
        [database, str(len(one)), str(sum(not _is_missed(outcome) for outcome in one.values()))]
        for database, one in found.items()
    ]
    lines = [
        [kind["area"], kind["name"], kind["means"], *(one[kind["title"]] for one in found.values())]
        for kind in kinds
    ]
    return [
        Table("", ["database", "kinds of tampering", "found"], counts),
        Table("Each kind", ["area", "what is changed", "the attacker's means", *found], lines),
    ]
