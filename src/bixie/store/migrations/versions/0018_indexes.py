"""Indexes begin with the tenant and go on with what else is asked for; none is of the tenant alone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_ADDED = (
    ("order_item", "order_id", "position"),
    ("order_delivery", "order_id", "position"),
    ("orders", "number", "sequence", "id"),
    ("examination", "party", "exhibit_id", "sequence", "id"),
    ("exhibit_hold", "exhibit_id", "sequence", "id"),
    ("exhibit_hold", "order_number", "sequence", "id"),
    ("upload", "party", "state", "expires_at"),
)
"""Table and columns after ``tenant``."""

_TABLES = (
    "document_file",
    "document_link",
    "examination",
    "exhibit",
    "exhibit_hold",
    "exhibit_retention",
    "order_delivery",
    "order_item",
    "orders",
    "upload",
    "upload_part",
)
"""Which had an index of the tenant alone."""


def upgrade() -> None:
    """Make the new indexes and drop those of the tenant alone, and those that a new one begins with."""
    for table, *columns in _ADDED:
        op.create_index(None, table, ["tenant", *columns])
    begun = {(table, "tenant", *columns[:1]) for table, *columns in _ADDED}
    for table in _TABLES:
        # PostgreSQL has shortened the names of some indexes, SQLite has not.
        for index in sa.inspect(op.get_bind()).get_indexes(table):
            if index["column_names"] == ["tenant"] or (table, *index["column_names"]) in begun:
                op.drop_index(str(index["name"]), table)
