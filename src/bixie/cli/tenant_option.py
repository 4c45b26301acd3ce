"""``--tenant``: for which tenant a command acts; the only one of the store, if it is left out."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bixie.cli.language import say
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.access.principal import Principal
    from bixie.access.tenancy import TenantSession
    from bixie.store.unit_of_work import Store

__all__ = ["add_tenant", "check_tenant", "principal_for", "tenant_to_read"]


def add_tenant(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add ``--tenant``."""
    parser.add_argument("--tenant", metavar="ID", help=say("option.tenant", language))


def principal_for(store: "Store", tenant: str | None) -> "Principal":
    """Return the command line's principal for the tenant that the option names.

    Raises
    ------
    SettingError
        ``setting.which_tenant`` if none is named and there are several.
    """
    from bixie.access.principal import Principal, Role  # noqa: PLC0415 - needs SQLAlchemy
    from bixie.assembly.stores import COMMAND_LINE, command_line_principal  # noqa: PLC0415
    from bixie.identity.errors import NotThereError  # noqa: PLC0415

    if tenant is None:
        return command_line_principal(store)
    if not tenant:
        raise NotThereError("identity.no_such_tenant")
    return Principal(tenant, COMMAND_LINE, Role.PROGRAM)


def check_tenant(session: "TenantSession") -> None:
    """Refuse a tenant that was not added.

    Raises
    ------
    NotThereError
        ``identity.no_such_tenant``.
    """
    from bixie.identity import repository  # noqa: PLC0415 - needs SQLAlchemy
    from bixie.identity.errors import NotThereError  # noqa: PLC0415

    if repository.tenant_of_session(session) is None:
        raise NotThereError("identity.no_such_tenant")


@contextmanager
def tenant_to_read(chosen: argparse.Namespace) -> Iterator[tuple["TenantSession", str]]:
    """Open the store that a command names and yield a session of its tenant, and the store's place.

    Nothing in the store changes.

    Raises
    ------
    StoreError
        If there is no store, or it cannot be read.
    SettingError
        As `principal_for`.
    NotThereError
        As `check_tenant`, where the option names a tenant.
    """
    from bixie.access.tenancy import reading  # noqa: PLC0415 - needs SQLAlchemy
    from bixie.assembly.stores import store_to_read  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    location = Location.find(chosen.data, chosen.url)
    store = store_to_read(location)
    try:
        with reading(store, principal_for(store, chosen.tenant)) as session:
            if chosen.tenant is not None:
                check_tenant(session)
            yield session, location.place
    finally:
        store.close()
