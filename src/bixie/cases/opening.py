"""A case opened for one change: folded from its events under the ledger's lock, and written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.duty_rules import Context, next_sweep
from bixie.cases.errors import NoSuchCaseError
from bixie.cases.events import EVENTS, CaseEvent, event_of
from bixie.cases.folding import apply, fold
from bixie.cases.models import Case, CaseExhibit, CaseMessage, CaseOffer, Duty
from bixie.cases.packs.lookup import pack_by
from bixie.cases.state import CaseState, Dated, DutyState
from bixie.cases.telling import CaseChange, tell
from bixie.kit.canonical_json import Json
from bixie.kit.due_time import Calendar
from bixie.kit.ids import new_id
from bixie.kit.timestamps import Clock, format_timestamp, parse_timestamp, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.recorded import Recorded
from bixie.ledger.rules import event_from_body
from bixie.ledger.service import NewEvent, append, lock
from bixie.policies.pack import Pack

__all__ = [
    "EventBatch",
    "OpenCase",
    "context_at",
    "dated",
    "events_of",
    "found",
    "open_case",
    "state_of",
    "states_of",
]


_Row = TypeVar("_Row", CaseExhibit, CaseMessage)


class EventBatch:
    """Events of several cases that are appended together, with their rows looked up once.

    Parameters
    ----------
    session : TenantSession
        Its ledger is locked.
    case_ids : sequence of str
    now : datetime
        The time of the events.
    """

    def __init__(self, session: TenantSession, case_ids: Sequence[str], now: datetime) -> None:
        self._session, self.now, self._case_ids = session, now, case_ids
        self._events: list[NewEvent] = []
        self._last: dict[str, int] = {}
        self._first = ledger.locked_head(session).size + 1
        self._changes: list[CaseChange] = []
        self._duties: dict[str, list[Duty]] = {}
        for row in repository.duties_of(session, case_ids):
            self._duties.setdefault(row.case_id, []).append(row)

    @property
    def next(self) -> int:
        """Number of the next event."""
        return self._first + len(self._events)

    def duties_of(self, case_id: str) -> Sequence[Duty]:
        """Return the rows of a case's duties."""
        return self._duties.get(case_id, ())

    def add_duty(self, row: Duty) -> None:
        """Take in the row of a new duty."""
        self._duties.setdefault(row.case_id, []).append(row)

    @cached_property
    def links(self) -> dict[str, list[CaseExhibit]]:
        """The files of evidence of these cases, by case."""
        return _by_case(repository.exhibits_of_cases(self._session, self._case_ids))

    @cached_property
    def messages(self) -> dict[str, list[CaseMessage]]:
        """The threads of these cases, by case."""
        return _by_case(repository.messages_of_cases(self._session, self._case_ids))

    def add(self, events: Sequence[NewEvent], change: CaseChange) -> None:
        """Take in events of a case, in order. The last one states all its rows, as they are in the end."""
        *others, last = events
        case_id = change.case.id
        before = self._last.get(case_id)
        if before is not None:
            former = self._events[before]
            self._events[before] = replace(former, rows=())
            last = replace(last, rows=list({id(row): row for row in (*former.rows, *last.rows)}.values()))
        self._events += [*others, last]
        self._last[case_id] = len(self._events) - 1
        self._changes.append(change)

    def append(self) -> None:
        """Append all of them, and tell of the changes."""
        if self._events:
            append(self._session, self._events, lambda: self.now)
            tell(self._session, self._changes)


@dataclass(slots=True)
class OpenCase:
    """A case while it is changed.

    Parameters
    ----------
    session : TenantSession
        Its ledger is locked: nobody else changes the case before this transaction ends.
    row : Case
    state : CaseState
    pack : Pack
    context : Context
    batch : EventBatch, optional
        Takes the events, to append them with those of other cases.
    skipped : list of str
        Files that were to be added and are there already.
    """

    session: TenantSession
    row: Case
    state: CaseState
    pack: Pack
    context: Context
    batch: EventBatch | None = None
    skipped: list[str] = field(default_factory=list)

    def record(
        self,
        events: Sequence[CaseEvent],
        rows: Iterable[Recorded] = (),
        personal: Mapping[str, Json] | None = None,
    ) -> None:
        """Append events, and bring the rows of the case to the state that they lead to.

        Parameters
        ----------
        events : sequence of CaseEvent
            From the rules, in order. Nothing happens without one.
        rows : iterable of Recorded
            What else was added or changed with them.
        personal : mapping, optional
            Personal data of the last event.
        """
        if not events:
            return
        now = self.context.now
        first = self.batch.next if self.batch else ledger.locked_head(self.session).size + 1
        before = state = self.state if self.row.sequence else None
        for number, event in enumerate(events, first):
            state = apply(state, Dated(number, now, event))
        assert state is not None
        self.state = state
        changed = [*_projected(self, state), *rows]
        *others, last = [NewEvent(one.type, self.row.id, one.data()) for one in events]
        stating = NewEvent(last.type, last.subject, last.data, personal or {}, rows=changed)
        change = CaseChange(self.row, before, self.state, tuple(events), now)
        if self.batch:
            self.batch.add([*others, stating], change)
        else:
            append(self.session, [*others, stating], lambda: now)
            tell(self.session, [change])


