"""What is sent out: messages, webhook targets, deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
_PARTY = (["tenant", "party"], ["identity_party.tenant", "identity_party.id"])


def upgrade() -> None:
    """Make the tables."""
    _notice()
    _webhook()
    _delivery()


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("party", sa.Text()),
        sa.Column("person", sa.Text()),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("read_at", _MOMENT),
        sa.ForeignKeyConstraint(*_PARTY),
        sa.ForeignKeyConstraint(["tenant", "person"], ["identity_person.tenant", "identity_person.id"]),
        sa.Index(None, "tenant", "party", "id"),
        sa.Index(None, "tenant", "person", "id"),
    )


def _webhook() -> None:
    op.create_table(
        "notice_webhook",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("party", sa.Text()),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text()),
        sa.Column("former_until", _MOMENT),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("disabled_at", _MOMENT),
        sa.Column("disabled_why", sa.Text()),
        sa.ForeignKeyConstraint(*_PARTY),
    )


def _delivery() -> None:
    op.create_table(
        "notice_delivery",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text()),
        sa.Column("target", sa.Text()),
        sa.Column("address", sa.Text()),
        sa.Column("content", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.ForeignKeyConstraint(["tenant", "notice"], ["notice.tenant", "notice.id"]),
        sa.ForeignKeyConstraint(["tenant", "target"], ["notice_webhook.tenant", "notice_webhook.id"]),
        sa.Index(None, "tenant", "state", "due_at"),
    )
