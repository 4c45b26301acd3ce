"""What merchants have opted in to."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "case_merchant_option",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("option", sa.Text(), nullable=False),
        sa.Column("limit_minor", sa.BigInteger()),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("unset_by", sa.Text()),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Index(None, "tenant", "party", "option", "sequence", "id"),
        sa.Index(None, "tenant", "party", "sequence", "id"),
        sa.Index(None, "tenant", "sequence", "id"),
    )
