"""Policy packs as programs add and get them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bixie.cases.packs.lookup import pack_of_row
from bixie.cases.packs.models import PolicyPack
from bixie.kit.canonical_json import decode_canonical
from bixie.kit.timestamps import format_optional, format_timestamp
from bixie.policies import Pack, PolicyError
from bixie.policies.loading import MAX_PACK_BYTES

__all__ = ["BacktestOut", "PackFault", "PolicyIn", "PolicyInForce", "PolicyOut", "PolicySummary"]


class PolicyIn(BaseModel):
    """A pack that is added as a draft."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, max_length=MAX_PACK_BYTES, description="YAML or JSON, as a file has it")
    pack: dict[str, Any] | None = Field(None, description="the same as an object")

    @model_validator(mode="after")
    def _one(self) -> "PolicyIn":
        if (self.text is None) == (self.pack is None):
            raise ValueError("give either text or pack")
        return self


class PackFault(BaseModel):
    """One fault that stands against publishing a pack."""

    code: str
    line: int
    at: str | None
    en: str
    zh: str

    @classmethod
    def of(cls, error: PolicyError) -> "PackFault":
        """Return a fault as the API shows it."""
        at = error.values.get("at")
        text = error.text
        return cls(
            code=error.code, line=error.line, at=None if at is None else str(at), en=text.en, zh=text.zh
        )


class PolicySummary(BaseModel):
    """A pack in a list."""

    id: str
    pack: str = Field(description="name that its versions share")
    version: int
    sha256: str
    title: dict[str, str]
    state: Literal["draft", "published", "retired"]
    effective_from: str | None = Field(description="first day in force, in UTC+8")
    effective_to: str | None = Field(description="last day in force; null: without end")
    added_by: str | None
    added_at: str | None
    published_by: str | None
    published_at: str | None
    retired_by: str | None
    retired_at: str | None

    @classmethod
    def of(cls, row: PolicyPack) -> "PolicySummary":
        """Return a row as the API lists it."""
        return cls(**_values(row))


class PolicyOut(PolicySummary):
    """A pack with its body, and what stands against publishing it."""

    body: dict[str, Any]
    faults: list[PackFault] = Field(description="of a draft; none: it can be published")

    @classmethod
    def with_faults(cls, row: PolicyPack, faults: tuple[PolicyError, ...]) -> "PolicyOut":
        """Return a row as the API shows it."""
        return cls(**_values(row), body=row.body, faults=[PackFault.of(fault) for fault in faults])


class PolicyInForce(BaseModel):
    """The pack that a claim filed now is heard by."""

    pack: str
    version: int
    sha256: str
    title: dict[str, str]
    body: dict[str, Any]

    @classmethod
    def of(cls, pack: Pack) -> "PolicyInForce":
        """Return a pack as the API shows it."""
        return cls(
            pack=pack.id,
            version=pack.version,
            sha256=pack.sha256,
            title=pack.title.model_dump(),
            body=decode_canonical(pack.canonical),
        )


class _OutcomeRow(BaseModel):
    outcome: str
    decisions: int
    unchanged: int
    changes: dict[str, int]


class _RuleRow(BaseModel):
    rule: str
    before: int
    after: int


class BacktestOut(BaseModel):
    """What a pack would have changed on the tenant's decisions, the newest ones."""

    decisions: int
    unchanged: int
    more: bool = Field(description="there are older decisions that were not tried")
    outcomes: list[_OutcomeRow]
    rules: list[_RuleRow]


def _values(row: PolicyPack) -> dict[str, Any]:
    pack: Pack = pack_of_row(row)
    return {
        "id": row.id,
        "pack": row.pack,
        "version": row.version,
        "sha256": row.sha256,
        "title": pack.title.model_dump(),
        "state": row.state,
        "effective_from": row.effective_from,
        "effective_to": row.effective_to,
        "added_by": row.added_by,
        "added_at": format_timestamp(row.added_at),
        "published_by": row.published_by,
        "published_at": format_optional(row.published_at),
        "retired_by": row.retired_by,
        "retired_at": format_optional(row.retired_at),
    }
