"""Remedies: orders to the outside."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
_LISTED_BY: tuple[tuple[str, ...], ...] = ((), ("party",), ("buyer",), ("case_id",), ("state",))


_OPTIONAL = ("currency", "reversal_of", "failure", "reference", "job_id")


def upgrade() -> None:
    """Make the table."""
    required = ("tenant", "party", "buyer", "case_id", "decision_id", "order_id", "kind", "items")
    op.create_table(
        "remedy",
        sa.Column("id", sa.Text(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*required, "idempotency_key", "state")),
        *(sa.Column(name, sa.Text()) for name in _OPTIONAL),
        sa.Column("amount_minor", sa.BigInteger()),
        sa.Column("ordered_at", _MOMENT, nullable=False),
        *(sa.Column(name, _MOMENT) for name in ("sent_at", "confirmed_at")),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("tenant", "decision_id", "kind"),
        sa.UniqueConstraint("tenant", "reversal_of"),
        *(sa.Index(None, "tenant", *more, "sequence", "id") for more in _LISTED_BY),
    )
