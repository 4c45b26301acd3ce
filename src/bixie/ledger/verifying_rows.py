"""Compares the rows of recorded tables with what the ledger states of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, NoReturn, cast

from bixie.access.tenancy import EveryTenantSession
from bixie.kit.canonical_json import CanonicalError, Json, encode_canonical
from bixie.kit.messages import Text, catalogue
from bixie.ledger import repository
from bixie.ledger.errors import BrokenLedger
from bixie.ledger.recorded import Recorded, discloses_nothing, key_columns, key_text
from bixie.ledger.rules import ADOPTED_EVENT, RECORDED_EVENT, Event
from bixie.ledger.statements import MAX_KEYS, Said, Stated, Statements, is_names, statements_of

__all__ = ["FILE_DAMAGED", "FILE_MISSING", "RowVerification", "find_stray_rows"]

FILE_MISSING, FILE_DAMAGED = "ledger.file_missing", "ledger.file_damaged"
"""Codes of findings about the files that rows name; the room that keeps files reads them."""

_MAX_SHOWN = 120
"""Characters of a value in a sentence."""


class RowVerification:
    """Gathers the statements of one tenant's events, and compares them with its rows at the end.

    Parameters
    ----------
    session : EveryTenantSession
    tenant : str
    models : dict of str to type
        By table.
    """

    def __init__(
        self, session: EveryTenantSession, tenant: str, models: Mapping[str, type[Recorded]]
    ) -> None:
        self._session = session
        self._tenant = tenant
        self._models = models
        self._statements = Statements()
        self.recorded: set[str] = set()
        """Tables whose rows the ledger states."""

    def hear(self, events: Iterable[Event]) -> None:
        """Take in the statements of the next events.

        Raises
        ------
        BrokenLedger
            ``ledger.statement_malformed`` or ``ledger.rows_adopted_again``.
        """
        said: list[tuple[int, Mapping[str, Json]]] = []
        for event in events:
            try:
                found = statements_of(event.data)
                if event.sequence == 1:
                    self.recorded.update(_names(event.data.get("recorded", [])))
                if event.type == RECORDED_EVENT:
                    _names([event.data.get("table")])
            except (ValueError, TypeError):
                self._break("ledger.statement_malformed", event.sequence)
            if event.type in (ADOPTED_EVENT, RECORDED_EVENT):
                self._adopted(event, found)
            said += [(event.sequence, one) for one in found]
        if said:
            self._statements.add(said)

    def compare(self) -> int:
        """Compare all rows; return how many there are.

        Raises
        ------
        BrokenLedger
            ``ledger.row_restated``, ``ledger.row_changed``, ``ledger.row_added`` or ``ledger.row_missing``.
        """
        self._statements.finish()
        return sum(self._table(self._models[one]) for one in sorted(self.recorded & self._models.keys()))

    def close(self) -> None:
        """Remove what was gathered."""
        self._statements.close()

    def _adopted(self, event: Event, statements: Sequence[Mapping[str, Json]]) -> None:
        # Rows are adopted once, when a version that records their table first opens the store. Later, it
        # would only whitewash what somebody has done to them.
        tables = {str(one["table"]) for one in statements}
        if event.type == RECORDED_EVENT:
            tables = {str(event.data.get("table"))}
        again = tables & self.recorded
        if again:
            self._break("ledger.rows_adopted_again", event.sequence, table=min(again))
        if event.type == RECORDED_EVENT:
            self.recorded |= tables

    def _table(self, model: type[Any]) -> int:
        count = 0
        with closing(repository.rows_of(self._session, model, self._tenant, MAX_KEYS)) as batches:
            for rows in batches:
                self._batch(model, rows)
                count += len(rows)
        for key, about in self._statements.left(model.__tablename__, model.recorded):
            self._fixed(model, key, about)
            if about.exists:
                self._break("ledger.row_missing", about.sequence, table=model.__tablename__, id=key)
        return count

    def _batch(self, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        names = key_columns(model)
        keys = [_key_of(names, row) for row in rows]
        said = self._statements.take(model.__tablename__, keys, model.recorded)
        personal = _Personal(self._session, self._tenant, said.values())
        for key, row in zip(keys, rows, strict=True):
            # A second row with one key has no statement left.
            about = said.pop(key, Said(model.recorded))
            self._fixed(model, key, about)
            if not about.exists:
                self._break("ledger.row_added", about.sequence, table=model.__tablename__, id=key)
            self._row(model, key, row, about, personal)

    def _row(
        self, model: type[Any], key: str, row: Mapping[str, Any], about: Said, personal: "_Personal"
    ) -> None:
        for name, stated in about.columns.items():
            if name not in row:
                continue  # a number of a table without one, or a column that is gone since
            if stated.personal is None:
                agrees = row[name] == stated.value
            else:
                agrees = personal.agrees(stated, row[name], row)
            if not agrees:
                self._break(
                    "ledger.row_changed",
                    stated.sequence,
                    table=model.__tablename__,
                    id=key,
                    column=name,
                    ledger=_said(stated, personal),
                    row=_shown(row[name]) if stated.personal is None else _text("value.another"),
                )

    def _fixed(self, model: type[Any], key: str, about: Said) -> None:
        found = about.restated
        if found is not None:
            deleted, what = found.column is None, found.column or ""
            self._break(
                "ledger.row_restated",
                found.sequence,
                table=model.__tablename__,
                id=key,
                what=_text("row.itself") if deleted else Text(what, what),
                ledger=_text("row.there") if deleted else _restated(found.before),
                first=found.before.sequence,
                row=_text("row.deleted") if deleted else _restated(found.now),
                **({} if deleted else {"column": what}),
            )

    def _break(self, code: str, sequence: int, **values: object) -> NoReturn:
        raise BrokenLedger(code, tenant=self._tenant, sequence=sequence, **values)


class _Personal:
    """The personal values of some statements; the walk along the events has verified their commitments."""

    def __init__(self, session: EveryTenantSession, tenant: str, said: Iterable[Said]) -> None:
        wanted = {one.sequence for about in said for one in about.columns.values() if one.personal}
        found = repository.personal_values(session, tenant, sorted(wanted)) if wanted else []
        self._values: dict[tuple[int, str | None], str] = {
            (sequence, name): value for sequence, name, value in found
        }

    def has(self, stated: Stated) -> bool:
        return (stated.sequence, stated.personal) in self._values

    def agrees(self, stated: Stated, value: Json, row: Mapping[str, Any]) -> bool:
        kept = self._values.get((stated.sequence, stated.personal))
        if kept is None:  # it was erased, so the row may have it no longer
            return discloses_nothing(value, row.get("id"))
        try:
            return encode_canonical(value).decode() == kept
        except CanonicalError:
            return False


def _said(stated: Stated, personal: _Personal) -> Text:
    if stated.personal is None:
        return _shown(stated.value)
    return _text("value.committed" if personal.has(stated) else "value.erased")


def _restated(stated: Stated) -> Text:
    return _shown(stated.value) if stated.personal is None else _text("value.committed")


def _names(value: Json) -> list[str]:
    if not is_names(value):
        raise ValueError(value)
    return cast("list[str]", value)


def _shown(value: Json) -> Text:
    """Return a value for a sentence; what stands in a row may be anything."""
    words = json.dumps(value, ensure_ascii=False, default=repr).encode("utf-8", "backslashreplace").decode()
    shown = words if len(words) <= _MAX_SHOWN else f"{words[:_MAX_SHOWN]}…"
    return Text(shown, shown)


def _text(key: str) -> Text:
    return catalogue("bixie.ledger").text(key)


def find_stray_rows(
    session: EveryTenantSession, models: Mapping[str, type[Recorded]], tables: set[str], tenants: set[str]
) -> None:
    """Look for rows of tenants that have no ledger.

    Parameters
    ----------
    session : EveryTenantSession
    models : dict of str to type
    tables : set of str
        In which to look.
    tenants : set of str
        Those that have a ledger.

    Raises
    ------
    BrokenLedger
        ``ledger.row_added``.
    """
    for table in sorted(tables & models.keys()):
        for tenant in repository.tenants_of_rows(session, models[table]):
            if tenant not in tenants:
                with closing(repository.rows_of(session, models[table], tenant, 1)) as batches:
                    key = _key_of(key_columns(models[table]), next(batches)[0])
                raise BrokenLedger("ledger.row_added", tenant=str(tenant), sequence=0, table=table, id=key)


def _key_of(names: Sequence[str], row: Mapping[str, Any]) -> str:
    values = [row[name] for name in names]
    try:
        return key_text(values[0] if len(values) == 1 and type(values[0]) is str else values)
    except CanonicalError:
        return repr(values)  # no key that Bixie writes
