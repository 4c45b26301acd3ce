"""Rows that the ledger states: which columns, how an event says them, and that none changes without an event.

A model of recorded rows derives from `Recorded` and declares its columns. `bixie.ledger.service.append`
states the rows of an event in the event: plain values openly, personal ones as salted commitments. What was
written in a transaction and what its events state are compared before it commits;
`bixie.ledger.verifying_rows` compares the rows of a store with all statements.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState

from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import CanonicalError, Json, decode_canonical, encode_canonical
from bixie.kit.timestamps import format_timestamp
from bixie.ledger.errors import UnrecordedError
from bixie.store.base import Base, CanonicalJson

__all__ = [
    "SEQUENCE",
    "Columns",
    "Recorded",
    "Statement",
    "as_stated",
    "discloses_nothing",
    "key_columns",
    "key_text",
    "read_row",
    "recorded_models",
    "says_personal",
    "state",
    "stated_columns",
]

SEQUENCE = "sequence"
"""Column with the number of the event that made the row. No statement repeats it."""

_CHANGES = "recorded_rows"
_DELETED = None
_HASH_PREFIX = b"bixie.ledger.value/1\n"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a recorded table, besides its key, `tenant` and `sequence`.

    Parameters
    ----------
    plain : tuple of str
        Stated openly, in an event that is kept forever: nothing that leads to a person.
    personal : tuple of str
        Stated as a commitment, whose salt and value can be erased.
    hashed : tuple of str
        Stated as the SHA-256 of the value, which the ledger keeps nowhere: secrets with so many random bits
        that nobody finds them from it, and hashes of passwords with their salt.
    unrecorded : dict of str to str
        Not stated, each with the reason. They may change without an event, and no check sees it.
    changing : tuple of str
        Stated columns that a later event may state anew. All others are fixed: no event may say another thing
        of them than the first did, but a personal one may be erased.
    deletable : bool
        Whether an event may delete rows.
    """

    plain: tuple[str, ...]
    personal: tuple[str, ...] = ()
    hashed: tuple[str, ...] = ()
    unrecorded: Mapping[str, str] = field(default_factory=dict)
    changing: tuple[str, ...] = ()
    deletable: bool = False

    def may_become(self, name: str, value: Json, key: Json) -> bool:
        """Return whether a column of the row with that key may be given another value than its first."""
        return name in self.changing or (name in self.personal and discloses_nothing(value, key))


class Recorded:
    """Mixin of models whose rows are stated by events."""

    __tablename__: str
    recorded: ClassVar[Columns]


@dataclass(slots=True)
class Statement:
    """What an event says of a row.

    Parameters
    ----------
    table, key : str
    values : dict or None
        The plain columns that are new or changed; None when the row was deleted.
    personal : dict
        The personal columns that are new or changed; the event has a commitment to each.
    """

    table: str
    key: Json
    values: dict[str, Json] | None
    personal: dict[str, Json] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Json]:
        """Return the statement as events have it."""
        said: dict[str, Json] = {"table": self.table, "key": self.key, "values": self.values}
        return said | ({"personal": sorted(self.personal)} if self.personal else {})


@dataclass(slots=True)
class _Changes:
    """Last values by table and key, then column, of what a transaction has written and of what was stated."""

    written: dict[tuple[str, str], dict[str, Json] | None] = field(default_factory=dict)
    stated: dict[tuple[str, str], dict[str, Json] | None] = field(default_factory=dict)
    made: set[tuple[str, str]] = field(default_factory=set)
    """Rows that the transaction has added: nothing of them is fixed before an event states it."""

    def copy(self) -> "_Changes":
        return _Changes(dict(self.written), dict(self.stated), set(self.made))

    def unstated(self) -> Iterator[str]:
        for (table, key), values in self.written.items():
            said = self.stated.get((table, key), {})
            if values is None or said is None:
                if values is not said:
                    yield f"{table} {key}"
            else:
                yield from (
                    f"{table}.{name} of {key}"
                    for name, value in values.items()
                    if name not in said or said[name] != value
                )


