"""``bixie tenant add``: adds an organisation that runs Bixie."""

import argparse
import json
from typing import Any

from bixie.cli.console import print_bytes
from bixie.cli.language import say
from bixie.cli.new_store import add_new_option, open_to_change
from bixie.cli.options import add_json, add_language, add_store
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

__all__ = ["add", "run_add"]

_KINDS = ("platform", "merchant")


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommand to the parser's `commands`."""
    parts = add_group(commands, "tenant", language)
    part = parts.add_parser(
        "add",
        language=language,
        help=say("tenant.add.summary", language),
        usage="bixie tenant add NAME --kind platform|merchant [--data DIR | --url DATABASE-URL] [--new] "
        "[--json] [--lang zh|en]",
        description=say("tenant.add.description", language),
        epilog=say("tenant.add.epilog", language),
    )
    part.add_argument("name", metavar="NAME", help=say("tenant.name", language))
    part.add_argument("--kind", choices=_KINDS, required=True, help=say("tenant.kind", language))
    add_store(part, language)
    add_new_option(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run_add, parser=part)


def run_add(chosen: argparse.Namespace, language: Language) -> int:
    """Add a tenant; print its id."""
    # Imported here: `bixie --help` does not need SQLAlchemy.
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.identity.rules import TenantKind, checked_name  # noqa: PLC0415
    from bixie.identity.service import add_tenant, founder  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    checked_name(chosen.name)  # do not create a store for an invalid name
    location = Location.find(chosen.data, chosen.url)
    store = open_to_change(location, chosen, language)
    try:
        with writing(store, founder()) as session:
            tenant, party = add_tenant(session, chosen.name, TenantKind(chosen.kind))
    finally:
        store.close()
    document = {
        "schema": "bixie.tenant/1",
        "store": location.place,
        "id": tenant.tenant,
        "kind": tenant.kind,
        "name": tenant.name,
        "party": party.id if party else None,
    }
    if chosen.json:
        print_bytes((json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())
    else:
        print(say("tenant.added", language, **document))
    return 0
