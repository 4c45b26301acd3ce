"""``bixie address parse``: the division that each line of a file lies in."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_bytes
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.remedies.repair.addresses import ParsedAddress

__all__ = ["add", "run_parse"]

_DONE = 0
_STANDARD_INPUT = "-"
_MAX_LINE = 1 << 20
"""Bytes of a line that are read; the rest of a longer one counts as the next."""


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommand to the parser's `commands`."""
    parts = add_group(commands, "address", language)
    parse = parts.add_parser(
        "parse",
        language=language,
        help=say("address.parse.summary", language),
        usage="bixie address parse [FILE|-] [--json] [--lang zh|en]",
        description=say("address.parse.description", language),
        epilog=say("address.parse.epilog", language),
    )
    parse.add_argument(
        "file", nargs="?", default=_STANDARD_INPUT, metavar="FILE", help=say("address.parse.file", language)
    )
    add_json(parse, language)
    add_language(parse, language)
    parse.set_defaults(run=run_parse, parser=parse)


def run_parse(chosen: argparse.Namespace, language: Language) -> int:
    """Print one line for each line of the file or of standard input."""
    from bixie.remedies.repair.addresses import parse_address  # noqa: PLC0415

    if chosen.file != _STANDARD_INPUT and not Path(chosen.file).is_file():
        chosen.parser.error(say("address.parse.no_file", language, path=chosen.file))
    for line in _lines(chosen.file):
        parsed = parse_address(line)
        written = json.dumps(parsed.to_dict(language), ensure_ascii=False) if chosen.json else None
        print_bytes(((written or _plain(parsed, language)) + "\n").encode())
    return _DONE


def _lines(file: str) -> Iterator[str]:
    stream = sys.stdin.buffer if file == _STANDARD_INPUT else Path(file).open("rb")  # noqa: SIM115 - until read
    with stream:
        first = True
        while line := stream.readline(_MAX_LINE):
            text = line.decode("utf-8-sig" if first else "utf-8", errors="replace")
            yield text.removesuffix("\n").removesuffix("\r")
            first = False


def _plain(parsed: "ParsedAddress", language: Language) -> str:
    found = parsed.to_dict(language)
    names = [str(found[level]) for level in ("province", "city", "county", "town") if found[level]]
    columns = [str(found["code"] or "-"), " ".join(dict.fromkeys(names)) or "-", parsed.text]
    return "\t".join([*columns, *([parsed.note.in_(language)] if parsed.note else [])])
