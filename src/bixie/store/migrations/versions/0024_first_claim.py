"""Exhibits keep which event received the first file of a claim for their order: that file may be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the column."""
    op.add_column("exhibit", sa.Column("first_claim", sa.BigInteger()))
