"""Exhibits say when a worker may check them again."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("exhibit") as table:
        table.add_column(sa.Column("next_check_at", _MOMENT))
