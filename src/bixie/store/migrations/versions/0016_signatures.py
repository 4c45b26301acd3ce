"""Checkpoints are signed: the signature and the id of its key stand beside the body."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the columns. They are empty for checkpoints that were made before there was a key."""
    # Not in batch mode: copying the table would lose the triggers that make it append-only.
    op.add_column("ledger_checkpoint", sa.Column("signer", sa.Text()))
    op.add_column("ledger_checkpoint", sa.Column("signature", sa.Text()))
