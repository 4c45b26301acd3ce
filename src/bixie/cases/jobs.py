"""Periodic task of cases: finds the duties that are due, and has each case handled."""

from collections.abc import Iterator
from datetime import timedelta

from bixie.access.tenancy import reading_every_tenant
from bixie.cases import repository
from bixie.cases.duties.steadiness import Steadiness
from bixie.cases.duties.sweeper import Reminding, sweep_cases
from bixie.jobs.periodic import PeriodicTask, for_each
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.errors import StoreError
from bixie.store.unit_of_work import Store

__all__ = ["periodic_tasks", "sweep_duties"]

_EVERY = timedelta(seconds=10)
_PAGE = 500


def periodic_tasks(store: Store, on_reminded: Reminding, clock: Clock = utc_now) -> list[PeriodicTask]:
    """Return the periodic tasks of cases.

    Parameters
    ----------
    store : Store
    on_reminded : callable
        Tells the sides that owe duties, in the transaction that records the reminders.
    clock : callable
    """
    steadiness = Steadiness(clock)

    def sweep() -> None:
        if steadiness.is_trusted():
            sweep_duties(store, on_reminded, clock)

    return [PeriodicTask("cases.duties", _EVERY, sweep)]


def sweep_duties(store: Store, on_reminded: Reminding, clock: Clock = utc_now, *, page: int = _PAGE) -> None:
    """Handle all duties of all tenants that are due by now.

    Parameters
    ----------
    store : Store
    on_reminded : callable
    clock : callable
    page : int
        Duties that are looked up together.

    Raises
    ------
    SweepError
        ``cases.duties_failed`` after all others, when cases could not be handled.
    StoreError
        When the database refuses.
    """
    for_each(
        _due(store, clock, page),
        lambda due: sweep_cases(store, due[0], due[1], on_reminded, clock),
        stops=lambda error: isinstance(error, StoreError),
    )


def _due(store: Store, clock: Clock, size: int) -> Iterator[tuple[str, list[str]]]:
    """Yield tenants with the cases that have duties due, the most urgent first, in groups."""
    before = clock()
    after: repository.DueDuty | None = None
    while True:
        with reading_every_tenant(store) as session:
            page = repository.due(session, before, after, size)
        by_tenant: dict[str, list[str]] = {}
        for duty in page:
            by_tenant.setdefault(duty.tenant, []).append(duty.case_id)
        yield from by_tenant.items()
        if len(page) < size:
            return
        after = page[-1]  # cases that cannot be handled stay due, and hold up no other
