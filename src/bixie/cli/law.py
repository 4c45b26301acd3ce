"""``bixie law assess|show|check``: possible qualifications, the articles themselves, the data behind them."""

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bixie.law import Catalogue, Rule
    from bixie.law.entries import Threshold

__all__ = ["add", "run_assess", "run_check", "run_show"]

_DONE = 0
_WRONG_DATA = 1
_LAST_YEAR = 9000
"""Limits reach far past a day, and no date lies past the year 9999."""
_USAGE = {
    "assess": "FACTS.json [--on DATE] [--json] [--lang zh|en] | --template [--lang zh|en]",
    "show": "[ID] [--on DATE] [--json] [--lang zh|en]",
    "check": "[PATH] [--json] [--lang zh|en]",
}


def add(commands: Any, language: Language) -> None:
    """Add the command and its three subcommands to the parser's `commands`."""
    parts = add_group(commands, "law", language)
    for name, run in (("assess", run_assess), ("show", run_show), ("check", run_check)):
        part = parts.add_parser(
            name,
            language=language,
            help=say(f"law.{name}.summary", language),
            usage=f"bixie law {name} {_USAGE[name]}",
            description=say(f"law.{name}.description", language),
            epilog=say(f"law.{name}.epilog", language),
        )
        _add_arguments(part, name, language)
        part.set_defaults(run=run, parser=part)


def _add_arguments(part: argparse.ArgumentParser, name: str, language: Language) -> None:
    if name == "assess":
        part.add_argument("facts", nargs="?", metavar="FACTS.json", help=say("law.assess.facts", language))
        part.add_argument("--template", action="store_true", help=say("law.assess.template", language))
    elif name == "show":
        part.add_argument("id", nargs="?", metavar="ID", help=say("law.show.id", language))
    else:
        part.add_argument("path", nargs="?", metavar="PATH", help=say("law.check.path", language))
    if name != "check":
        part.add_argument("--on", metavar="DATE", help=say(f"law.{name}.on", language))
    add_json(part, language)
    add_language(part, language)


def run_assess(chosen: argparse.Namespace, language: Language) -> int:
    """Print which qualifications are possible on the facts of a file, or an empty form of facts."""
    from bixie.law import assess, assessment_document, read_facts  # noqa: PLC0415
    from bixie.law.assessment_lines import assessment_lines  # noqa: PLC0415
    from bixie.law.facts_template import facts_template  # noqa: PLC0415

    if chosen.template:
        print(facts_template(language), end="")
        return _DONE
    if chosen.facts is None:
        chosen.parser.error(say("law.assess.no_facts", language))
    on = _day_of(chosen)
    found = assess(read_facts(chosen.facts, on), on)
    if chosen.json:
        _print_document(assessment_document(found))
    else:
        print("\n".join(assessment_lines(found, language)))
    return _DONE


def run_show(chosen: argparse.Namespace, language: Language) -> int:
    """Print the entry that is meant, or a list: of all entries, or of several that may be meant."""
    from bixie.law import catalogue_of_law  # noqa: PLC0415
    from bixie.law.entry_rendering import entry_document, entry_lines  # noqa: PLC0415
    from bixie.law.search import find_entries, is_number_alone  # noqa: PLC0415

    on, law = _day_of(chosen), catalogue_of_law()
    found = find_entries(law, chosen.id) if chosen.id is not None else ()
    if len(found) != 1:
        return _list_entries(law, found, on, chosen, language)
    if chosen.json:
        _print_document(entry_document(law, found[0], on))
    else:
        print("\n".join(entry_lines(law, found[0], on, language)))
        if is_number_alone(chosen.id):
            print("\n" + say("law.show.number_alone", language))
    return _DONE


def run_check(chosen: argparse.Namespace, language: Language) -> int:
    """Check the data of the catalogue, or of another folder; return 1 if they are wrong."""
    from bixie.law import CatalogueError, load_catalogue  # noqa: PLC0415
    from bixie.law.loading import catalogue_folder  # noqa: PLC0415

    if chosen.path is not None and not Path(chosen.path).is_dir():
        chosen.parser.error(say("law.check.no_folder", language, path=chosen.path))
    try:
        law = load_catalogue(catalogue_folder() if chosen.path is None else Path(chosen.path))
    except CatalogueError as error:
        if chosen.json:
            location = {name: error.values.get(name) for name in ("file", "line")}
            _print_document(
                {"schema": "bixie.law.check/1", "ok": False, "error": {**error.to_dict(), **location}}
            )
        else:
            print(error.text.in_(language))
        return _WRONG_DATA
    counts = {
        "laws": len(law.laws),
        "sources": len(law.sources),
        "rules": len(law.rules),
        "assessed": sum(rule.assess is not None for rule in law.rules.values()),
        "thresholds": len(law.thresholds),
        "advice": len(law.advice),
        "calendar": len(law.calendar),
    }
    if chosen.json:
        as_of = law.as_of.isoformat()
        _print_document({"schema": "bixie.law.check/1", "ok": True, "as_of": as_of, "counts": counts})
    else:
        print(say("law.check.fine", language, as_of=law.as_of.isoformat(), **counts))
    return _DONE


def _day_of(chosen: argparse.Namespace) -> date:
    from bixie.kit.calendar import today_in_china  # noqa: PLC0415
    from bixie.law import FactsError  # noqa: PLC0415

    if chosen.on is None:
        return today_in_china()
    try:
        day = date.fromisoformat(chosen.on)
    except ValueError as error:
        raise FactsError("facts.not_a_day", field="--on") from error
    if day.year > _LAST_YEAR:
        raise FactsError("facts.not_a_day", field="--on")
    return day


def _list_entries(
    law: "Catalogue",
    found: "Sequence[Rule | Threshold]",
    on: date,
    chosen: argparse.Namespace,
    language: Language,
) -> int:
    """Print several entries, or all if none is given, one a line."""
    from bixie.law.entry_rendering import entries_document  # noqa: PLC0415

    document = entries_document(law, on, found)
    if chosen.json:
        _print_document(document)
        return _DONE
    for entry in document["entries"]:
        mark = " " if entry["in_force"] else "-"
        print(f"{mark} {entry['id']:<24} {entry['name'][language]}")
    print(say("law.show.legend", language, on=on.isoformat()))
    return _DONE


def _print_document(document: dict[str, Any]) -> None:
    print_document(document)