def recorded_models() -> dict[str, type[Any]]:
    """Return the models of recorded rows by table."""
    models = (mapper.class_ for mapper in Base.registry.mappers)
    return {model.__tablename__: model for model in models if issubclass(model, Recorded)}


def key_columns(model: type[Any]) -> tuple[str, ...]:
    """Return the columns of a model's key, without the tenant."""
    mapper: Mapper[Any] = inspect(model)
    return tuple(
        mapper.get_property_by_column(column).key for column in mapper.primary_key if column.name != "tenant"
    )


def key_text(key: Json) -> str:
    """Return a key as it is sorted and shown: an id as it is, several columns as canonical JSON."""
    return key if type(key) is str else encode_canonical(key).decode()


def as_stated(value: Any) -> Json:
    """Return a column's value as a statement has it."""
    if isinstance(value, str):
        return str(value)  # an enumeration's too
    if isinstance(value, datetime):
        return format_timestamp(value)
    return value.hex() if isinstance(value, bytes) else value


def discloses_nothing(value: Json, key: Json) -> bool:
    """Return whether a personal column says nothing of a person: none, empty, or the row's own key."""
    return value is None or value in ("", key)


def says_personal(row: Recorded) -> bool:
    """Return whether a statement of a row, stated whole, has a commitment."""
    key = _key_of(row)
    return any(not discloses_nothing(_value(row, name), key) for name in row.recorded.personal)


def state(session: TenantSession, row: Recorded, sequence: int, *, whole: bool = False) -> Statement | None:
    """Return what the event of that sequence has to say of a row, and note that it says so.

    Parameters
    ----------
    session : TenantSession
    row : Recorded
        Added, changed or deleted in this transaction, flushed or not.
    sequence : int
    whole : bool
        State all columns, changed or not.

    Returns
    -------
    Statement or None
        None where nothing is left to be said.
    """
    model, changes = type(row), _changes_of(session)
    found = inspect(row)
    key = _key_of(row)
    place = (model.__tablename__, key_text(key))
    if row in session.deleted or found.deleted:
        changes.stated[place] = _DELETED
        return Statement(place[0], key, None)
    said = {} if found.pending or found.transient else changes.stated.get(place) or {}
    if whole or found.pending or found.transient:
        new = {name: _value(row, name) for name in stated_columns(model)}
    else:
        written = changes.written.get(place) or {}
        new = {name: value for name, value in written.items() if name not in said or said[name] != value}
        new |= {name: _value(row, name) for name in _changed(row)}
    if not new:
        return None
    _check_fixed(row, {name: value for name, value in new.items() if said.get(name, value) != value})
    if found.modified or not found.persistent or place in changes.written:  # else it is as it was before
        changes.stated[place] = said | new
    if new.get(SEQUENCE) == sequence:
        del new[SEQUENCE]
    hidden = {
        name: new.pop(name)
        for name in model.recorded.personal
        if name in new and not discloses_nothing(new[name], key)
    }
    return Statement(place[0], key, new, hidden)


def stated_columns(model: type[Recorded]) -> tuple[str, ...]:
    """Return the columns of which events speak, besides the key."""
    numbered = (SEQUENCE,) if hasattr(model, SEQUENCE) else ()
    columns = model.recorded
    return (*columns.plain, *columns.personal, *columns.hashed, *numbered)


def read_row(model: type[Any], raw: Mapping[str, Any]) -> dict[str, Json]:
    """Return a row's values as statements have them, whatever stands in the database."""
    columns = inspect(model).columns
    read = {
        name: _read(value, as_json=isinstance(columns[name].type, CanonicalJson))
        for name, value in raw.items()
    }
    return read | {name: _hash_of(read[name]) for name in model.recorded.hashed if name in read}


def _read(raw: Any, *, as_json: bool) -> Json:
    if isinstance(raw, datetime):
        return format_timestamp(raw.astimezone(UTC))
    if isinstance(raw, bytes | memoryview):
        return bytes(raw).hex()
    if as_json and type(raw) is str:
        try:
            return decode_canonical(raw)
        except CanonicalError:
            return raw
    return raw


