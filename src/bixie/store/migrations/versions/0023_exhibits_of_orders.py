"""A party's exhibits of one order are found by an index: between two that fit as well SQLite takes either."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Make the index."""
    op.create_index(None, "exhibit", ["tenant", "party", "order_number", "sequence", "id"])
