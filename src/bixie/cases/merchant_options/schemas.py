"""Merchants' options as programs set and get them."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bixie.cases.merchant_options.models import MerchantOption
from bixie.kit.money import MAX_FEN
from bixie.kit.timestamps import format_timestamp

__all__ = ["LimitIn", "OptInIn", "OptInOut"]


class LimitIn(BaseModel):
    """An amount up to which an option applies."""

    model_config = ConfigDict(extra="forbid")

    minor: int = Field(strict=True, ge=1, le=MAX_FEN, description="fen")
    currency: Literal["CNY"] = "CNY"


class OptInIn(BaseModel):
    """What a merchant opts in to."""

    model_config = ConfigDict(extra="forbid")

    limit: LimitIn | None = Field(None, description="for an option that has an amount")
    until: AwareDatetime | None = Field(None, description="when it ends, with zone; null: for good")


class OptInOut(BaseModel):
    """One time during which a merchant has opted in."""

    id: str
    option: str
    party: str | None = Field(description="the merchant; null for the tenant itself")
    limit: LimitIn | None
    since: str
    until: str | None
    set_by: str
    unset_by: str | None
    in_force: bool

    @classmethod
    def of(cls, row: MerchantOption, now: datetime) -> "OptInOut":
        """Return a row as the API shows it at a moment."""
        return cls(
            id=row.id,
            option=row.option,
            party=row.party or None,
            limit=None if row.limit_minor is None else LimitIn(minor=row.limit_minor),
            since=format_timestamp(row.since),
            until=None if row.until is None else format_timestamp(row.until),
            set_by=row.set_by,
            unset_by=row.unset_by,
            in_force=row.since <= now and (row.until is None or now < row.until),
        )
