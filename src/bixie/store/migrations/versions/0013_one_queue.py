"""One queue: deliveries are jobs; jobs count crashes and say when they were requested."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the columns, turn deliveries that were not sent into jobs, and drop what the jobs now know."""
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("crashes", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("requested_at", _MOMENT))
    op.execute("UPDATE job SET requested_at = created_at")
    with op.batch_alter_table("job") as table:
        table.alter_column("crashes", server_default=None)
        table.alter_column("requested_at", nullable=False)
    _enqueue_deliveries()
    # PostgreSQL has shortened the name of the index, SQLite has not.
    for index in sa.inspect(op.get_bind()).get_indexes("notice_delivery"):
        if index["column_names"] == ["tenant", "state", "due_at"]:
            op.drop_index(str(index["name"]), "notice_delivery")
    with op.batch_alter_table("notice_delivery") as table:
        for column in ("state", "attempts", "due_at", "error"):
            table.drop_column(column)


def _enqueue_deliveries() -> None:
    """Write a job for each delivery that was not sent; an erased one has nothing left to send."""
    op.execute(
        """
        INSERT INTO job (id, tenant, kind, key, payload, state, due_at, failures, crashes, run, error,
                         requested_at, created_at, ended_at)
        SELECT 'job_' || substr(id, length('delivery_') + 1), tenant, 'notice.' || channel, id,
               '{"delivery":"' || id || '"}', CASE state WHEN 'dead' THEN 'dead' ELSE 'waiting' END,
               due_at, attempts, 0, 1, error, made_at, made_at, ended_at
        FROM notice_delivery
        WHERE content IS NOT NULL AND state <> 'sent'
        """
    )
