"""Holds and retention rules as programs ask for and get them."""

from pydantic import BaseModel, ConfigDict, Field

from bixie.kit.timestamps import format_timestamp
from bixie.vault.models import Role
from bixie.vault.retention.models import Hold, Retention

__all__ = ["HoldIn", "HoldOut", "RetentionIn", "RetentionOut", "RetentionsOut"]


class HoldIn(BaseModel):
    """A new hold, on one exhibit or on one order."""

    model_config = ConfigDict(extra="forbid")

    exhibit: str | None = Field(None, max_length=64)
    order: str | None = Field(None, description="the order's number; exhibits that come later are held too")
    reason: str = Field(description="a person's words", examples=["court case 2026-1234"])


class HoldOut(BaseModel):
    """A hold: it keeps exhibits from being erased."""

    id: str
    exhibit: str | None
    order: str | None
    party: str | None = Field(description="the merchant whose evidence it covers; null for the tenant itself")
    reason: str | None = Field(description="null, as the order is, once it was released")
    held_at: str
    released_at: str | None
    covers: int | None = Field(
        None, description="when it was just made: how many exhibits it covers now; 0 may be a mistyped number"
    )

    @classmethod
    def of(cls, hold: Hold, covers: int | None = None) -> "HoldOut":
        """Return the document of a hold."""
        return cls(
            id=hold.id,
            exhibit=hold.exhibit_id,
            order=hold.order_number,
            party=hold.party or None,
            reason=hold.reason,
            held_at=format_timestamp(hold.held_at),
            released_at=None if hold.released_at is None else format_timestamp(hold.released_at),
            covers=covers,
        )


class RetentionIn(BaseModel):
    """A new period for exhibits in a role."""

    model_config = ConfigDict(extra="forbid")

    days: int | None = Field(description="after they were received; null: for good")


class RetentionOut(BaseModel):
    """How long exhibits in one role are kept."""

    role: Role
    days: int

    @classmethod
    def of(cls, rule: Retention) -> "RetentionOut":
        """Return the document of a rule."""
        return cls(role=Role(rule.role), days=rule.days)


class RetentionsOut(BaseModel):
    """All rules of a tenant."""

    items: list[RetentionOut]
