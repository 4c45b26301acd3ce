"""The packs that the pages show: the tenant's own and those that Bixie comes with, under one kind of key."""

from collections.abc import Sequence
from dataclasses import dataclass

from bixie.access.tenancy import TenantSession
from bixie.cases.packs import repository, service
from bixie.cases.packs.errors import NoSuchPackError
from bixie.cases.packs.lookup import pack_of_row
from bixie.cases.packs.models import PolicyPack
from bixie.policies import Pack, builtin_packs
from bixie.policies.checking import differences_of

__all__ = ["GoldenResult", "Shown", "found", "golden_results", "shown_packs"]

_BUILTIN = "builtin-"
_MAX = 200
_STATES = ("draft", "published", "retired")


@dataclass(frozen=True, slots=True)
class Shown:
    """A pack as the pages list it.

    Parameters
    ----------
    key : str
        Id of the row, or ``builtin-NAME-VERSION``.
    pack : Pack
    state : str
    row : PolicyPack or None
        None for a pack that Bixie comes with.
    """

    key: str
    pack: Pack
    state: str
    row: PolicyPack | None = None


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """A golden case and where it comes to something else than it must: what, expected, found."""

    title: dict[str, str]
    differences: Sequence[tuple[str, str, str]]


def shown_packs(session: TenantSession) -> list[Shown]:
    """Return all packs: the tenant's own, the newest first, then those that Bixie comes with."""
    rows = repository.page(session, None, _MAX, _STATES)
    own = [_of_row(row) for row in reversed(rows)]
    return [*own, *(_builtin(pack) for pack in builtin_packs())]


def found(session: TenantSession, key: str) -> Shown:
    """Return the pack with a key.

    Raises
    ------
    NoSuchPackError
        ``packs.no_such_pack``.
    """
    if key.startswith(_BUILTIN):
        for pack in builtin_packs():
            if _builtin(pack).key == key:
                return _builtin(pack)
        raise NoSuchPackError("packs.no_such_pack")
    return _of_row(service.found(session, key))


def golden_results(pack: Pack) -> list[GoldenResult]:
    """Return the golden cases of a pack, each with what it comes to now."""
    return [GoldenResult(case.title.model_dump(), list(differences_of(pack, case))) for case in pack.golden]


def _of_row(row: PolicyPack) -> Shown:
    return Shown(row.id, pack_of_row(row), row.state, row)


def _builtin(pack: Pack) -> Shown:
    return Shown(f"{_BUILTIN}{pack.id}-{pack.version}", pack, pack.state)
