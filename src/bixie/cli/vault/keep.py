"""``bixie vault keep``: keeps a file as evidence for an order."""

import argparse
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bixie.cli.checkpointing import make_checkpoint
from bixie.cli.console import complain, print_document
from bixie.cli.language import say
from bixie.cli.new_store import open_to_change
from bixie.cli.options import add_data, add_json, add_language, add_new
from bixie.kit.messages import Language
from bixie.kit.reasons import plain_reason

if TYPE_CHECKING:
    from bixie.access.principal import Principal
    from bixie.ledger.rules import Checkpoint
    from bixie.store.blobs import Blobs
    from bixie.store.unit_of_work import Store
    from bixie.vault.models import Exhibit
    from bixie.vault.schemas import NoteOut

__all__ = ["add", "run_keep"]

_KEPT = 0
_REFUSED = 3
_ROLES = ("listing", "packing", "claim")


def add(subcommands: Any, language: Language) -> None:
    """Add the command to the `subcommands` of ``bixie vault``."""
    parser = subcommands.add_parser(
        "keep",
        language=language,
        help=say("vault.keep.summary", language),
        usage="bixie vault keep FILE --order ID [--role ROLE] [--fixed-camera] [--data DIR] [--new] [--json] "
        "[--lang zh|en]",
        description=say("vault.keep.description", language),
        epilog=say("vault.keep.epilog", language),
    )
    parser.add_argument("file", metavar="FILE", help=say("vault.file", language))
    parser.add_argument("--order", metavar="ID", required=True, help=say("vault.order", language))
    parser.add_argument(
        "--role", choices=_ROLES, default="packing", metavar="ROLE", help=say("vault.role", language)
    )
    fixed = say("vault.fixed_camera", language)
    parser.add_argument("--fixed-camera", action="store_true", help=fixed)
    add_data(parser, language)
    add_new(parser, language)
    add_json(parser, language)
    add_language(parser, language)
    parser.set_defaults(run=run_keep, parser=parser)


def run_keep(chosen: argparse.Namespace, language: Language) -> int:
    """Keep a file and print the exhibit."""
    # Imported here: OpenCV and SQLAlchemy are not needed for `bixie --help`.
    from bixie.assembly.stores import blobs_of, command_line_principal  # noqa: PLC0415
    from bixie.imaging.errors import ImagingError  # noqa: PLC0415
    from bixie.imaging.source import open_file  # noqa: PLC0415
    from bixie.ledger.timestamps import named_authorities  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    # A wrong setting is reported before anything is kept.
    authorities = named_authorities()
    location = Location.find(chosen.data)
    blobs = blobs_of(location)
    try:
        with open_file(chosen.file) as stream:
            store = open_to_change(location, chosen, language)
            try:
                principal = command_line_principal(store)
                exhibit, checkpoint = _keep(store, blobs, principal, stream, chosen)
                notes = _notes(store, principal, chosen.order)
                stamped = [_stamped(store, principal, one, language) for one in authorities]
            finally:
                store.close()
    except ImagingError as error:
        complain(f"bixie: {chosen.file}: {error.text.in_(language)}")
        return _REFUSED
    document = _document(exhibit, checkpoint, location.place, stamped=any(stamped)) | {
        "notes": [note.model_dump() for note in notes]
    }
    if chosen.json:
        print_document(document)
    else:
        key = "vault.refused" if exhibit.refusal else f"vault.{exhibit.state}"
        role = say(f"vault.list.role.{exhibit.role}", language)
        print(say(key, language, **{**document, "role": role}))
        for note in notes:
            print(note.zh if language == "zh" else note.en)
    if exhibit.refusal is None:
        return _KEPT
    complain(f"bixie: {chosen.file}: {exhibit.refusal[language]}")
    return _REFUSED


def _keep(
    store: "Store",
    blobs: "Blobs",
    principal: "Principal",
    stream: BinaryIO,
    chosen: argparse.Namespace,
) -> tuple["Exhibit", "Checkpoint | None"]:
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.imaging.errors import ImagingError  # noqa: PLC0415
    from bixie.imaging.limits import Limits  # noqa: PLC0415
    from bixie.vault.checking import MAX_FAILED_CHECKS, check, check_again  # noqa: PLC0415
    from bixie.vault.models import Role, State  # noqa: PLC0415
    from bixie.vault.service import Upload, keep_bytes, receive, stage  # noqa: PLC0415

    limits = Limits.from_environment()
    name, role = Path(chosen.file).name, Role(chosen.role)
    upload = Upload(stream, name, chosen.order, role, fixed_camera=chosen.fixed_camera)
    try:
        with stage(blobs, upload, limits) as staged:
            keep_bytes(blobs, principal.tenant, staged)
            with writing(store, principal) as session:
                received = receive(session, blobs, staged)
    except OSError as error:  # of the file that is read; writing raises StoreError
        raise ImagingError("imaging.unreadable_path", reason=plain_reason(error)) from error
    exhibit = check(store, principal, blobs, received.id, limits)  # the bytes are safe now
    for _ in range(MAX_FAILED_CHECKS - 1):
        if exhibit.state == State.QUARANTINED:  # the check could not tell, and a person waits
            exhibit = check_again(store, principal, blobs, received.id, limits, pause=timedelta())
    return exhibit, make_checkpoint(store, principal, chosen.lang)


def _notes(store: "Store", principal: "Principal", number: str) -> "list[NoteOut]":
    from bixie.access.tenancy import reading  # noqa: PLC0415
    from bixie.orders.repository import by_number  # noqa: PLC0415
    from bixie.vault.schemas import notes_on_order  # noqa: PLC0415

    with reading(store, principal) as session:
        return notes_on_order(number, known=by_number(session, "", number) is not None)


def _stamped(store: "Store", principal: "Principal", authority: Any, language: Language) -> bool:
    from bixie.ledger.errors import LedgerError  # noqa: PLC0415
    from bixie.ledger.service import stamp  # noqa: PLC0415

    try:
        return stamp(store, principal, authority)
    except LedgerError as error:
        # The evidence is kept. The next checkpoint covers it too and gets a time stamp.
        complain(say("warning", language, message=error.text.in_(language)))
        return False


def _document(
    exhibit: "Exhibit", checkpoint: "Checkpoint | None", place: str, *, stamped: bool
) -> dict[str, Any]:
    from bixie.kit.timestamps import format_timestamp  # noqa: PLC0415

    return {
        "schema": "bixie.exhibit/1",
        "store": place,
        "id": exhibit.id,
        "order": exhibit.order_number,
        "role": exhibit.role,
        "name": exhibit.name,
        "sha256": exhibit.sha256,
        "sm3": exhibit.sm3,
        "bytes": exhibit.bytes,
        "media_type": exhibit.media_type,
        "state": exhibit.state,
        "received_at": format_timestamp(exhibit.received_at),
        "checkpoint": checkpoint
        and {"size": checkpoint.size, "root": checkpoint.root, "time": checkpoint.time},
        "stamped": stamped,
        "error": exhibit.refusal,
    }
