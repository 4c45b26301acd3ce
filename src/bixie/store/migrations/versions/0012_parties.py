"""Whose an order, exhibit, upload, hold or examination is: until now all were the tenant's own."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_UNIQUE = {
    "orders": ("uq_orders_tenant_number", ["tenant", "party", "number"]),
    "exhibit": (
        "uq_exhibit_tenant_order_number_role_sha256",
        ["tenant", "party", "order_number", "role", "sha256"],
    ),
}


def upgrade() -> None:
    """Add the column; two parties of a tenant may have orders of the same number."""
    for name in ("orders", "exhibit", "exhibit_hold", "examination", "upload"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("party", sa.Text(), nullable=False, server_default=""))
            if name in _UNIQUE:
                before, columns = _UNIQUE[name]
                table.drop_constraint(before, type_="unique")
                table.create_unique_constraint(f"uq_{name}_{'_'.join(columns)}", columns)
        with op.batch_alter_table(name) as table:
            table.alter_column("party", server_default=None)
