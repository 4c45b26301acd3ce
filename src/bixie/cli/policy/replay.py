"""``bixie policy replay``: evaluates the record of a decision again and compares it, bit for bit."""

import argparse
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.policies import Record, Replay

__all__ = ["add", "run_replay"]

_DONE = 0
_DIFFERS = 1


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    part = commands.add_parser(
        "replay",
        language=language,
        help=say("policy.replay.summary", language),
        usage="bixie policy replay RECORD [--pack FILE]... [--json] [--lang zh|en]",
        description=say("policy.replay.description", language),
        epilog=say("policy.replay.epilog", language),
    )
    part.add_argument("record", metavar="RECORD", help=say("policy.replay.record", language))
    part.add_argument(
        "--pack", action="append", default=[], metavar="FILE", help=say("policy.replay.pack", language)
    )
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run_replay, parser=part)


def run_replay(chosen: argparse.Namespace, language: Language) -> int:
    """Replay a record; return 1 if it differs."""
    from bixie.policies import builtin_packs, read_pack, read_record, replay  # noqa: PLC0415

    packs = (*builtin_packs(), *(read_pack(file) for file in chosen.pack))
    record = read_record(chosen.record)
    found = replay(record, packs)
    if chosen.json:
        print_document(_document(chosen.record, record, found))
    else:
        print("\n".join(_lines(record, found, language)))
    return _DONE if found.is_identical else _DIFFERS


def _document(name: str, record: "Record", found: "Replay") -> dict[str, Any]:
    return {
        "schema": "bixie.policy.replay/1",
        "record": name,
        "sha256": record.sha256,
        "pack": record.pack.model_dump(),
        "identical": found.is_identical,
        "differences": [one._asdict() for one in found.differences],
    }


def _lines(record: "Record", found: "Replay", language: Language) -> list[str]:
    key = "policy.replay.same" if found.is_identical else "policy.replay.differs"
    lines = [say(key, language, id=record.pack.id, version=record.pack.version, sha256=record.sha256)]
    for one in found.differences:
        before, after = one.recorded or "–", one.replayed or "–"
        lines.append(
            say("policy.replay.difference", language, path=one.path, recorded=before, replayed=after)
        )
    return lines
