"""Collects what a worker does from every domain: job types and periodic tasks."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bixie.access.tenancy import TenantSession, reading_every_tenant
from bixie.access.worker import worker_of
from bixie.assembly.stores import blobs_of
from bixie.examinations.jobs import examination
from bixie.examinations.models import Examination
from bixie.examinations.service import EXAMINED
from bixie.imaging.limits import Limits
from bixie.jobs.job_types import JobType
from bixie.jobs.periodic import PeriodicTask
from bixie.kit.timestamps import utc_now
from bixie.ledger import jobs as ledger
from bixie.ledger.rules import Event
from bixie.ledger.timestamps import Authority
from bixie.notices import repository as notices
from bixie.notices.sending import Channels, send_due
from bixie.notices.service import emit
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault import jobs as vault
from bixie.vault.retention import jobs as retention
from bixie.vault.uploads import jobs as uploads

__all__ = ["job_types", "periodic_tasks"]

_SENDERS = 4
"""Tenants that are served at the same time. A receiver that does not answer holds up its own tenant, and the
next round of the others by some minutes at most."""
_AT_ONCE = 20


def job_types(store: Store, location: Location) -> list[JobType]:
    """Return what a worker at this store can do.

    Raises
    ------
    SettingError
        If a limit set by the environment is no number, or the bucket it names cannot be used.
    """
    return [examination(store, blobs_of(location), Limits.from_environment(), on_examined=_emit_examined)]


def periodic_tasks(store: Store, location: Location) -> list[PeriodicTask]:
    """Return what a worker at this store does again and again.

    Raises
    ------
    SettingError
        If a mail server, gateway or authority that the environment names cannot be used.
    """
    blobs, limits = blobs_of(location), Limits.from_environment()
    channels, authority = Channels.from_environment(), Authority.from_environment()
    return [
        PeriodicTask("notices.send", timedelta(seconds=2), lambda: _send(store, channels)),
        *vault.periodic_tasks(store, blobs, limits),
        *retention.periodic_tasks(store, blobs),
        *uploads.periodic_tasks(store, blobs),
        *ledger.periodic_tasks(store, authority),
    ]


def _emit_examined(session: TenantSession, examination: Examination, event: Event) -> None:
    emit(
        session,
        EXAMINED,
        {
            "exhibit": examination.exhibit_id,
            "report": examination.id,
            "verdict": examination.verdict,
            "sequence": event.sequence,
        },
        parties=[examination.party],
    )


def _send(store: Store, channels: Channels) -> None:
    with reading_every_tenant(store) as session:
        tenants = notices.tenants_with_due(session, channels.named, utc_now())

    def send(tenant: str) -> None:
        send_due(store, worker_of(tenant), channels, random.random, limit=_AT_ONCE)

    with ThreadPoolExecutor(_SENDERS, thread_name_prefix="notices.send") as senders:
        list(senders.map(send, tenants))
