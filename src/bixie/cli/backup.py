"""``bixie backup`` and ``bixie restore``: writes a store into a folder, and fills an empty store from it."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_bytes
from bixie.cli.language import say
from bixie.cli.options import add_data, add_json, add_language, add_url
from bixie.kit.messages import Language
from bixie.kit.progress import progress_bar

if TYPE_CHECKING:
    from bixie.ledger.errors import BrokenLedger
    from bixie.store.backups.manifest import Backup
    from bixie.store.settings import Location

__all__ = ["add", "run_backup", "run_restore"]

_DONE = 0
_BROKEN = 1


def add(commands: Any, language: Language) -> None:
    """Add both commands to the parser's `commands`."""
    for name, metavar, run in (("backup", "TO", run_backup), ("restore", "FROM", run_restore)):
        parser = commands.add_parser(
            name,
            language=language,
            help=say(f"{name}.summary", language),
            usage=f"bixie {name} {metavar} [--data DIR] [--url DATABASE-URL] [--json] [--lang zh|en]",
            description=say(f"{name}.description", language),
            epilog=say(f"{name}.epilog", language),
        )
        parser.add_argument("folder", metavar=metavar, help=say(f"{name}.folder", language))
        add_data(parser, language)
        add_url(parser, language)
        add_json(parser, language)
        add_language(parser, language)
        parser.set_defaults(run=run, parser=parser)


def run_backup(chosen: argparse.Namespace, language: Language) -> int:
    """Write a backup."""
    from bixie.assembly.stores import TEMPORARY, blobs_of, existing_store, files_named  # noqa: PLC0415
    from bixie.store.backups.writing import back_up  # noqa: PLC0415

    location = _location(chosen)
    blobs = blobs_of(location)
    store = existing_store(location)
    try:
        with progress_bar(say("backup.progress", language)) as progress:
            made = back_up(
                store, blobs, files_named, Path(chosen.folder), temporary=TEMPORARY, progress=progress
            )
    finally:
        store.close()
    _print(made, chosen, "backup.done", language)
    return _DONE


def run_restore(chosen: argparse.Namespace, language: Language) -> int:
    """Fill an empty store and verify its ledger."""
    from bixie.access.tenancy import reading_every_tenant  # noqa: PLC0415
    from bixie.assembly.stores import blobs_of, files_named, metadata  # noqa: PLC0415
    from bixie.ledger.errors import BrokenLedger  # noqa: PLC0415
    from bixie.ledger.verification import verify  # noqa: PLC0415
    from bixie.store.backups.restoring import restore  # noqa: PLC0415
    from bixie.store.engine import connect  # noqa: PLC0415
    from bixie.store.unit_of_work import Store  # noqa: PLC0415

    broken: list[BrokenLedger] = []

    def verify_restored() -> None:
        try:
            with reading_every_tenant(store) as session:
                verify(session)
        except BrokenLedger as error:
            # The ledger was broken before the backup. The store is restored as it was; report it.
            broken.append(error)

    location = _location(chosen)
    blobs = blobs_of(location)
    store = Store(connect(location.url))
    try:
        with progress_bar(say("restore.progress", language)) as progress:
            made = restore(
                store,
                blobs,
                Path(chosen.folder),
                metadata(),
                named=files_named,
                progress=progress,
                verify=verify_restored,
            )
    finally:
        store.close()
    if broken:
        _print_broken(broken[0], chosen, language)
        return _BROKEN
    _print(made, chosen, "restore.done", language)
    return _DONE


def _print_broken(broken: "BrokenLedger", chosen: argparse.Namespace, language: Language) -> None:
    if chosen.json:
        document = {"schema": "bixie.backup/1", "ok": False, "error": broken.to_dict()}
        print_bytes((json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())
    else:
        print(broken.text.in_(language))


def _location(chosen: argparse.Namespace) -> "Location":
    from bixie.store.settings import Location  # noqa: PLC0415

    return Location.find(chosen.data, chosen.url)


def _print(made: "Backup", chosen: argparse.Namespace, key: str, language: Language) -> None:
    document = {
        "schema": "bixie.backup/1",
        "ok": True,
        "folder": chosen.folder,
        "revision": made.revision,
        "made_at": made.made_at,
        "rows": made.rows,
        "files": made.files,
        **({"resumed": made.resumed} if made.resumed else {}),
    }
    if chosen.json:
        print_bytes((json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())
    else:
        print(say(key, language, **document))
        if made.resumed:
            print(say("backup.resumed", language, resumed=made.resumed))
