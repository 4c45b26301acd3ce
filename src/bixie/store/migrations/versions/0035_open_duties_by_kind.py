"""The queue of reviews, and lists of cases in which a duty of some kind is open: few of very many."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add the indexes."""
    owed, held = sa.text("closed_at IS NULL"), sa.text("ended_at IS NULL")
    kinds = ["tenant", "kind", "due_at", "case_id"]
    op.create_index(None, "case_duty", kinds, sqlite_where=owed, postgresql_where=owed)
    op.create_index(None, "case_review", ["tenant", "case_id"], sqlite_where=held, postgresql_where=held)