def _value(row: Recorded, name: str) -> Json:
    """Return the value of a row's column as a statement has it."""
    value = as_stated(getattr(row, name))
    return _hash_of(value) if name in row.recorded.hashed else value


def _hash_of(value: Json) -> Json:
    if value is None:
        return None
    try:
        return hashlib.sha256(_HASH_PREFIX + encode_canonical(value)).hexdigest()
    except CanonicalError:
        return repr(value)  # Bixie writes no such value; this is no hash that an event states


def _key_of(row: Recorded) -> Json:
    values = [as_stated(getattr(row, name)) for name in key_columns(type(row))]
    return values[0] if len(values) == 1 and type(values[0]) is str else values


def _changed(row: Recorded) -> list[str]:
    attributes = inspect(row).attrs
    return [name for name in stated_columns(type(row)) if attributes[name].history.has_changes()]


def _changes_of(session: TenantSession) -> _Changes:
    changes: _Changes = session.info.setdefault(_CHANGES, _Changes())
    return changes


def _written(row: Recorded) -> tuple[_Changes, tuple[str, str]]:
    session = inspect(row).session
    place = (type(row).__tablename__, key_text(_key_of(row)))
    return _changes_of(session), place


def _check_fixed(row: Recorded, new: Mapping[str, Json]) -> None:
    key = _key_of(row)
    for name, value in new.items():
        if not row.recorded.may_become(name, value, key):
            raise UnrecordedError(f"{row.__tablename__}.{name} is fixed")


@event.listens_for(Recorded, "after_insert", propagate=True)
def _note_insert(_mapper: object, _link: object, row: Recorded) -> None:
    changes, place = _written(row)
    changes.written[place] = {name: _value(row, name) for name in stated_columns(type(row))}
    changes.made.add(place)


@event.listens_for(Recorded, "after_update", propagate=True)
def _note_update(_mapper: object, _link: object, row: Recorded) -> None:
    new = {name: _value(row, name) for name in _changed(row)}
    if new:
        changes, place = _written(row)
        if place not in changes.made:
            _check_fixed(row, new)
        changes.written[place] = (changes.written.get(place) or {}) | new


@event.listens_for(Recorded, "after_delete", propagate=True)
def _note_delete(_mapper: object, _link: object, row: Recorded) -> None:
    changes, place = _written(row)
    if not row.recorded.deletable:
        raise UnrecordedError(f"rows of {place[0]} are not deleted")
    changes.written[place] = _DELETED


@event.listens_for(TenantSession, "do_orm_execute")
def _refuse_statements(state: ORMExecuteState) -> None:
    """Refuse UPDATE and DELETE of many rows at once: what they change cannot be stated."""
    if (state.is_update or state.is_delete) and state.bind_mapper is not None:
        model = state.bind_mapper.class_
        if issubclass(model, Recorded):
            raise UnrecordedError(f"rows of {model.__tablename__} are changed one by one")


@event.listens_for(TenantSession, "before_commit")
def _check_stated(session: TenantSession) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if _CHANGES in session.info:
        unstated = next(_changes_of(session).unstated(), None)
        if unstated is not None:
            raise UnrecordedError(f"no event states {unstated}")


@event.listens_for(TenantSession, "after_transaction_create")
def _save(session: TenantSession, transaction: Any) -> None:
    if transaction.nested and _CHANGES in session.info:
        session.info[_CHANGES, transaction] = _changes_of(session).copy()


@event.listens_for(TenantSession, "after_transaction_end")
def _forget(session: TenantSession, transaction: Any) -> None:
    session.info.pop((_CHANGES, transaction), None)
    if transaction.parent is None:
        session.info.pop(_CHANGES, None)


@event.listens_for(TenantSession, "after_soft_rollback")
def _restore(session: TenantSession, transaction: Any) -> None:
    if transaction.nested:
        session.info[_CHANGES] = session.info.get((_CHANGES, transaction), _Changes()).copy()
