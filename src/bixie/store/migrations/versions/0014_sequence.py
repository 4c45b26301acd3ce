"""Lists are ordered by the ledger number of the event that made each row; events are listed by type."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_BY_SUBJECT = {
    "exhibit": ("exhibit.received", "exhibit.written"),
    "orders": ("order.added",),
    "identity_party": ("identity.party_added",),
    "identity_person": ("identity.person_added",),
    "identity_key": ("identity.key_added",),
    "notice_webhook": ("notice.webhook_added",),
}
"""Tables to the events that make their rows; the subject of each is the row."""

_NAMED_IN_DATA = {
    "examination": ("exhibit.examined", "examination"),
    "exhibit_hold": ("exhibit.held", "hold"),
    "notice": ("notice.told", "notice"),
}
"""Tables to the event that makes a row, and the key of its data that names the row."""

_INDEXES = (
    ("exhibit", "sequence", "id"),
    ("exhibit", "party", "sequence", "id"),
    ("exhibit", "order_number", "sequence", "id"),
    ("exhibit", "role", "sequence", "id"),
    ("orders", "number"),
    ("orders", "sequence", "id"),
    ("orders", "party", "sequence", "id"),
    ("examination", "sequence", "id"),
    ("examination", "party", "sequence", "id"),
    ("examination", "exhibit_id", "sequence", "id"),
    ("exhibit_hold", "sequence", "id"),
    ("identity_party", "kind", "sequence", "id"),
    ("identity_person", "sequence", "id"),
    ("identity_key", "sequence", "id"),
    ("notice", "party", "sequence", "id"),
    ("notice", "person", "sequence", "id"),
    ("notice_webhook", "sequence", "id"),
    ("ledger_event", "type", "sequence"),
)
"""Table and columns after ``tenant``."""

_AT_ONCE = 1_000
"""Events whose bodies are in memory at the same time."""

_REPLACED = (
    ("examination", ["tenant", "exhibit_id"]),
    ("notice", ["tenant", "party", "id"]),
    ("notice", ["tenant", "person", "id"]),
)


def upgrade() -> None:
    """Add the columns, fill them from the ledger, and make the indexes."""
    op.create_index(*_index("ledger_event", "type", "sequence"))
    for table in (*_BY_SUBJECT, *_NAMED_IN_DATA):
        # Neither database rewrites a table for a column with a constant default.
        op.add_column(table, sa.Column("sequence", sa.BigInteger(), nullable=False, server_default="0"))
    for table, kinds in _BY_SUBJECT.items():
        _fill_by_subject(table, kinds)
    for table, (kind, key) in _NAMED_IN_DATA.items():
        _fill_by_data(table, kind, key)
    for table, columns in _REPLACED:
        # PostgreSQL has shortened the names of some indexes, SQLite has not.
        for index in sa.inspect(op.get_bind()).get_indexes(table):
            if index["column_names"] == columns:
                op.drop_index(str(index["name"]), table)
    for table, *columns in _INDEXES[:-1]:
        op.create_index(*_index(table, *columns))


def _index(table: str, *columns: str) -> tuple[None, str, list[str]]:
    return None, table, ["tenant", *columns]


def _fill_by_subject(table: str, kinds: tuple[str, ...]) -> None:
    among = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(
        f"""
        UPDATE {table} SET sequence = coalesce(
            (SELECT min(event.sequence) FROM ledger_event AS event
             WHERE event.tenant = {table}.tenant AND event.subject = {table}.id AND event.type IN ({among})),
            0)
        """
    )


def _fill_by_data(table: str, kind: str, key: str) -> None:
    connection = op.get_bind()
    names = ("tenant", "sequence", "type", "body")
    event = sa.table("ledger_event", *(sa.column(name) for name in names))
    rows = sa.table(table, sa.column("tenant"), sa.column("id"), sa.column("sequence"))
    change = (
        rows.update()
        .where(rows.c.tenant == sa.bindparam("of"), rows.c.id == sa.bindparam("made"))
        .values(sequence=sa.bindparam("number"))
    )
    place = sa.tuple_(event.c.tenant, event.c.sequence)
    wanted = sa.select(event.c.tenant, event.c.sequence, event.c.body).where(event.c.type == kind)
    # The first event is written last. psycopg would fetch all bodies of one query at once.
    wanted = wanted.order_by(event.c.tenant.desc(), event.c.sequence.desc()).limit(_AT_ONCE)
    found = connection.execute(wanted).all()
    while found:
        values = [
            {"of": tenant, "made": str(json.loads(text)["data"].get(key)), "number": number}
            for tenant, number, text in found
        ]
        connection.execute(change, values)
        found = connection.execute(wanted.where(place < sa.tuple_(*found[-1][:2]))).all()
