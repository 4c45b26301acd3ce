"""When workers were last seen, what periodic tasks found, and files that are missing."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "worker_seen",
        sa.Column("slot", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "task_count",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "missing_file",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("noticed_at", _MOMENT, nullable=False),
    )
