"""Handles the duties of a tenant that are due: several cases a transaction, within savepoints.

The list of cases only narrows the search. Each case is folded from its events under the ledger's lock, and
what these say is due is done. So nothing is done twice, however many sweepers there are and wherever one
ended.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from bixie.access.tenancy import TenantSession, writing
from bixie.access.worker import worker_of
from bixie.cases import repository
from bixie.cases.duties.errors import SweepError
from bixie.cases.duties.handling import handle_due, is_simple
from bixie.cases.models import Case
from bixie.cases.opening import EventBatch, OpenCase, context_at, state_of, states_of
from bixie.cases.packs.lookup import pack_by
from bixie.cases.state import CaseState, DutyState
from bixie.kit.errors import describe_exception
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import lock
from bixie.store.unit_of_work import Store

__all__ = ["Reminded", "Reminding", "sweep_cases"]

_CHUNK = 50
"""Cases; so many are looked up, folded and written together."""
_CHUNKS_SECONDS = 0.1
"""A transaction takes more chunks until then: on SQLite nobody else writes meanwhile."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that is recorded: the side that owes is to be told.

    Parameters
    ----------
    case : Case
    duty : DutyState
    """

    case: Case
    duty: DutyState


Reminding = Callable[[TenantSession, Sequence[Reminded], Clock], object]
"""Tells the sides that owe duties, in the transaction that records the reminders."""


@dataclass(slots=True)
class _Sweep:
    """One pass over cases of a tenant, and those that could not be handled."""

    on_reminded: Reminding
    clock: Clock
    failed: int = 0
    first: str = ""
    reason: str = ""

    def chunk(self, session: TenantSession, case_ids: Sequence[str]) -> None:
        """Handle cases together; where that fails, one by one."""
        cases = repository.due_cases(session, case_ids, self.clock())
        states = _states(session, cases)
        now = self.clock()
        together = [one for one in cases if one.id in states and is_simple(states[one.id], now)]
        try:
            self._together(session, together, states, now)
        except (OperationalError, InterfaceError, InternalError):
            raise  # the database refuses, which is no fault of a case
        except Exception:  # one of them is broken: it is found by itself
            together = []
        done = {one.id for one in together}
        for case_id in case_ids:
            if case_id not in done:
                self._alone(session, case_id)

    def _together(
        self, session: TenantSession, cases: Sequence[Case], states: dict[str, CaseState], now: datetime
    ) -> None:
        if not cases:
            return
        with session.begin_nested(), session.no_autoflush:
            batch = EventBatch(session, [case.id for case in cases], now)
            reminded = []
            for case in cases:
                opened = _opened(session, case, states[case.id], lambda: now, batch)
                reminded += [Reminded(case, duty) for duty in handle_due(opened)]
            batch.append()
            self._tell(session, reminded, lambda: now)

    def _alone(self, session: TenantSession, case_id: str) -> None:
        try:
            with session.begin_nested():
                for case in repository.due_cases(session, [case_id], self.clock()):
                    opened = _opened(session, case, state_of(session, case), self.clock)
                    reminded = [Reminded(case, duty) for duty in handle_due(opened)]
                    self._tell(session, reminded, self.clock)
        except (OperationalError, InterfaceError, InternalError):
            raise
        except Exception as error:  # whatever it is, it is this case's
            self._note(case_id, error)

    def _tell(self, session: TenantSession, reminded: Sequence[Reminded], clock: Clock) -> None:
        if reminded:
            self.on_reminded(session, reminded, clock)

    def _note(self, case_id: str, error: Exception) -> None:
        reason = describe_exception(error)
        _log.warning("what is due in case %s could not be done: %s", case_id, reason)
        if not self.failed:
            self.first, self.reason = case_id, reason
        self.failed += 1


def sweep_cases(
    store: Store, tenant: str, case_ids: Sequence[str], on_reminded: Reminding, clock: Clock = utc_now
) -> None:
    """Handle what is due in cases of a tenant.

    Parameters
    ----------
    store : Store
    tenant : str
    case_ids : sequence of str
        Those that may have something due, the most urgent first.
    on_reminded : callable
    clock : callable

    Raises
    ------
    SweepError
        ``cases.duties_failed`` after all cases, when some could not be handled. Nothing of these was changed.
    StoreError
        When the database refuses.
    """
    sweep = _Sweep(on_reminded, clock)
    waiting = list(dict.fromkeys(case_ids))
    while waiting:
        with writing(store, worker_of(tenant)) as session:
            lock(session)
            until = time.monotonic() + _CHUNKS_SECONDS
            while waiting:
                sweep.chunk(session, waiting[:_CHUNK])
                del waiting[:_CHUNK]
                if time.monotonic() >= until:
                    break
    if sweep.failed:
        raise SweepError("cases.duties_failed", count=sweep.failed, case=sweep.first, reason=sweep.reason)


def _states(session: TenantSession, cases: Sequence[Case]) -> dict[str, CaseState]:
    """Return the states of cases by id; none when one cannot be folded, so that each is folded by itself."""
    try:
        return states_of(session, cases)
    except (OperationalError, InterfaceError, InternalError):
        raise
    except Exception:  # the savepoint of the case that it belongs to will tell
        return {}


def _opened(
    session: TenantSession, case: Case, state: CaseState, clock: Clock, batch: EventBatch | None = None
) -> OpenCase:
    """Return a case to be changed. The ledger is locked since before the state was folded."""
    pack = pack_by(session, state.filed.pack)
    return OpenCase(session, case, state, pack, context_at(pack, clock), batch)
