"""How far each witness was told the ledger's checkpoints."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ledger_handover",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("witness", sa.Text(), primary_key=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("told_at", _MOMENT),
        sa.Column("failed_at", _MOMENT),
        sa.Column("error", sa.Text()),
    )
