"""Adopts the rows of a store from before their tables were recorded: events state them as they stand.

The first event of every tenant names the tables whose rows the ledger states from the beginning. Where a
later version records another table, its rows are adopted once, when that version first opens the store.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import inspect

from bixie.access.tenancy import TenantSession
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger import repository
from bixie.ledger.recorded import Recorded, key_columns, recorded_models, says_personal
from bixie.ledger.rules import ADOPTED_EVENT, RECORDED_EVENT, event_from_body
from bixie.ledger.service import NewEvent, append, lock

__all__ = ["adopt", "unrecorded_tables"]

_log = logging.getLogger(__name__)

_BATCH = 500
_TELL_EVERY = 10_000
"""Rows: some seconds."""


def unrecorded_tables(session: TenantSession) -> list[str]:
    """Return the recorded tables whose rows the tenant's ledger does not state yet."""
    first = repository.event_at(session, 1)
    models = recorded_models()
    missing = models.keys() - set(event_from_body(first.body).data.get("recorded", []) if first else models)
    return sorted(missing - repository.tables_adopted(session, missing)) if missing else []


def adopt(session: TenantSession, clock: Clock = utc_now) -> int:
    """Adopt the rows of all unrecorded tables of a tenant that has a ledger; return how many."""
    lock(session)  # two processes may open the store at the same time
    tables, count = unrecorded_tables(session), 0
    lines = {table: _lines(table, tables) for table in tables}
    with_others = {line for some in lines.values() for line in some.values()}
    for table in tables:
        if table not in with_others:
            count += _adopt(session, table, lines[table], clock)
    return count


def _lines(table: str, tables: Sequence[str]) -> dict[str, str]:
    """Return the tables of the lines that belong to rows of a table, by the name of the relationship."""
    related = inspect(recorded_models()[table]).relationships
    found = {name: one.mapper.class_.__tablename__ for name, one in related.items() if one.uselist}
    return {name: line for name, line in found.items() if line in tables}


def _adopt(session: TenantSession, table: str, lines: Mapping[str, str], clock: Clock) -> int:
    model, after = recorded_models()[table], None
    counts, told = Counter(dict.fromkeys((table, *lines.values()), 0)), 0
    while rows := repository.rows_after(session, model, after, _BATCH):
        together = [(one, [one, *(line for name in lines for line in getattr(one, name))]) for one in rows]
        append(session, _events(table, together), clock)
        counts.update(row.__tablename__ for _, some in together for row in some)
        after = rows[-1]
        session.expunge_all()  # there may be many
        if counts.total() >= told + _TELL_EVERY:
            told = counts.total()
            _log.warning("the ledger states rows of an earlier version, once: %d of %s so far", told, table)
    for name, count in counts.items():
        append(session, [NewEvent(RECORDED_EVENT, name, {"table": name, "count": count})], clock)
    return counts.total()


def _events(table: str, together: Iterable[tuple[Any, Sequence[Recorded]]]) -> list[NewEvent]:
    """Return the events that state rows.

    What is personal is erased by the thing that an event is about: it has an event of its own, or one for all
    rows about the same thing. Rows without anything personal share one.
    """
    events, plain = [], list[Recorded]()
    for subject, some in groupby(together, key=lambda one: _subject(one[0])):
        rows = [row for _, more in some for row in more]
        if any(says_personal(row) for row in rows):
            events.append(NewEvent(ADOPTED_EVENT, subject, rows=rows, whole=True))
        else:
            plain += rows
    return [*events, NewEvent(ADOPTED_EVENT, table, rows=plain, whole=True)] if plain else events


def _subject(row: Any) -> str:
    keys = key_columns(type(row))
    return str(getattr(row, keys[0]) if keys else row.tenant)
