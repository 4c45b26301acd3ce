"""``bixie backup`` and ``bixie restore``: writes a store into a folder, and fills an empty store from it."""

import argparse
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.ledger.files import document_of, read_files, sentences_about
from bixie.cli.ledger.verify import broken_document, holding, sentences, trust_of
from bixie.cli.options import add_data, add_json, add_language, add_url
from bixie.kit.messages import Language
from bixie.kit.progress import progress_bar

if TYPE_CHECKING:
    from bixie.ledger.errors import BrokenLedger
    from bixie.ledger.verification import Verified
    from bixie.store.backups.manifest import Backup
    from bixie.store.settings import Location
    from bixie.store.unit_of_work import Store
    from bixie.vault.kept_files import FilesVerified

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
    _remember(location, made)
    _print(made, chosen, "backup.done", language)
    return _DONE


def _remember(location: "Location", made: "Backup") -> None:
    """Write down in the store that it was backed up, for its administrators; an older one stays as it is."""
    from bixie.jobs.task_counts import BACKUP, set_count  # noqa: PLC0415
    from bixie.kit.timestamps import utc_now  # noqa: PLC0415
    from bixie.store.engine import connect  # noqa: PLC0415
    from bixie.store.errors import StoreError  # noqa: PLC0415
    from bixie.store.migration import check_migrated  # noqa: PLC0415
    from bixie.store.unit_of_work import Store  # noqa: PLC0415

    store = Store(connect(location.url))
    try:
        with suppress(StoreError):
            check_migrated(store.engine)
            set_count(store, BACKUP, made.rows, utc_now)
    finally:
        store.close()


def run_restore(chosen: argparse.Namespace, language: Language) -> int:
    """Fill an empty store, and hold its rows against its ledger."""
    from bixie.assembly.stores import blobs_of, files_named, metadata, signing_of  # noqa: PLC0415
    from bixie.ledger.errors import BrokenLedger  # noqa: PLC0415
    from bixie.store.backups.restoring import restore  # noqa: PLC0415
    from bixie.store.engine import connect  # noqa: PLC0415
    from bixie.store.unit_of_work import Store  # noqa: PLC0415

    location = _location(chosen)
    blobs = blobs_of(location)
    store = Store(connect(location.url), signing_of(location))
    results: list[tuple[Verified, FilesVerified] | BrokenLedger] = []
    try:
        with progress_bar(say("restore.progress", language)) as progress:
            made = restore(
                store,
                blobs,
                Path(chosen.folder),
                metadata(),
                named=files_named,
                progress=progress,
                verify=lambda: results.append(_verified(store, location, language)),
            )
    finally:
        store.close()
    result = results[0]
    if isinstance(result, BrokenLedger):
        _print_broken(made, result, chosen, language)
        return _BROKEN
    found, files = result
    ledger = {**holding(found), "files": document_of(files)}
    _print(made, chosen, "restore.done", language, ledger=ledger)
    if not chosen.json:
        print("\n".join([*sentences(found, language), *sentences_about(files, language)]))
    return _DONE


def _verified(
    store: "Store", location: "Location", language: Language
) -> "tuple[Verified, FilesVerified] | BrokenLedger":
    """Return what `bixie ledger verify --files` finds in a restored store.

    A ledger that is broken was so before the backup: the store is restored as it was, and that is reported.
    """
    from bixie.access.tenancy import reading_every_tenant  # noqa: PLC0415
    from bixie.assembly.foldings import FOLDINGS  # noqa: PLC0415
    from bixie.ledger.errors import BrokenLedger  # noqa: PLC0415
    from bixie.ledger.timestamps import trusted_roots  # noqa: PLC0415
    from bixie.ledger.verification import verify  # noqa: PLC0415
    from bixie.ledger.verifying_foldings import check_folded  # noqa: PLC0415

    # What the key has signed since the backup is no fault of it.
    roots, trust = trusted_roots(), replace(trust_of(store, []), signed={})
    try:
        with reading_every_tenant(store) as session:
            found = verify(session, roots, trust=trust)
            check_folded(session, FOLDINGS)
        return found, read_files(store, location, language)
    except BrokenLedger as broken:
        return broken


def _print_broken(
    made: "Backup", broken: "BrokenLedger", chosen: argparse.Namespace, language: Language
) -> None:
    if chosen.json:
        document = {"schema": "bixie.backup/1", "error": broken.to_dict(), **_summary(made, chosen)}
        _print_document({**document, "ok": False, "ledger": broken_document(broken)})
    else:
        print(say("restore.broken", language, **_summary(made, chosen)))
        print(broken.text.in_(language))


def _location(chosen: argparse.Namespace) -> "Location":
    from bixie.store.settings import Location  # noqa: PLC0415

    return Location.find(chosen.data, chosen.url)


def _print(made: "Backup", chosen: argparse.Namespace, key: str, language: Language, **more: object) -> None:
    if chosen.json:
        _print_document({"schema": "bixie.backup/1", "ok": True, **_summary(made, chosen), **more})
        return
    print(say(key, language, **_summary(made, chosen)))
    if made.resumed:
        print(say("backup.resumed", language, resumed=made.resumed))


def _summary(made: "Backup", chosen: argparse.Namespace) -> dict[str, object]:
    found = {"folder": chosen.folder, "revision": made.revision, "made_at": made.made_at}
    resumed = {"resumed": made.resumed} if made.resumed else {}
    return {**found, "rows": made.rows, "files": made.files, **resumed}


def _print_document(document: dict[str, object]) -> None:
    print_document(document)
