"""``bixie key add``: adds a key for a program and prints it once; only its hash is kept."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_bytes
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language, add_store
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.identity.service import NewKey

__all__ = ["add", "run_add"]

_ROLES = ("clerk", "reviewer", "policy_editor", "admin", "api_key")


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommand to the parser's `commands`."""
    parts = add_group(commands, "key", language)
    part = parts.add_parser(
        "add",
        language=language,
        help=say("key.add.summary", language),
        usage="bixie key add --tenant ID --role ROLE [--party ID] [--expires DATE] [--label TEXT] "
        "[--data DIR | --url DATABASE-URL] [--json] [--lang zh|en]",
        description=say("key.add.description", language),
        epilog=say("key.add.epilog", language),
    )
    part.add_argument("--tenant", metavar="ID", required=True, help=say("key.tenant", language))
    part.add_argument("--role", choices=_ROLES, required=True, help=say("key.role", language))
    part.add_argument("--party", metavar="ID", help=say("key.party", language))
    part.add_argument("--expires", metavar="DATE", help=say("key.expires", language))
    part.add_argument("--label", metavar="TEXT", default="command line", help=say("key.label", language))
    add_store(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run_add, parser=part)


def run_add(chosen: argparse.Namespace, language: Language) -> int:
    """Add a key; print it."""
    # Imported here: `bixie --help` does not need SQLAlchemy.
    from bixie.access.principal import Principal, Role  # noqa: PLC0415
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import existing_store, ready_store  # noqa: PLC0415
    from bixie.identity.errors import NotThereError  # noqa: PLC0415
    from bixie.identity.rules import expiry_from_text  # noqa: PLC0415
    from bixie.identity.service import add_key  # noqa: PLC0415
    from bixie.kit.timestamps import utc_now  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    if not chosen.tenant:
        raise NotThereError("identity.no_such_tenant")
    expires = expiry_from_text(chosen.expires, utc_now()) if chosen.expires else None
    location = Location.find(chosen.data, chosen.url)
    existing_store(location).close()  # without a store there is no tenant; do not create one
    store = ready_store(location)
    try:
        keeper = Principal(chosen.tenant, "program_command_line", Role.PROGRAM)
        with writing(store, keeper) as session:
            made = add_key(
                session, Role(chosen.role), label=chosen.label, party=chosen.party, expires_at=expires
            )
    finally:
        store.close()
    if chosen.json:
        print_bytes((json.dumps(_document(made), ensure_ascii=False, indent=2) + "\n").encode())
    else:
        print(say("key.added", language, id=made.row.id, role=made.row.role))
        print(made.text)
    return 0


def _document(made: "NewKey") -> dict[str, Any]:
    from bixie.kit.timestamps import format_timestamp  # noqa: PLC0415

    return {
        "schema": "bixie.key/1",
        "id": made.row.id,
        "tenant": made.row.tenant,
        "role": made.row.role,
        "party": made.row.party,
        "label": made.row.label,
        "expires_at": made.row.expires_at and format_timestamp(made.row.expires_at),
        "key": made.text,
    }
