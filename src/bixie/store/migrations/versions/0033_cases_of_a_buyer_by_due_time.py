"""Lists of a buyer's cases by due time, also where the shop has very many others."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Add the index."""
    due = sa.text("deadline_at IS NOT NULL")
    columns = ["tenant", "buyer", "deadline_at", "id"]
    op.create_index(None, "cases", columns, sqlite_where=due, postgresql_where=due)
