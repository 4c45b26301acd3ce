"""Lists of cases by due time: the most urgent of very many, by status and by the side that owes."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Add the indexes. A closed case has no deadline and is in none of them."""
    due = sa.text("deadline_at IS NOT NULL")
    for owner in (("tenant",), ("tenant", "party")):
        for more in ((), ("status",), ("waiting_for",)):
            columns = [*owner, *more, "deadline_at", "id"]
            op.create_index(None, "cases", columns, sqlite_where=due, postgresql_where=due)
