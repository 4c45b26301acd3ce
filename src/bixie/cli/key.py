"""``bixie key add`` and ``bixie key list``: keys of programs; the text of a key is printed only once."""

import argparse
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language, add_store
from bixie.cli.parser import add_group
from bixie.cli.table import format_day_time, format_table
from bixie.cli.tenant_option import add_tenant, principal_for, tenant_to_read
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bixie.access.tenancy import TenantSession
    from bixie.identity.models import ApiKey
    from bixie.identity.service import NewKey

__all__ = ["add", "run_add", "run_list"]

_BATCH = 500
_COLUMNS = ("id", "label", "role", "party", "made", "used", "state")
_ROLES = ("clerk", "reviewer", "policy_editor", "admin", "api_key")


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
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
    listing = parts.add_parser(
        "list",
        language=language,
        help=say("key.list.summary", language),
        usage="bixie key list [--tenant ID] [--data DIR | --url DATABASE-URL] [--json] [--lang zh|en]",
        description=say("key.list.description", language),
        epilog=say("key.list.epilog", language),
    )
    add_tenant(listing, language)
    add_store(listing, language)
    add_json(listing, language)
    add_language(listing, language)
    listing.set_defaults(run=run_list, parser=listing)


def run_add(chosen: argparse.Namespace, language: Language) -> int:
    """Add a key; print it."""
    # Imported here: `bixie --help` does not need SQLAlchemy.
    from bixie.access.principal import Role  # noqa: PLC0415
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import existing_store, ready_store  # noqa: PLC0415
    from bixie.identity.rules import expiry_from_text  # noqa: PLC0415
    from bixie.identity.service import add_key  # noqa: PLC0415
    from bixie.kit.timestamps import utc_now  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    expires = expiry_from_text(chosen.expires, utc_now()) if chosen.expires else None
    location = Location.find(chosen.data, chosen.url)
    existing_store(location).close()  # without a store there is no tenant; do not create one
    store = ready_store(location)
    try:
        with writing(store, principal_for(store, chosen.tenant)) as session:
            made = add_key(
                session, Role(chosen.role), label=chosen.label, party=chosen.party, expires_at=expires
            )
    finally:
        store.close()
    if chosen.json:
        print_document(_document(made))
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


def run_list(chosen: argparse.Namespace, language: Language) -> int:
    """List the keys of a tenant without their secrets; nothing in the store changes."""
    from bixie.identity.schemas import KeyOut  # noqa: PLC0415 - `bixie --help` does not need SQLAlchemy
    from bixie.identity.tokens import KeyText  # noqa: PLC0415
    from bixie.kit.timestamps import utc_now  # noqa: PLC0415

    with tenant_to_read(chosen) as (session, place):
        keys, tenant = list(_keys(session)), session.principal.tenant
    if chosen.json:
        items = [
            {"prefix": KeyText(tenant, key.id, "").prefix, **KeyOut.of(key).model_dump(mode="json")}
            for key in keys
        ]
        document = {"schema": "bixie.keys/1", "store": place, "tenant": tenant, "items": items}
        print_document(document)
        return 0
    if keys:
        headings = [say(f"key.list.column.{column}", language) for column in _COLUMNS]
        now = utc_now()
        print(format_table(headings, [_row(key, now, language) for key in keys]))
        print(say("key.list.prefix", language, prefix=KeyText(tenant, "", "").prefix.removesuffix("_")))
    else:
        print(say("key.list.none", language))
    print(say("store.place", language, place=place))
    return 0


def _keys(session: "TenantSession") -> "Iterator[ApiKey]":
    from bixie.access.sequence import place_of  # noqa: PLC0415
    from bixie.identity import repository  # noqa: PLC0415

    after = None
    while some := repository.keys(session, None, after, _BATCH):
        yield from some
        after = place_of(some[-1])


def _row(key: "ApiKey", now: "datetime", language: Language) -> list[str]:
    return [
        key.id,
        key.label,
        key.role,
        key.party or say("key.list.whole_tenant", language),
        format_day_time(key.made_at),
        format_day_time(key.used_at),
        _state(key, now, language),
    ]


def _state(key: "ApiKey", now: "datetime", language: Language) -> str:
    if key.revoked_at is not None:
        return say("key.list.revoked", language, moment=format_day_time(key.revoked_at))
    if key.expires_at is None:
        return say("key.list.valid", language)
    state = "expired" if key.expires_at <= now else "valid_until"
    return say(f"key.list.{state}", language, moment=format_day_time(key.expires_at))
