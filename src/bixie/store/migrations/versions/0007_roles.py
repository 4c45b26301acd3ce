"""The vault: what an exhibit is there for. Until now only packing evidence could be kept."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_BEFORE = "uq_exhibit_tenant_order_number_sha256"
_NOW = "uq_exhibit_tenant_order_number_role_sha256"


def upgrade() -> None:
    """Add the column; the same bytes may now stand for two things, a listing and a claim."""
    with op.batch_alter_table("exhibit") as table:
        table.add_column(sa.Column("role", sa.Text(), nullable=False, server_default="packing"))
        table.drop_constraint(_BEFORE, type_="unique")
        table.create_unique_constraint(_NOW, ["tenant", "order_number", "role", "sha256"])
    with op.batch_alter_table("exhibit") as table:
        table.alter_column("role", server_default=None)
