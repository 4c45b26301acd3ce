"""``bixie person``: adds, lists, invites and disables people who sign in, and changes their roles."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language, add_store
from bixie.cli.parser import add_group
from bixie.cli.table import format_day_time, format_table
from bixie.cli.tenant_option import add_tenant, check_tenant, principal_for, tenant_to_read
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.access.tenancy import TenantSession
    from bixie.identity.models import Person

__all__ = ["add", "find_person", "run_add", "run_disable", "run_invite", "run_list", "run_role"]

_BATCH = 500
_COLUMNS = ("id", "login", "name", "role", "party", "made", "state")
_ROLES = ("clerk", "reviewer", "policy_editor", "admin")
_OPTIONS = "[--tenant ID] [--data DIR | --url DATABASE-URL] [--json] [--lang zh|en]"
_ADDRESS = "http://127.0.0.1:8000"


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
    parts = add_group(commands, "person", language)
    part = _subcommand(parts, "add", "LOGIN --role ROLE [--name TEXT] [--party ID]", run_add, language)
    part.add_argument("login", metavar="LOGIN", help=say("person.login", language))
    part.add_argument("--role", choices=_ROLES, required=True, help=say("person.role", language))
    part.add_argument("--name", metavar="TEXT", help=say("person.name", language))
    part.add_argument("--party", metavar="ID", help=say("person.party", language))
    _subcommand(parts, "list", "", run_list, language)
    part = _subcommand(parts, "invite", "PERSON [--address URL]", run_invite, language)
    _add_person(part, language)
    part.add_argument("--address", metavar="URL", default=_ADDRESS, help=say("person.address", language))
    part = _subcommand(parts, "role", "PERSON ROLE", run_role, language)
    _add_person(part, language)
    part.add_argument("role", metavar="ROLE", choices=_ROLES, help=say("person.role", language))
    part = _subcommand(parts, "disable", "PERSON", run_disable, language)
    _add_person(part, language)


def _subcommand(parts: Any, name: str, words: str, run: Any, language: Language) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = parts.add_parser(
        name,
        language=language,
        help=say(f"person.{name}.summary", language),
        usage=" ".join(filter(None, ("bixie person", name, words, _OPTIONS))),
        description=say(f"person.{name}.description", language),
        epilog=say(f"person.{name}.epilog", language),
    )
    add_tenant(part, language)
    add_store(part, language)
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run, parser=part)
    return part


def _add_person(part: argparse.ArgumentParser, language: Language) -> None:
    part.add_argument("person", metavar="PERSON", help=say("person.person", language))


def run_add(chosen: argparse.Namespace, language: Language) -> int:
    """Add a person; print its id."""
    from bixie.access.principal import Role  # noqa: PLC0415 - `bixie --help` does not need SQLAlchemy
    from bixie.identity.service import add_person  # noqa: PLC0415

    with _changing(chosen) as session:
        person = add_person(session, chosen.login, Role(chosen.role), party=chosen.party, name=chosen.name)
    _print_person(person, chosen, language, "person.added")
    return 0


def run_list(chosen: argparse.Namespace, language: Language) -> int:
    """List the people of a tenant; nothing in the store changes."""
    with tenant_to_read(chosen) as (session, place):
        people, tenant = list(_people(session)), session.principal.tenant
    if chosen.json:
        items = [_item(person) for person in people]
        print_document({"schema": "bixie.people/1", "store": place, "tenant": tenant, "items": items})
        return 0
    headings = [say(f"person.list.column.{column}", language) for column in _COLUMNS]
    rows = [_row(person, language) for person in people]
    print(format_table(headings, rows) if rows else say("person.list.none", language))
    print(say("store.place", language, place=place))
    return 0


def run_invite(chosen: argparse.Namespace, language: Language) -> int:
    """Print a link by which a person sets a password."""
    from bixie.identity.signin.password_links import password_link  # noqa: PLC0415
    from bixie.kit.timestamps import format_timestamp  # noqa: PLC0415

    with _changing(chosen) as session:
        person = find_person(session, chosen.person)
        made = password_link(session, person.id)
    link = f"{chosen.address.rstrip('/')}{made.path}"
    if chosen.json:
        expires = format_timestamp(made.expires)
        document = {"schema": "bixie.invitation/1", "person": person.id, "expires_at": expires, "link": link}
        print_document(document)
    else:
        until = format_day_time(made.expires)
        print(say("person.invited", language, login=person.login, until=until))
        print(link)
    return 0


def run_role(chosen: argparse.Namespace, language: Language) -> int:
    """Give a person another role."""
    from bixie.access.principal import Role  # noqa: PLC0415
    from bixie.identity.service import change_role  # noqa: PLC0415

    with _changing(chosen) as session:
        person = find_person(session, chosen.person)
        change_role(session, person.id, Role(chosen.role))
    _print_person(person, chosen, language, "person.role_changed")
    return 0


def run_disable(chosen: argparse.Namespace, language: Language) -> int:
    """Disable a person."""
    from bixie.identity.service import disable_person  # noqa: PLC0415

    with _changing(chosen) as session:
        person = find_person(session, chosen.person)
        disable_person(session, person.id)
    _print_person(person, chosen, language, "person.disabled")
    return 0


def find_person(session: "TenantSession", text: str) -> "Person":
    """Return the person with an id or login name.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``.
    """
    from bixie.identity import repository  # noqa: PLC0415
    from bixie.identity.errors import IdentityError, NotThereError  # noqa: PLC0415
    from bixie.identity.rules import checked_login  # noqa: PLC0415
    from bixie.kit.ids import is_id  # noqa: PLC0415

    if is_id("person", text):
        person = repository.person_by_id(session, text)
    else:
        try:
            person = repository.person_by_login(session, checked_login(text))
        except IdentityError as error:
            raise NotThereError("identity.no_such_person") from error
    if person is None:
        raise NotThereError("identity.no_such_person")
    return person


@contextmanager
def _changing(chosen: argparse.Namespace) -> Iterator["TenantSession"]:
    """Open the transaction of a command that changes people of an existing tenant."""
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.assembly.stores import existing_store, ready_store  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    location = Location.find(chosen.data, chosen.url)
    existing_store(location).close()  # without a store there is no tenant; do not create one
    store = ready_store(location)
    try:
        with writing(store, principal_for(store, chosen.tenant)) as session:
            check_tenant(session)
            yield session
    finally:
        store.close()


def _people(session: "TenantSession") -> Iterator["Person"]:
    from bixie.access.sequence import place_of  # noqa: PLC0415
    from bixie.identity import repository  # noqa: PLC0415

    after = None
    while some := repository.people(session, None, after, _BATCH):
        yield from some
        after = place_of(some[-1])


def _print_person(person: "Person", chosen: argparse.Namespace, language: Language, key: str) -> None:
    if chosen.json:
        document = {"schema": "bixie.person/1", "tenant": person.tenant, **_item(person)}
        print_document(document)
    else:
        print(say(key, language, id=person.id, login=person.login, role=person.role))


def _item(person: "Person") -> dict[str, Any]:
    from bixie.identity.people.schemas import PersonOut  # noqa: PLC0415

    return PersonOut.of(person).model_dump(mode="json")


def _row(person: "Person", language: Language) -> list[str]:
    return [
        person.id,
        person.login or "–",
        person.name or "–",
        person.role,
        person.party or say("key.list.whole_tenant", language),
        format_day_time(person.made_at),
        _state(person, language),
    ]


def _state(person: "Person", language: Language) -> str:
    if person.disabled_at is not None:
        return say("person.list.disabled", language, moment=format_day_time(person.disabled_at))
    return say(f"person.list.{'no_password' if person.password_set_at is None else 'active'}", language)
