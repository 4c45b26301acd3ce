"""Policy packs of a tenant."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "case_policy_pack",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Text()),
        sa.Column("effective_to", sa.Text()),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("published_by", sa.Text()),
        sa.Column("published_at", _MOMENT),
        sa.Column("retired_by", sa.Text()),
        sa.Column("retired_at", _MOMENT),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Index(None, "tenant", "pack", "version", unique=True),
        sa.Index(None, "tenant", "state", "effective_from", "sequence"),
        sa.Index(None, "tenant", "sequence", "id"),
    )
