"""Cases: claims, duties, the thread, offers, decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _make_case()
    _make_duty()
    _make_evidence()
    _make_kept()
    _make_decision()


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _moments(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, _MOMENT, nullable=null) for name in names]


def _sequence() -> sa.Column[int]:
    return sa.Column("sequence", sa.BigInteger(), nullable=False)


def _make_case() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), primary_key=True),
        *_text("tenant", "party", "buyer", "order_id", "service", "reason", "status", "stage", "currency"),
        *_text("previous", "text", "waiting_for", null=True),
        *_moments("filed_at"),
        *_moments("deadline_at", null=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        _sequence(),
    )
    for columns in ((), ("party",), ("buyer",), ("order_id",), ("status",), ("party", "status")):
        op.create_index(None, "cases", ["tenant", *columns, "sequence", "id"])


def _make_duty() -> None:
    op.create_table(
        "case_duty",
        sa.Column("id", sa.Text(), primary_key=True),
        *_text("tenant", "case_id", "kind", "owner", "on_timeout"),
        *_text("closed_how", null=True),
        *_moments("opened_at", "due_at"),
        *_moments("paused_at", "closed_at", "sweep_at", null=True),
        _sequence(),
        sa.Index(None, "tenant", "case_id", "sequence", "id"),
        sa.Index(None, "sweep_at", "tenant"),
    )


def _make_evidence() -> None:
    op.create_table(
        "case_exhibit",
        sa.Column("case_id", sa.Text(), primary_key=True),
        sa.Column("exhibit_id", sa.Text(), primary_key=True),
        *_text("tenant", "side", "role"),
        *_moments("added_at"),
        _sequence(),
        sa.Index(None, "tenant", "exhibit_id"),
    )
    op.create_table(
        "case_message",
        sa.Column("id", sa.Text(), primary_key=True),
        *_text("tenant", "case_id", "side", "author", "audience", "exhibits"),
        *_text("about", "text", null=True),
        *_moments("posted_at"),
        _sequence(),
        sa.Index(None, "tenant", "case_id", "sequence", "id"),
    )
    op.create_table(
        "case_offer",
        sa.Column("id", sa.Text(), primary_key=True),
        *_text("tenant", "case_id", "side", "outcome"),
        *_text("answer", null=True),
        *_moments("made_at"),
        _sequence(),
        sa.Index(None, "tenant", "case_id", "sequence", "id"),
    )


def _make_kept() -> None:
    op.create_table(
        "case_file",
        sa.Column("case_id", sa.Text(), primary_key=True),
        sa.Column("sha256", sa.Text(), primary_key=True),
        *_text("tenant", "content"),
        *_moments("made_at"),
        _sequence(),
    )
    op.create_table(
        "case_draft",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("case_id", sa.Text(), primary_key=True),
        sa.Column("side", sa.Text(), primary_key=True),
        *_text("content"),
        *_moments("saved_at"),
    )


def _make_decision() -> None:
    op.create_table(
        "case_decision",
        sa.Column("id", sa.Text(), primary_key=True),
        *_text("tenant", "case_id", "basis", "outcome", "reasons", "record"),
        *_text("note", "person", null=True),
        *_moments("decided_at"),
        *_moments("overturned_at", null=True),
        _sequence(),
        sa.Index(None, "tenant", "case_id", "sequence", "id"),
        sa.Index(None, "tenant", "sequence", "id"),
    )
