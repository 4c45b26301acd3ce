"""Names of people, keys and parties, for those who work at the platform."""

from collections.abc import Iterable

from bixie.access.tenancy import TenantSession
from bixie.identity import repository as identity

__all__ = ["party_names", "people_names"]


def people_names(session: TenantSession, ids: Iterable[str | None]) -> dict[str, str]:
    """Return the name, login or label of people and keys, by id; the id itself where there is none."""
    wanted = [one for one in ids if one]
    people = identity.people_by_id(session, wanted)
    keys = identity.keys_by_id(session, wanted)
    found = {one: one for one in wanted}
    found |= {one.id: one.name or one.login or one.id for one in people.values()}
    return found | {one.id: one.label or one.id for one in keys.values()}


def party_names(session: TenantSession, ids: Iterable[str]) -> dict[str, str]:
    """Return the name or reference of parties, by id."""
    found = {}
    for one in dict.fromkeys(ids):
        party = identity.party_by_id(session, one) if one else None
        found[one] = "" if party is None else party.name or party.reference or one
    return found
