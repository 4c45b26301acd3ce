"""Requests that are done in steps: a key remembers what is done so far."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column."""
    op.add_column("access_given_answer", sa.Column("progress", sa.Text(), nullable=True))
