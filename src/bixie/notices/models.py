"""Tables of the notices room. Texts and addresses stand in columns that can be emptied."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import TenantOwned
from bixie.kit.canonical_json import Json
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base, CanonicalJson

__all__ = ["Delivery", "Notice", "WebhookTarget"]


class Notice(Sequenced, Recorded, TenantOwned, Base):
    """A message inside Bixie, for a party or a person."""

    __tablename__ = "notice"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "party"], ["identity_party.tenant", "identity_party.id"]),
        ForeignKeyConstraint(["tenant", "person"], ["identity_person.tenant", "identity_person.id"]),
        Index(None, "tenant", "party", "sequence", "id"),
        Index(None, "tenant", "person", "sequence", "id"),
    )

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str | None]
    person: Mapped[str | None]
    template: Mapped[str]
    about: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    recorded = Columns(
        plain=("party", "person", "template", "about", "language", "made_at", "read_at"),
        personal=("subject", "body"),
        changing=("read_at",),
    )


class WebhookTarget(Sequenced, Recorded, TenantOwned, Base):
    """Where a tenant or party wants events sent. The former secret also signs until ``former_until``."""

    __tablename__ = "notice_webhook"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "party"], ["identity_party.tenant", "identity_party.id"]),
        Index(None, "tenant", "sequence", "id"),
    )

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str | None]
    url: Mapped[str]
    events: Mapped[Json] = mapped_column(CanonicalJson)
    secret: Mapped[str]
    former_secret: Mapped[str | None]
    former_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_why: Mapped[str | None]

    recorded = Columns(
        plain=("party", "events", "former_until", "made_at", "disabled_at", "disabled_why"),
        personal=("url",),
        hashed=("secret", "former_secret"),
        changing=("secret", "former_secret", "former_until", "disabled_at", "disabled_why"),
    )


class Delivery(TenantOwned, Base):
    """Something to send. Its job knows when it is due, how often it failed, and whether it ended.

    It is a queue, so no event states its rows: what was sent or given up is an event by itself.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "notice"], ["notice.tenant", "notice.id"]),
        ForeignKeyConstraint(["tenant", "target"], ["notice_webhook.tenant", "notice_webhook.id"]),
    )

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    notice: Mapped[str | None]
    target: Mapped[str | None]
    address: Mapped[str | None]
    content: Mapped[Json | None] = mapped_column(CanonicalJson)
    """Empty with the address once it was sent or erased."""
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was sent, erased, or last given up."""
