"""Lists of the cases that wait for a side, also where few of very many do."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index(None, "cases", ["tenant", "waiting_for", "sequence", "id"])
    op.create_index(None, "cases", ["tenant", "party", "waiting_for", "sequence", "id"])
