"""``--tenant``: for which tenant a command acts; the only one of the store, if it is left out."""

import argparse
from typing import TYPE_CHECKING

from bixie.cli.language import say
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.access.principal import Principal
    from bixie.access.tenancy import TenantSession
    from bixie.store.unit_of_work import Store

__all__ = ["add_tenant", "check_tenant", "principal_for"]


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
