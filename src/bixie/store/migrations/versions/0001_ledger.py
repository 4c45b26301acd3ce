"""The ledger: events, their personal data, checkpoints with stamps and the inner nodes of the Merkle tree."""

import sqlalchemy as sa
from alembic import op

from bixie.store.append_only import make_append_only

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and let the database itself refuse changes of what was written."""
    _events()
    _checkpoints()
    connection = op.get_bind()
    make_append_only(connection, "ledger_event", ("tenant", "sequence"))
    make_append_only(connection, "ledger_checkpoint", ("tenant", "size"))
    make_append_only(connection, "ledger_stamp", ("tenant", "size", "authority"))
    make_append_only(connection, "ledger_node", ("tenant", "level", "position"))


def _events() -> None:
    op.create_table(
        "ledger_head",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
    )
    op.create_table(
        "ledger_event",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Index(None, "tenant", "subject", "sequence"),
    )
    op.create_table(
        "ledger_personal",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
    )


def _checkpoints() -> None:
    op.create_table(
        "ledger_checkpoint",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("size", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "ledger_stamp",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("size", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("authority", sa.Text(), primary_key=True),
        sa.Column("response", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "ledger_node",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("level", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hash", sa.Text(), nullable=False),
    )
