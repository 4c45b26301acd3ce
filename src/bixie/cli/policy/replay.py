"""``bixie policy replay``: evaluates recorded decisions again and compares them, bit for bit."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language, add_store
from bixie.cli.tenant_option import add_tenant, tenant_to_read
from bixie.kit.ids import is_id
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.policies import Pack, Record, Replay

__all__ = ["add", "run_replay"]

_DONE = 0
_DIFFERS = 1


class _Replayed(NamedTuple):
    """A record and what came of it.

    Parameters
    ----------
    name : str
        The file, or the id of the decision.
    record : Record
    found : Replay
    """

    name: str
    record: "Record"
    found: "Replay"


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    part = commands.add_parser(
        "replay",
        language=language,
        help=say("policy.replay.summary", language),
        usage="bixie policy replay RECORD|ID [--pack FILE]... [--data DIR | --url DATABASE-URL] "
        "[--tenant ID] [--json] [--lang zh|en]",
        description=say("policy.replay.description", language),
        epilog=say("policy.replay.epilog", language),
    )
    part.add_argument("record", metavar="RECORD", help=say("policy.replay.record", language))
    part.add_argument(
        "--pack", action="append", default=[], metavar="FILE", help=say("policy.replay.pack", language)
    )
    add_store(part, language)
    add_tenant(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run_replay, parser=part)


def run_replay(chosen: argparse.Namespace, language: Language) -> int:
    """Replay a record, or the decisions of a case; return 1 if one differs."""
    from bixie.policies import builtin_packs, read_pack, read_record  # noqa: PLC0415

    packs = [*builtin_packs(), *(read_pack(file) for file in chosen.pack)]
    if is_id("case", chosen.record):
        replayed = _of_case(chosen, packs)
    else:
        replayed = _all([(chosen.record, read_record(chosen.record))], packs)
    if chosen.json:
        print_document(_document(replayed))
    elif replayed:
        print("\n".join(line for one in replayed for line in _lines(one, language)))
    else:
        print(say("policy.replay.none", language))
    return _DONE if all(one.found.is_identical for one in replayed) else _DIFFERS


def _of_case(chosen: argparse.Namespace, packs: "Sequence[Pack]") -> list[_Replayed]:
    """Replay the decisions of a case with the packs that the store has as well."""
    from bixie.cases import repository  # noqa: PLC0415
    from bixie.cases.errors import NoSuchCaseError  # noqa: PLC0415
    from bixie.cases.packs.backtesting import record_of_row  # noqa: PLC0415
    from bixie.cases.packs.lookup import packs_of_records  # noqa: PLC0415

    with tenant_to_read(chosen) as (session, _):
        if repository.by_id(session, chosen.record) is None:
            raise NoSuchCaseError("cases.no_such_case")
        rows = repository.decisions_of(session, chosen.record)
        records = [(row.id, record_of_row(row)) for row in rows]
        kept = packs_of_records(session, (record for _, record in records))
        return _all(records, [*packs, *kept])


def _all(records: "Sequence[tuple[str, Record]]", packs: "Sequence[Pack]") -> list[_Replayed]:
    from bixie.policies import replay  # noqa: PLC0415

    return [_Replayed(name, record, replay(record, packs)) for name, record in records]


def _document(replayed: Sequence[_Replayed]) -> dict[str, Any]:
    return {
        "schema": "bixie.policy.replay/1",
        "identical": all(one.found.is_identical for one in replayed),
        "records": [
            {
                "record": one.name,
                "sha256": one.record.sha256,
                "pack": one.record.pack.model_dump(),
                "identical": one.found.is_identical,
                "differences": [difference._asdict() for difference in one.found.differences],
            }
            for one in replayed
        ],
    }


def _lines(one: _Replayed, language: Language) -> list[str]:
    record = one.record
    key = "policy.replay.same" if one.found.is_identical else "policy.replay.differs"
    values = {"id": record.pack.id, "version": record.pack.version, "sha256": record.sha256}
    lines = [say(key, language, name=one.name, **values)]
    for path, recorded, replayed in one.found.differences:
        shown = {"recorded": recorded or "–", "replayed": replayed or "–"}
        lines.append(say("policy.replay.difference", language, path=path, **shown))
    return lines
