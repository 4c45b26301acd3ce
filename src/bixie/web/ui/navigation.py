"""Which places the head of a page offers to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from bixie.access.principal import Principal, Role

__all__ = ["DESK", "PLACES", "REVIEWS", "Place", "home_of", "nearest", "places_of"]


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation.

    Parameters
    ----------
    path : str
    key : str
        Of its name, in the messages of this room.
    roles : frozenset of Role
    party : bool or None
        For people of a party only, for the tenant's own only; None for both.
    """

    path: str
    key: str
    roles: frozenset[Role]
    party: bool | None = None

    def is_for(self, principal: Principal) -> bool:
        """Return whether a person finds work there."""
        return principal.role in self.roles and self.party in (None, principal.party is not None)


_STAFF = frozenset({Role.CLERK, Role.REVIEWER, Role.POLICY_EDITOR, Role.ADMIN})
_CLERKS = frozenset({Role.CLERK, Role.ADMIN})
_REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})
_ADMINS = frozenset({Role.ADMIN})
_EDITORS = frozenset({Role.POLICY_EDITOR, Role.ADMIN})

_START = "/"
DESK = "/desk"
REVIEWS = "/console"

PLACES = (
    Place(_START, "ui.today", _STAFF),
    Place(DESK, "ui.desk", _CLERKS),
    Place("/orders", "ui.orders", _CLERKS),
    Place(REVIEWS, "ui.console", _REVIEWERS, party=False),
    Place("/policies", "ui.policies", _EDITORS | _REVIEWERS, party=False),
    Place("/law", "ui.law", _STAFF),
    Place("/check", "ui.check", _STAFF),
    Place("/admin", "ui.admin", _ADMINS),
)


def places_of(principal: Principal) -> tuple[Place, ...]:
    """Return where a person finds work, in the order of the head."""
    return tuple(place for place in PLACES if place.is_for(principal))


def home_of(principal: Principal) -> str:
    """Return the path of a person's own work; for admins, who look after everything, the start page."""
    own = [place.path for place in places_of(principal) if place.path != _START]
    return _START if principal.role is Role.ADMIN or not own else own[0]


def nearest(places: Sequence[Place], path: str) -> Place | None:
    """Return the place that a path belongs to: the one whose path is its longest beginning."""
    inside = [place for place in places if path == place.path or path.startswith(f"{place.path}/")]
    return max(inside, key=lambda place: len(place.path), default=None)
