"""API keys as programs request and get them."""

from pydantic import BaseModel, ConfigDict, Field

from bixie.access.principal import Role
from bixie.identity.models import ApiKey
from bixie.kit.timestamps import format_optional, format_timestamp

__all__ = ["KeyIn", "KeyOut", "NewKeyOut"]


class KeyIn(BaseModel):
    """A new key."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    label: str = Field(description="for people, to tell keys apart", min_length=1, max_length=200)
    party: str | None = Field(None, description="id of the buyer or merchant it is for", max_length=64)
    expires_at: str | None = Field(
        None, description="a day, or a time with its zone", max_length=40, examples=["2027-12-31"]
    )


class KeyOut(BaseModel):
    """A key, without its secret."""

    id: str
    role: Role
    label: str
    party: str | None
    made_at: str
    expires_at: str | None
    revoked_at: str | None
    used_at: str | None = Field(description="to the minute")

    @classmethod
    def of(cls, key: ApiKey) -> "KeyOut":
        """Return the document of a key."""
        return cls(
            id=key.id,
            role=Role(key.role),
            label=key.label,
            party=key.party,
            made_at=format_timestamp(key.made_at),
            expires_at=format_optional(key.expires_at),
            revoked_at=format_optional(key.revoked_at),
            used_at=format_optional(key.used_at),
        )


class NewKeyOut(KeyOut):
    """A key that was just added."""

    key: str | None = Field(description="displayed once; null when the same request is answered again")
