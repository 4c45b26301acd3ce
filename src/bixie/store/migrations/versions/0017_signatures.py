"""Signatures of checkpoints."""

import sqlalchemy as sa
from alembic import op

from bixie.store.append_only import make_append_only

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table; checkpoints that were made before have no signature."""
    op.create_table(
        "ledger_signature",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("size", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
    )
    make_append_only(op.get_bind(), "ledger_signature", ("tenant", "size"))
