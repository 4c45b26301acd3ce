"""Tells a higher room what has changed in a case, in the transaction that records it.

A store's sessions know the callable that is told (``Store(engine, about={TOLD: …})``), as they know where the
ledger's key is. So whatever changes a case, a request or a job, tells of it, once, and only if it is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bixie.access.tenancy import TenantSession
from bixie.cases.events import CaseEvent
from bixie.cases.models import Case
from bixie.cases.state import CaseState

__all__ = ["TOLD", "CaseChange", "Told", "tell"]

TOLD = "cases.told"
"""Where ``session.info`` has the callable."""


@dataclass(frozen=True, slots=True)
class CaseChange:
    """Events that were recorded together in one case.

    Parameters
    ----------
    case : Case
    before : CaseState or None
        None for a claim that is filed.
    state : CaseState
        After them.
    events : tuple of CaseEvent
    at : datetime
    """

    case: Case
    before: CaseState | None
    state: CaseState
    events: tuple[CaseEvent, ...]
    at: datetime


Told = Callable[[TenantSession, Sequence[CaseChange]], object]


def tell(session: TenantSession, changes: Sequence[CaseChange]) -> None:
    """Tell of changes that are appended to the ledger; a store without a callable tells nobody."""
    told: Told | None = session.info.get(TOLD)
    if told is not None and changes:
        told(session, changes)
