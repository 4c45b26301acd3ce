"""``bixie vault send``: sends a file to a service as evidence, over a line that may break."""

import argparse
import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO

from bixie.cli.console import complain, print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language
from bixie.client.upload import UploadClient, UploadIncompleteError, UploadRefusedError
from bixie.kit.chunks import chunks
from bixie.kit.errors import SettingError, UsageError
from bixie.kit.messages import Language, Text
from bixie.kit.progress import progress_bar

__all__ = ["add", "run_send"]

_KEY = "BIXIE_KEY"
_SENT = 0
_NOT_FINISHED = 1
_WRONG = 2
_REFUSED = 3
_UNFIT = 422
"""Status of a refusal that is about the file."""
_ROLES = ("listing", "packing", "claim")


def add(subcommands: Any, language: Language) -> None:
    """Add the command to the `subcommands` of ``bixie vault``."""
    parser = subcommands.add_parser(
        "send",
        language=language,
        help=say("vault.send.summary", language),
        usage="bixie vault send FILE --order ID --to URL [--role ROLE] [--resume ADDRESS] [--json] "
        "[--lang zh|en]",
        description=say("vault.send.description", language),
        epilog=say("vault.send.epilog", language),
    )
    parser.add_argument("file", metavar="FILE", help=say("vault.file", language))
    parser.add_argument("--order", metavar="ID", required=True, help=say("vault.order", language))
    parser.add_argument("--to", metavar="URL", required=True, help=say("vault.send.to", language))
    parser.add_argument(
        "--role", choices=_ROLES, default="packing", metavar="ROLE", help=say("vault.role", language)
    )
    parser.add_argument("--resume", metavar="ADDRESS", help=say("vault.send.resume", language))
    add_json(parser, language)
    add_language(parser, language)
    parser.set_defaults(run=run_send, parser=parser)


def run_send(chosen: argparse.Namespace, language: Language) -> int:
    """Send a file and print the exhibit that it became."""
    # Imported here: `bixie --help` does not need it.
    from bixie.imaging.errors import ImagingError  # noqa: PLC0415
    from bixie.imaging.source import open_file  # noqa: PLC0415

    key = os.environ.get(_KEY)
    if not key:
        reason = Text(en=say("vault.send.key", "en"), zh=say("vault.send.key", "zh"))
        raise SettingError("setting.missing", name=_KEY, reason=reason)
    client = UploadClient(chosen.to, key)
    try:
        with open_file(chosen.file) as file:
            return _send(client, file, chosen, language)
    except ImagingError as error:
        complain(f"bixie: {chosen.file}: {error.text.in_(language)}")
        return _REFUSED


def _send(client: UploadClient, file: BinaryIO, chosen: argparse.Namespace, language: Language) -> int:
    location: str | None = chosen.resume
    size = os.fstat(file.fileno()).st_size
    metadata = {"order": chosen.order, "filename": Path(chosen.file).name, "role": chosen.role}
    try:
        location = location or client.begin(size, metadata)
        with progress_bar(say("vault.send.progress", language), "KiB") as progress:
            exhibit = client.exhibit(client.send(location, file, size, progress))
        if _sha256(file) != exhibit["sha256"]:
            raise UsageError("usage.file_differs", exhibit=exhibit["id"])
    except UploadIncompleteError as error:
        _print(chosen, {"upload": location, "exhibit": None, "error": None})
        complain(say("vault.send.not_finished", language, reason=error))
        if location is not None:
            complain(say("vault.send.go_on", language, place=location))
        return _NOT_FINISHED
    except UploadRefusedError as error:
        refusal = {"code": error.code, **error.text.to_dict()}
        _print(chosen, {"upload": location, "exhibit": None, "error": refusal})
        complain(f"bixie: {chosen.file}: {error.text.in_(language)}")
        return _REFUSED if error.status == _UNFIT else _WRONG
    refusal = exhibit["error"]
    _print(chosen, {"upload": location, "exhibit": exhibit, "error": refusal})
    if not chosen.json:
        key = "vault.kept" if refusal is None else "vault.refused"
        role = say(f"vault.list.role.{exhibit['role']}", language)
        print(say(key, language, **{**exhibit, "role": role, "store": chosen.to}))
        for note in exhibit.get("notes", []):  # an older service has none
            print(note[language])
    if refusal is not None:
        complain(f"bixie: {chosen.file}: {refusal[language]}")
    return _SENT if refusal is None else _REFUSED


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in chunks(file):
        digest.update(chunk)
    return digest.hexdigest()


def _print(chosen: argparse.Namespace, result: dict[str, Any]) -> None:
    if chosen.json:
        document = {"schema": "bixie.sent/1", **result}
        print_document(document)
