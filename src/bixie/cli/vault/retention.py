"""``bixie vault hold|release|erase|retention|expire``: how long evidence is kept, and how it is erased."""

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_data, add_json, add_language
from bixie.kit.errors import UsageError
from bixie.kit.messages import Language
from bixie.kit.timestamps import format_timestamp

if TYPE_CHECKING:
    from bixie.vault.models import Exhibit
    from bixie.vault.retention.models import Hold

__all__ = ["add"]

_DONE = 0
_ROLES = ("listing", "packing", "claim", "reply", "report")
_REASONS = ("request", "mistake")
_MAX_LISTED = 1_000


def add(subcommands: Any, language: Language) -> None:
    """Add the commands to the `subcommands` of ``bixie vault``."""
    add_subcommand = partial(_subcommand, subcommands, language)
    hold = add_subcommand("hold", "(EXHIBIT | --order ID) --reason TEXT", _run_hold)
    hold.add_argument("exhibit", metavar="EXHIBIT", nargs="?", help=say("vault.exhibit", language))
    hold.add_argument("--order", metavar="ID", help=say("vault.hold.order", language))
    hold.add_argument("--reason", metavar="TEXT", required=True, help=say("vault.hold.reason", language))
    release = add_subcommand("release", "HOLD", _run_release)
    release.add_argument("hold", metavar="HOLD", help=say("vault.release.hold", language))
    erase = add_subcommand("erase", "EXHIBIT --reason request|mistake", _run_erase)
    erase.add_argument("exhibit", metavar="EXHIBIT", help=say("vault.exhibit", language))
    erase.add_argument("--reason", choices=_REASONS, required=True, help=say("vault.erase.reason", language))
    retention = add_subcommand("retention", "[--role ROLE (--days N | --for-good)]", _run_retention)
    role = say("vault.retention.role", language)
    retention.add_argument("--role", choices=_ROLES, metavar="ROLE", help=role)
    days = retention.add_mutually_exclusive_group()
    days.add_argument("--days", metavar="N", help=say("vault.retention.days", language))
    days.add_argument("--for-good", action="store_true", help=say("vault.retention.for_good", language))
    expire = add_subcommand("expire", "[--dry-run]", _run_expire)
    expire.add_argument("--dry-run", action="store_true", help=say("vault.expire.dry_run", language))


def _subcommand(
    subcommands: Any, language: Language, name: str, usage: str, run: Any
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subcommands.add_parser(
        name,
        language=language,
        help=say(f"vault.{name}.summary", language),
        usage=f"bixie vault {name} {usage} [--data DIR] [--json] [--lang zh|en]",
        description=say(f"vault.{name}.description", language),
        epilog=say(f"vault.{name}.epilog", language),
    )
    add_data(parser, language)
    add_json(parser, language)
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)
    return parser


def _run_hold(chosen: argparse.Namespace, language: Language) -> int:
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.vault.retention import repository  # noqa: PLC0415
    from bixie.vault.retention.service import hold  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, _), writing(store, principal) as session:
        made = hold(session, chosen.reason, exhibit_id=chosen.exhibit, order_number=chosen.order)
        covers = repository.count_covered(session, made)
        document = {**_hold_document(made), "covers": covers}
    line = say("vault.hold.done", language, hold=made.id)
    if chosen.order is not None:
        key = "vault.hold.done_order" if covers else "vault.hold.nothing_yet"
        line = say(key, language, hold=made.id, covers=covers)
    return _print(chosen, document, line)


def _run_release(chosen: argparse.Namespace, language: Language) -> int:
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.vault.retention.service import release  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, _), writing(store, principal) as session:
        document = _hold_document(release(session, chosen.hold))
    return _print(chosen, document, say("vault.release.done", language, hold=document["id"]))


def _run_erase(chosen: argparse.Namespace, language: Language) -> int:
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.vault.retention.erasure import Reason, discard, erase  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, blobs):
        with writing(store, principal) as session:
            gone = erase(session, chosen.exhibit, Reason(chosen.reason))
        discard(store, principal, blobs)
    return _print_erased(chosen, gone, say("vault.erase.done", language, count=len(gone)), dry_run=False)


def _run_retention(chosen: argparse.Namespace, language: Language) -> int:
    from bixie.access.tenancy import reading, writing  # noqa: PLC0415
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.vault.models import Role  # noqa: PLC0415
    from bixie.vault.retention import repository  # noqa: PLC0415
    from bixie.vault.retention.service import set_retention  # noqa: PLC0415

    days = _days(chosen)
    with opened(chosen.data) as (store, principal, _):
        if chosen.role is not None:
            with writing(store, principal) as session:
                set_retention(session, Role(chosen.role), days)
        with reading(store, principal) as session:
            rules = {rule.role: rule.days for rule in repository.rules(session)}
    lines = [
        say("vault.retention.line", language, role=role, days=rules[role])
        if role in rules
        else say("vault.retention.line_for_good", language, role=role)
        for role in _ROLES
    ]
    return _print(chosen, {"schema": "bixie.retention/1", "days": rules}, "\n".join(lines))


def _run_expire(chosen: argparse.Namespace, language: Language) -> int:
    from bixie.access.tenancy import reading  # noqa: PLC0415
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.vault.retention.erasure import erase_expired, expired  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, blobs):
        if chosen.dry_run:
            with reading(store, principal) as session:
                gone = expired(session, _MAX_LISTED)
        else:
            gone = list(erase_expired(store, principal, blobs))
    key = "vault.expire.would" if chosen.dry_run else "vault.erase.done"
    return _print_erased(chosen, gone, say(key, language, count=len(gone)), dry_run=chosen.dry_run)


def _hold_document(hold: "Hold") -> dict[str, Any]:
    return {
        "schema": "bixie.hold/1",
        "id": hold.id,
        "exhibit": hold.exhibit_id,
        "order": hold.order_number,
    }


def _days(chosen: argparse.Namespace) -> int | None:
    """Return the days of the new rule; None for no rule. Days without a role are wrong usage."""
    if (chosen.role is not None) != (chosen.days is not None or chosen.for_good):
        raise UsageError("usage.role_and_days")
    if chosen.days is None:
        return None
    if not chosen.days.isascii() or not chosen.days.isdigit():
        raise UsageError("usage.role_and_days")
    return int(chosen.days[:9])


def _print_erased(chosen: argparse.Namespace, gone: "list[Exhibit]", words: str, *, dry_run: bool) -> int:
    exhibits = [
        {
            "id": exhibit.id,
            "role": exhibit.role,
            "sha256": exhibit.sha256,
            "received_at": format_timestamp(exhibit.received_at),
        }
        for exhibit in gone
    ]
    lines = [f"{one['id']}  {one['role']}  {one['received_at']}" for one in exhibits]

    document = {"schema": "bixie.erased/1", "dry_run": dry_run, "exhibits": exhibits}
    return _print(chosen, document, "\n".join([*lines, words]))


def _print(chosen: argparse.Namespace, document: dict[str, Any], words: str) -> int:
    if chosen.json:
        print_document(document)
    else:
        print(words)
    return _DONE
