"""Exhibits count the checks that did not come to an end."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("exhibit") as table:
        table.add_column(sa.Column("failed_checks", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("exhibit") as table:
        table.alter_column("failed_checks", server_default=None)
