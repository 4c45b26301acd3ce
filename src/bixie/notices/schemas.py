"""Webhooks as programs ask for and get them."""

from pydantic import BaseModel, ConfigDict, Field

from bixie.kit.timestamps import format_optional, format_timestamp
from bixie.notices.models import WebhookTarget

__all__ = ["NewWebhookOut", "WebhookIn", "WebhookOut"]

_MAX_EVENTS = 50


class WebhookIn(BaseModel):
    """A webhook that is asked for."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(description="http or https, without a user", examples=["https://shop.example/bixie"])
    events: list[str] = Field([], max_length=_MAX_EVENTS, description="types to send; all when none is named")
    party: str | None = Field(
        None, max_length=64, description="id of the merchant whose events it gets; else the tenant's"
    )


class WebhookOut(BaseModel):
    """Where events are sent, without the secret."""

    id: str
    url: str
    events: list[str]
    party: str | None
    made_at: str
    disabled_at: str | None
    disabled_why: str | None = Field(description="asked: by a call; gone: the receiver answered 410")

    @classmethod
    def of(cls, target: WebhookTarget) -> "WebhookOut":
        """Return what is told of a webhook."""
        return cls(
            id=target.id,
            url=target.url,
            events=target.events,
            party=target.party,
            made_at=format_timestamp(target.made_at),
            disabled_at=format_optional(target.disabled_at),
            disabled_why=target.disabled_why,
        )


class NewWebhookOut(WebhookOut):
    """A webhook with a new secret."""

    secret: str | None = Field(
        description="what deliveries are signed with; told once, null when the same call is answered again"
    )