def _by_case(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def open_case(session: TenantSession, case_id: str, clock: Clock = utc_now) -> OpenCase:
    """Open a case to change it.

    Raises
    ------
    NoSuchCaseError
        ``cases.no_such_case``.
    """
    lock(session)
    # Read anew: what this session read before it had the lock may have changed meanwhile.
    row = found(session, case_id, anew=True)
    state = state_of(session, row)
    pack = pack_by(session, state.filed.pack)
    return OpenCase(session, row, state, pack, context_at(pack, clock))


def found(session: TenantSession, case_id: str, *, anew: bool = False) -> Case:
    """Return a case of the session; `anew`: as it is in the database now, if the session read it before.

    Raises
    ------
    NoSuchCaseError
        ``cases.no_such_case``.
    """
    row = repository.by_id(session, case_id, anew=anew)
    if row is None:
        raise NoSuchCaseError("cases.no_such_case")
    return row


def context_at(pack: Pack, clock: Clock) -> Context:
    """Return what rules need besides the state, at the time that a clock shows."""
    # To the millisecond, as events have it: what is folded again is the same.
    now = parse_timestamp(format_timestamp(clock()))
    return Context(now, pack.terms, Calendar.china(), lambda kind: new_id(kind, lambda: now))


def state_of(session: TenantSession, case: Case) -> CaseState:
    """Return the state of a case, folded from its events."""
    return fold(events_of(session, case.id))


def states_of(session: TenantSession, cases: Sequence[Case]) -> dict[str, CaseState]:
    """Return the states of several cases by id, in one query."""
    found: dict[str, list[Dated]] = {case.id: [] for case in cases}
    for row in ledger.events_about_any(session, list(found), EVENTS):
        one = dated(row.body)
        if one is not None:
            found[row.subject].append(one)
    return {case_id: fold(events) for case_id, events in found.items()}


def events_of(session: TenantSession, case_id: str) -> list[Dated]:
    """Return the events that change a case, the oldest first."""
    bodies = (row.body for row in ledger.events_about_any(session, [case_id], EVENTS))
    return [one for one in map(dated, bodies) if one is not None]


def dated(body: str) -> Dated | None:
    """Return an event of the ledger with its time; None for one that does not change a case."""
    happened = event_from_body(body)
    event = event_of(happened.type, happened.data)
    return None if event is None else Dated(happened.sequence, parse_timestamp(happened.time), event)


def _projected(opened: OpenCase, state: CaseState) -> list[Recorded]:
    """Bring the rows of a case to a state; return those that may have changed."""
    session, case = opened.session, opened.row
    next_due = state.deadline
    case.status, case.stage = str(state.status), str(state.stage)
    case.amount_minor = state.amount_minor
    case.waiting_for = None if next_due is None else str(next_due.owner)
    case.deadline_at = None if next_due is None else next_due.due_at
    return [case, *_duties(opened, state), *_offers(session, case, state)]


def _duties(opened: OpenCase, state: CaseState) -> Iterator[Duty]:
    session, case = opened.session, opened.row
    batch = opened.batch
    rows = batch.duties_of(case.id) if batch else repository.duties_of(session, [case.id])
    there = {row.id: row for row in rows}
    for duty in state.duties.values():
        row = there.get(duty.id)
        if row is None:
            row = _new_duty(session, case, duty)
            session.add(row)
            if batch:
                batch.add_duty(row)
        elif row.closed_at is not None:
            continue
        row.due_at, row.paused_at, row.sweep_at = duty.due_at, duty.paused_at, next_sweep(duty)
        row.closed_at, row.closed_how = duty.closed_at, duty.closed_how
        yield row


def _new_duty(session: TenantSession, case: Case, duty: DutyState) -> Duty:
    return Duty(
        id=duty.id,
        tenant=session.principal.tenant,
        case_id=case.id,
        kind=str(duty.kind),
        owner=str(duty.owner),
        opened_at=duty.opened_at,
        on_timeout=str(duty.on_timeout),
    )


def _offers(session: TenantSession, case: Case, state: CaseState) -> Iterator[CaseOffer]:
    if not state.offers:
        return
    there = {row.id: row for row in repository.offers_of(session, case.id)}
    for offer in state.offers.values():
        row = there.get(offer.id)
        if row is None:
            row = CaseOffer(
                id=offer.id,
                tenant=session.principal.tenant,
                case_id=case.id,
                side=str(offer.by),
                outcome=offer.outcome.model_dump(mode="json", exclude_none=True),
                made_at=offer.made_at,
            )
            session.add(row)
        elif row.answer is not None:
            continue
        row.answer = offer.answer
        yield row
