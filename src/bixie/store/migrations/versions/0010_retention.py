"""The vault: holds, how long exhibits are kept, and what is left of an erased one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
_ABOUT = """
UPDATE exhibit SET about = (SELECT exhibit_id FROM examination WHERE report_id = exhibit.id)
WHERE role = 'report'
"""


def upgrade() -> None:
    """Make the tables; a report now says itself what it is about."""
    with op.batch_alter_table("exhibit") as table:
        table.add_column(sa.Column("about", sa.Text(), nullable=True))
        table.add_column(sa.Column("erased_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("discarded_at", _MOMENT, nullable=True))
        table.create_index("ix_exhibit_tenant_exhibit_sha256", ["tenant", "sha256"])
        table.create_index("ix_exhibit_tenant_exhibit_about", ["tenant", "about"])
    op.execute(_ABOUT)
    op.create_table(
        "exhibit_hold",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("tenant", sa.Text(), nullable=False, index=True),
        sa.Column("exhibit_id", sa.Text(), nullable=True),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("held_at", _MOMENT, nullable=False),
        sa.Column("released_at", _MOMENT, nullable=True),
        sa.Index(None, "tenant", "exhibit_id"),
        sa.Index(None, "tenant", "order_number"),
    )
    op.create_table(
        "exhibit_retention",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("role", sa.Text(), primary_key=True),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Index(None, "tenant"),
    )
