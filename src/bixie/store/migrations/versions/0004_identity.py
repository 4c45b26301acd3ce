"""Who may come in: tenants, parties, people, keys, sessions, attempts, signing keys, consent."""

import sqlalchemy as sa
from alembic import op

from bixie.store.append_only import make_append_only

revision = "0004"
down_revision = "0003"

_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
_PARTY = (["tenant", "party"], ["identity_party.tenant", "identity_party.id"])
_PERSON = (["tenant", "person"], ["identity_person.tenant", "identity_person.id"])


def upgrade() -> None:
    """Make the tables; consent is only ever added to."""
    _tenants()
    _people()
    _keys()
    _logins()
    _consent()
    connection = op.get_bind()
    make_append_only(connection, "identity_consent", ("tenant", "id"))
    make_append_only(connection, "identity_withdrawal", ("tenant", "consent"))


def _tenants() -> None:
    setup = op.create_table(
        "identity_setup",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hash", sa.Text()),
        sa.Column("expires_at", _MOMENT),
        sa.Column("done_at", _MOMENT),
    )
    op.bulk_insert(setup, [{"id": 1}])
    op.create_table(
        "identity_tenant",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "identity_party",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("phone", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("erased_at", _MOMENT),
        sa.UniqueConstraint("tenant", "kind", "reference"),
    )


def _people() -> None:
    op.create_table(
        "identity_person",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("party", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("login", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("password", sa.Text()),
        sa.Column("password_set_at", _MOMENT),
        sa.Column("totp_secret", sa.Text()),
        sa.Column("totp_confirmed_at", _MOMENT),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("disabled_at", _MOMENT),
        sa.Column("erased_at", _MOMENT),
        sa.UniqueConstraint("tenant", "login"),
        sa.ForeignKeyConstraint(*_PARTY),
    )
    op.create_table(
        "identity_recovery_code",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(*_PERSON),
    )


def _keys() -> None:
    op.create_table(
        "identity_key",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("party", sa.Text()),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.Column("revoked_at", _MOMENT),
        sa.Column("used_at", _MOMENT),
        sa.ForeignKeyConstraint(*_PARTY),
    )
    op.create_table(
        "identity_signing_key",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("retired_at", _MOMENT),
    )


def _logins() -> None:
    op.create_table(
        "identity_session",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("hash", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.ForeignKeyConstraint(*_PERSON),
        sa.Index(None, "tenant", "person"),
    )
    op.create_table(
        "identity_attempt",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("bucket", sa.Text(), primary_key=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Index(None, "tenant", "last_at"),
    )


def _consent() -> None:
    op.create_table(
        "identity_consent",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text()),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(*_PARTY),
        sa.Index(None, "tenant", "party"),
    )
    op.create_table(
        "identity_withdrawal",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("consent", sa.Text(), primary_key=True),
        sa.Column("withdrawn_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant", "consent"], ["identity_consent.tenant", "identity_consent.id"]),
    )
