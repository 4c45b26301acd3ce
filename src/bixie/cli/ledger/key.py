"""``bixie ledger key``: shows the public key that signs checkpoints, and changes it."""

import argparse
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language, add_store
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.ledger.signing import KeyFile, Signer
    from bixie.store.settings import Location

__all__ = ["add", "run_key"]

_DONE = 0


def add(parts: Any, language: Language) -> None:
    """Add the subcommand to those of ``ledger``."""
    parser = parts.add_parser(
        "key",
        language=language,
        help=say("ledger.key.summary", language),
        usage="bixie ledger key [--new [--lost]] [--data DIR | --url DATABASE-URL] [--json] [--lang zh|en]",
        description=say("ledger.key.description", language),
        epilog=say("ledger.key.epilog", language),
    )
    parser.add_argument("--new", action="store_true", help=say("ledger.key.new", language))
    parser.add_argument("--lost", action="store_true", help=say("ledger.key.lost", language))
    add_store(parser, language)
    add_json(parser, language)
    add_language(parser, language)
    parser.set_defaults(run=run_key, parser=parser)


def run_key(chosen: argparse.Namespace, language: Language) -> int:
    """Print the public key; with ``--new`` that of the one just made."""
    from bixie.ledger.signing import KeyFile  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    location = Location.find(chosen.data, chosen.url, folder_is_store=True)
    file = KeyFile.find(location)
    if chosen.new and file is None:
        chosen.parser.error(say("ledger.key.no_place", language))
    if chosen.new and file is not None:
        _change(location, file, lost=chosen.lost)
    signer = file.signer() if file else None
    if chosen.json:
        document = _document(file, signer)
        print_document(document)
    else:
        print("\n".join(_lines(file, signer, language)))
    return _DONE


def _change(location: "Location", file: "KeyFile", *, lost: bool) -> None:
    """Make a new key and have every tenant's ledger name it; run again, it goes on where it was stopped."""
    from bixie.access.principal import Principal, Role  # noqa: PLC0415
    from bixie.access.tenancy import reading_every_tenant, writing  # noqa: PLC0415
    from bixie.assembly.stores import COMMAND_LINE, store_to_change  # noqa: PLC0415
    from bixie.ledger import repository  # noqa: PLC0415
    from bixie.ledger.service import change_key  # noqa: PLC0415

    store = store_to_change(location)
    try:
        former = file.signer() if file.path.exists() else None
        signer = file.prepare_next(former)
        with reading_every_tenant(store) as session:
            tenants = repository.tenants(session)
        for tenant in tenants:
            with writing(store, Principal(tenant, COMMAND_LINE, Role.PROGRAM)) as session:
                change_key(session, signer, former, lost=lost)
        file.adopt_next()
    finally:
        store.close()


def _document(file: "KeyFile | None", signer: "Signer | None") -> dict[str, Any]:
    key = (
        {"id": signer.public.id, "public": signer.public.text, "pem": signer.public.pem()} if signer else None
    )
    return {
        "schema": "bixie.ledger_key/1",
        "file": str(file.path.absolute()) if file else None,
        "key": key,
        "former": [{"id": one.id, "public": one.text} for one in signer.former] if signer else [],
    }


def _lines(file: "KeyFile | None", signer: "Signer | None", language: Language) -> list[str]:
    if file is None or signer is None:
        return [say("ledger.key.none", language)]
    public = signer.public
    lines = [
        say("ledger.key.is", language, public=public.text, id=public.id, path=file.path.absolute()),
        public.pem().rstrip(),
    ]
    former = [say("ledger.key.former", language, public=one.text, id=one.id) for one in signer.former]
    return lines + former
