"""Adopts the rows of a store from before their tables were recorded: events state them as they stand.

The first event of every tenant names the tables whose rows the ledger states from the beginning. Where a
later version records another table, its rows are adopted once, when that version first opens the store.
"""

from bixie.access.tenancy import TenantSession
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger import repository
from bixie.ledger.recorded import key_columns, recorded_models
from bixie.ledger.rules import ADOPTED_EVENT, RECORDED_EVENT, event_from_body
from bixie.ledger.service import NewEvent, append, lock

__all__ = ["adopt", "unrecorded_tables"]

_BATCH = 200


def unrecorded_tables(session: TenantSession) -> list[str]:
    """Return the recorded tables whose rows the tenant's ledger does not state yet."""
    first = repository.event_at(session, 1)
    models = recorded_models()
    missing = models.keys() - set(event_from_body(first.body).data.get("recorded", []) if first else models)
    return sorted(missing - repository.tables_adopted(session, missing)) if missing else []


def adopt(session: TenantSession, clock: Clock = utc_now) -> int:
    """Adopt the rows of all unrecorded tables of a tenant that has a ledger; return how many."""
    lock(session)  # two processes may open the store at the same time
    return sum(_adopt(session, table, clock) for table in unrecorded_tables(session))


def _adopt(session: TenantSession, table: str, clock: Clock) -> int:
    model, count, after = recorded_models()[table], 0, None
    while rows := repository.rows_after(session, model, after, _BATCH):
        # One event for each row: what is personal is erased by the thing that an event is about.
        events = [NewEvent(ADOPTED_EVENT, _subject(row), rows=(row,), whole=True) for row in rows]
        append(session, events, clock)
        count, after = count + len(rows), rows[-1]
        session.expunge_all()  # there may be many
    data = {"table": table, "count": count}
    append(session, [NewEvent(RECORDED_EVENT, table, data)], clock)
    return count


def _subject(row: object) -> str:
    keys = key_columns(type(row))
    return str(getattr(row, keys[0]) if keys else row.tenant)  # type: ignore[attr-defined]
