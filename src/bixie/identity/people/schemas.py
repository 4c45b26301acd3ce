"""People as programs request and get them."""

from pydantic import BaseModel, ConfigDict, Field

from bixie.access.principal import Role
from bixie.identity.models import Person
from bixie.kit.timestamps import format_optional, format_timestamp

__all__ = ["InvitationOut", "PersonIn", "PersonOut", "RoleIn"]


class PersonIn(BaseModel):
    """A new person."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(description="the name to sign in with, such as an e-mail address", max_length=200)
    role: Role
    name: str | None = Field(None, max_length=200)
    party: str | None = Field(None, description="id of the merchant the person works for", max_length=64)


class RoleIn(BaseModel):
    """Another role for a person."""

    model_config = ConfigDict(extra="forbid")

    role: Role


class PersonOut(BaseModel):
    """A person who signs in."""

    id: str
    login: str | None = Field(description="null once the person was erased")
    name: str | None
    role: Role
    party: str | None
    made_at: str
    password_set_at: str | None = Field(description="null until the person has set one")
    second_factor: bool = Field(description="whether signing in needs a code as well")
    disabled_at: str | None

    @classmethod
    def of(cls, person: Person) -> "PersonOut":
        """Return the document of a person."""
        return cls(
            id=person.id,
            login=person.login,
            name=person.name,
            role=Role(person.role),
            party=person.party,
            made_at=format_timestamp(person.made_at),
            password_set_at=format_optional(person.password_set_at),
            second_factor=person.totp_confirmed_at is not None,
            disabled_at=format_optional(person.disabled_at),
        )


class InvitationOut(BaseModel):
    """A link by which a person sets a password, once."""

    id: str = Field(description="sequence of the event in the ledger, as a text")
    person: str
    expires_at: str
    path: str | None = Field(
        description="of the page to set a password, on this service. Displayed once; null when the same "
        "request is answered again"
    )
