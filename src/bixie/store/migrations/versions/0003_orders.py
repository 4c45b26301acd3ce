"""Orders: what was sold, and how it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "orders",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("tenant", sa.Text(), nullable=False, index=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ordered_at", _MOMENT, nullable=True),
        sa.Column("imported_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("tenant", "number"),
    )
    op.create_table(
        "order_item",
        sa.Column("order_id", sa.Text(), sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True),
        sa.Column("tenant", sa.Text(), nullable=False, index=True),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "order_delivery",
        sa.Column("order_id", sa.Text(), sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True),
        sa.Column("tenant", sa.Text(), nullable=False, index=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("delivered_at", _MOMENT, nullable=True),
    )
