"""Reports whole: the files of a document, the exhibits it is about, and which exhibits arrived together."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables and columns. Until now each file of a claim was examined alone."""
    _make_tables()
    with op.batch_alter_table("exhibit") as table:
        table.add_column(sa.Column("arrived_with", sa.Text()))
        table.create_index("ix_exhibit_tenant_exhibit_arrived_with", ["tenant", "arrived_with"])
        table.create_index("ix_exhibit_order_role", ["tenant", "party", "order_number", "role", "sequence"])
    with op.batch_alter_table("examination") as table:
        table.add_column(sa.Column("exhibits", sa.Text(), nullable=False, server_default="[]"))
    with op.batch_alter_table("examination") as table:
        table.alter_column("exhibits", server_default=None)
        table.create_index("ix_examination_tenant_examination_report_id", ["tenant", "report_id"])
    op.execute("UPDATE exhibit SET arrived_with = id WHERE role = 'claim' AND state = 'kept'")
    op.execute(
        "INSERT INTO document_link (tenant, party, document_id, exhibit_id, relation) "
        "SELECT tenant, party, id, about, 'about' FROM exhibit WHERE about IS NOT NULL"
    )
    # Canonical JSON: keys in order, no blanks.
    op.execute(
        """
        UPDATE examination
        SET exhibits = '[{"exhibit":"' || exhibit_id || '","verdict":"' || verdict || '"}]'
        """
    )


def _make_tables() -> None:
    op.create_table(
        "document_link",
        sa.Column("tenant", sa.Text(), nullable=False, index=True),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), primary_key=True),
        sa.Column("exhibit_id", sa.Text(), primary_key=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Index(None, "tenant", "exhibit_id"),
        sa.Index(None, "tenant", "document_id"),
    )
    op.create_table(
        "document_file",
        sa.Column("tenant", sa.Text(), nullable=False, index=True),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sm3", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Index(None, "tenant", "sha256"),
    )
