"""Exhibits as programs get them."""

from pydantic import BaseModel, ConfigDict, Field

from bixie.kit.moments import moment_text
from bixie.vault.models import Exhibit, Role, State
from bixie.vault.retention_models import Hold, Retention

__all__ = [
    "ExhibitOut",
    "HoldIn",
    "HoldOut",
    "RefusalOut",
    "RetentionIn",
    "RetentionOut",
    "RetentionsOut",
]


class RefusalOut(BaseModel):
    """Why a file was refused when somebody looked inside it."""

    code: str
    en: str
    zh: str


class ExhibitOut(BaseModel):
    """One file of evidence."""

    id: str
    order: str | None = Field(description="the order's number, as the shop writes it; null when it was erased")
    role: Role = Field(description="what it is there for")
    about: str | None = Field(description="of a report: the exhibit that it is about")
    name: str
    sha256: str
    sm3: str
    bytes: int
    media_type: str = Field(description="by the file's content, whatever the upload said")
    state: State = Field(description="refused: the bytes are safe, and are not handed out; erased: gone")
    error: RefusalOut | None
    received_at: str
    erased_at: str | None

    @classmethod
    def of(cls, exhibit: Exhibit) -> "ExhibitOut":
        """Return what is told of an exhibit."""
        return cls(
            id=exhibit.id,
            order=None if exhibit.state == State.ERASED else exhibit.order_number,
            role=Role(exhibit.role),
            about=exhibit.about,
            name=exhibit.name,
            sha256=exhibit.sha256,
            sm3=exhibit.sm3,
            bytes=exhibit.bytes,
            media_type=exhibit.media_type,
            state=State(exhibit.state),
            error=None if exhibit.refusal is None else RefusalOut(**exhibit.refusal),
            received_at=moment_text(exhibit.received_at),
            erased_at=None if exhibit.erased_at is None else moment_text(exhibit.erased_at),
        )


class HoldIn(BaseModel):
    """A hold that is asked for; it lies on one exhibit or on one order."""

    model_config = ConfigDict(extra="forbid")

    exhibit: str | None = Field(None, max_length=64)
    order: str | None = Field(None, description="the order's number; exhibits that come later are held too")
    reason: str = Field(description="a person's words", examples=["court case 2026-1234"])


class HoldOut(BaseModel):
    """What keeps exhibits from being erased."""

    id: str
    exhibit: str | None
    order: str | None
    reason: str | None = Field(description="null once it was released")
    held_at: str
    released_at: str | None

    @classmethod
    def of(cls, hold: Hold) -> "HoldOut":
        """Return what is told of a hold."""
        return cls(
            id=hold.id,
            exhibit=hold.exhibit_id,
            order=hold.order_number,
            reason=hold.reason,
            held_at=moment_text(hold.held_at),
            released_at=None if hold.released_at is None else moment_text(hold.released_at),
        )


class RetentionIn(BaseModel):
    """How long exhibits in a role are to be kept."""

    model_config = ConfigDict(extra="forbid")

    days: int | None = Field(description="after they were received; null: for good")


class RetentionOut(BaseModel):
    """How long exhibits in one role are kept."""

    role: Role
    days: int

    @classmethod
    def of(cls, rule: Retention) -> "RetentionOut":
        """Return what is told of a rule."""
        return cls(role=Role(rule.role), days=rule.days)


class RetentionsOut(BaseModel):
    """All rules of a tenant."""

    items: list[RetentionOut]
