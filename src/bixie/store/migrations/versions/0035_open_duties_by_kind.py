"""Lists of cases in which a duty of some kind is open: few of very many."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add the index."""
    still = sa.text("closed_at IS NULL")
    op.create_index(
        None, "case_duty", ["tenant", "kind", "case_id"], sqlite_where=still, postgresql_where=still
    )
