"""Reviews: who holds which case, ties of reviewers to parties, skills of reviewers."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "case_review",
        sa.Column("id", sa.Text(), primary_key=True),
        *_text("tenant", "case_id", "kind", "reviewer"),
        *_text("ended_how", "outcome", "reasons", "note", null=True),
        *_moments("claimed_at", "lease_until"),
        *_moments("ended_at", null=True),
        _sequence(),
        sa.Index(None, "tenant", "case_id", "sequence", "id"),
        sa.Index(None, "tenant", "reviewer", "ended_at"),
    )
    op.create_table(
        "case_conflict",
        sa.Column("id", sa.Text(), primary_key=True),
        *_text("tenant", "reviewer", "party", "reason", "set_by"),
        *_moments("since"),
        *_moments("until", null=True),
        _sequence(),
        sa.Index(None, "tenant", "reviewer"),
        sa.Index(None, "tenant", "sequence", "id"),
    )
    op.create_table(
        "case_reviewer",
        sa.Column("id", sa.Text(), primary_key=True),
        *_text("tenant", "skills"),
        *_moments("set_at"),
        _sequence(),
        sa.Index(None, "tenant", "sequence", "id"),
    )


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _moments(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, _MOMENT, nullable=null) for name in names]


def _sequence() -> sa.Column[int]:
    return sa.Column("sequence", sa.BigInteger(), nullable=False)
