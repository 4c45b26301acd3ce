"""Collects what a worker does from every domain: job types and periodic tasks."""

from bixie.access import jobs as access
from bixie.access.tenancy import TenantSession
from bixie.assembly.foldings import FOLDINGS
from bixie.assembly.remedies import emit_ordered, remedy_gateway
from bixie.assembly.stores import blobs_of
from bixie.assembly.witnesses import witnesses_named
from bixie.cases import jobs as cases
from bixie.cases.effects import after_examination
from bixie.examinations.jobs import examination
from bixie.examinations.models import Examination
from bixie.examinations.service import EXAMINED
from bixie.imaging.limits import Limits
from bixie.jobs.job_types import JobType
from bixie.jobs.periodic import PeriodicTask
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger import jobs as ledger
from bixie.ledger.rules import Event
from bixie.ledger.timestamps import named_authorities
from bixie.notices import jobs as notices
from bixie.notices.reminders import remind_of_duties
from bixie.notices.sending import Channels
from bixie.notices.service import emit
from bixie.remedies import jobs as remedies
from bixie.report.record import examined_by_setting
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault import jobs as vault
from bixie.vault.claims import examination_delay
from bixie.vault.reconciliation import jobs as reconciliation
from bixie.vault.retention import jobs as retention
from bixie.vault.uploads import jobs as uploads

__all__ = ["job_types", "periodic_tasks"]


def job_types(store: Store, location: Location, clock: Clock = utc_now) -> list[JobType]:
    """Return the job types that a worker at this store can do.

    Parameters
    ----------
    store : Store
    location : Location
    clock : callable
        What the jobs go by that happen inside a case.

    Raises
    ------
    SettingError
        If a limit set by the environment is no number, or the bucket, mail server or a gateway it configures
        cannot be used.
    """
    return [
        examination(
            store,
            blobs_of(location),
            Limits.from_environment(),
            clock,
            on_examined=_on_examined,
            examined_by=examined_by_setting(),
        ),
        *ledger.job_types(store, FOLDINGS, authorities=named_authorities()),
        *remedies.job_types(store, remedy_gateway(location), emit_ordered, clock),
        *notices.job_types(store, Channels.from_environment()),
    ]


def periodic_tasks(store: Store, location: Location) -> list[PeriodicTask]:
    """Return what a worker at this store repeats.

    Raises
    ------
    SettingError
        If a limit set by the environment is no number, or a timestamp authority or a witness that it
        names cannot be used.
    """
    blobs, limits = blobs_of(location), Limits.from_environment()
    examination_delay()  # a wrong setting is refused now, not when the first photo is checked
    authorities = named_authorities()
    return [
        *vault.periodic_tasks(store, blobs, limits),
        *retention.periodic_tasks(store, blobs),
        *uploads.periodic_tasks(store, blobs),
        *reconciliation.periodic_tasks(store, blobs),
        *cases.periodic_tasks(store, remind_of_duties),
        *access.periodic_tasks(store),
        *ledger.periodic_tasks(store, authorities, witnesses_named(), FOLDINGS),
    ]


def _on_examined(session: TenantSession, examination: Examination, event: Event) -> None:
    """Tell programs of a report, and let follow what it leads to in cases."""
    emit(
        session,
        EXAMINED,
        {
            "exhibit": examination.exhibit_id,
            "exhibits": list(examination.exhibits),
            "report": examination.id,
            "verdict": examination.verdict,
            "sequence": event.sequence,
        },
        parties=[examination.party],
    )
    after_examination(session, examination)
