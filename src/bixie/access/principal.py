"""The principal: a person, a key or a program that acts inside one tenant."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Principal", "Role"]


class Role(StrEnum):
    """What a principal may be inside its tenant."""

    BUYER = "buyer"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    POLICY_EDITOR = "policy_editor"
    ADMIN = "admin"
    API_KEY = "api_key"
    PROGRAM = "program"
    """Bixie itself: a job, or the command line on the machine where the store lies."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A person, a key or a program that acts.

    Parameters
    ----------
    tenant : str
        Id of the organisation that runs Bixie.
    id : str
        Id of the person, key or program; the ledger names it as the actor.
    role : Role
    party : str or None
        Id of the buyer or merchant it belongs to; None for the tenant's own staff and programs.
    """

    tenant: str
    id: str
    role: Role
    party: str | None = None

    def __post_init__(self) -> None:
        if not self.tenant or not self.id:
            raise ValueError("a principal has a tenant and an id")
