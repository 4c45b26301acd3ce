"""For which side a person at the desk acts in a case."""

from bixie.access.call import Call
from bixie.access.principal import Role
from bixie.cases import repository
from bixie.cases.requests import Asked
from bixie.cases.words import Side
from bixie.web.pages import zone_key_of
from bixie.web.visits import Visit

__all__ = ["CLERKS", "asked_at_desk", "zone_of"]

CLERKS = frozenset({Role.CLERK, Role.ADMIN})
"""Who works at the desk."""


def asked_at_desk(visit: Visit, call: Call, case_id: str) -> Asked:
    """Return how a case is asked for: the administrator of a shop that runs Bixie itself acts for the shop.

    For the goods of others an administrator of the tenant stays on the platform's side.
    """
    side = None
    if call.principal.role is Role.ADMIN and call.principal.party is None:
        with call.reading() as session:
            case = repository.by_id(session, case_id)
        if case is not None and case.party == "":
            side = Side.MERCHANT
    return Asked(side=side, zone=zone_of(visit))


def zone_of(visit: Visit) -> str | None:
    """Return the key of the clerk's zone; None before its first page, and for one too long."""
    key = zone_key_of(visit.request)
    return key if key is not None and len(key) <= 60 else None
