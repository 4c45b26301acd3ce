"""``bixie tenant add`` and ``bixie tenant list``: the organisations that run Bixie."""

import argparse
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.new_store import open_to_change
from bixie.cli.options import add_json, add_language, add_new, add_store
from bixie.cli.parser import add_group
from bixie.cli.table import format_day_time, format_table
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.identity.models import Tenant

__all__ = ["add", "run_add", "run_list"]

_COLUMNS = ("id", "kind", "name", "made")
_KINDS = ("platform", "merchant")


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
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
    add_new(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run_add, parser=part)
    listing = parts.add_parser(
        "list",
        language=language,
        help=say("tenant.list.summary", language),
        usage="bixie tenant list [--data DIR | --url DATABASE-URL] [--json] [--lang zh|en]",
        description=say("tenant.list.description", language),
        epilog=say("tenant.list.epilog", language),
    )
    add_store(listing, language)
    add_json(listing, language)
    add_language(listing, language)
    listing.set_defaults(run=run_list, parser=listing)


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
        print_document(document)
    else:
        print(say("tenant.added", language, **document))
    return 0


def run_list(chosen: argparse.Namespace, language: Language) -> int:
    """List the tenants of a store; nothing in it changes."""
    from bixie.access.tenancy import reading_every_tenant  # noqa: PLC0415
    from bixie.assembly.stores import OWN_TENANT, store_to_read  # noqa: PLC0415
    from bixie.identity import repository  # noqa: PLC0415
    from bixie.ledger import repository as ledger  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    location = Location.find(chosen.data, chosen.url)
    store = store_to_read(location)
    try:
        with reading_every_tenant(store) as session:
            tenants = list(repository.all_tenants(session))
            own = OWN_TENANT in ledger.tenants(session)
    finally:
        store.close()
    if chosen.json:
        items = [_item(tenant) for tenant in tenants]
        if own:
            items.append({"id": OWN_TENANT, "kind": None, "name": None, "made_at": None})
        document = {"schema": "bixie.tenants/1", "store": location.place, "items": items}
        print_document(document)
        return 0
    rows = [
        (one.tenant, say(f"tenant.list.kind.{one.kind}", language), one.name, format_day_time(one.made_at))
        for one in tenants
    ]
    if own:
        rows.append((OWN_TENANT, "–", say("tenant.list.own", language), "–"))
    headings = [say(f"tenant.list.column.{column}", language) for column in _COLUMNS]
    print(format_table(headings, rows) if rows else say("tenant.list.none", language))
    print(say("store.place", language, place=location.place))
    return 0


def _item(tenant: "Tenant") -> dict[str, Any]:
    from bixie.kit.timestamps import format_timestamp  # noqa: PLC0415

    made = format_timestamp(tenant.made_at)
    return {"id": tenant.tenant, "kind": tenant.kind, "name": tenant.name, "made_at": made}
