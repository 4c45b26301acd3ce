"""The base of all models: names for constraints, and types that behave alike on both databases."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from bixie.kit.canonical_json import Json, decode_canonical, encode_canonical
from bixie.kit.timestamps import format_timestamp, parse_timestamp

__all__ = ["NAMING", "Base", "CanonicalJson", "Moment"]

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""A constraint without a name cannot be dropped by a later migration."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC to the millisecond; a time without a zone is refused and never returned.

    Text of one length on SQLite, which sorts as time does; ``timestamptz`` on PostgreSQL.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the database's own type."""
        return dialect.type_descriptor(DateTime(timezone=True) if _is_postgresql(dialect) else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return the value for the database."""
        if value is None:
            return None
        text = format_timestamp(value)
        return parse_timestamp(text) if _is_postgresql(dialect) else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment, in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if _is_postgresql(dialect) else parse_timestamp(value)


class CanonicalJson(TypeDecorator[Json]):
    """A value as canonical text: both databases store the same bytes, and reading returns the same value."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Json | None, dialect: Dialect) -> str | None:
        """Return the value for the database."""
        return None if value is None else encode_canonical(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Json | None:
        """Return the value."""
        return None if value is None else decode_canonical(value)


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment, str: Text, int: BigInteger}  # noqa: RUF012 - SQLAlchemy's own form


def _is_postgresql(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"
