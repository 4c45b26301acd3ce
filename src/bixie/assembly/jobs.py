"""What a worker does, put together from every domain: the jobs and the periodic tasks."""

import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, reading_every_tenant, writing
from bixie.assembly.stores import blobs_of
from bixie.examinations.jobs import WORKER, examination
from bixie.examinations.models import Examination
from bixie.examinations.service import EXAMINED
from bixie.imaging.limits import Limits
from bixie.jobs.job_types import JobType
from bixie.jobs.periodic import PeriodicTask
from bixie.kit.timestamps import utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.rules import Event
from bixie.ledger.service import checkpoint, stamp
from bixie.ledger.timestamps import Authority
from bixie.notices import repository as notices
from bixie.notices.sending import Channels, send_due
from bixie.notices.service import emit
from bixie.store.blobs import Blobs
from bixie.store.errors import StoreError
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault import repository as vault
from bixie.vault.checking import check
from bixie.vault.retention.erasure import erase_expired
from bixie.vault.uploads.jobs import discard_expired

__all__ = ["job_types", "periodic_tasks"]

_Item = TypeVar("_Item")

_SENDERS = 4
"""Tenants that are served at the same time. A receiver that does not answer holds up its own tenant, and the
next round of the others by some minutes at most."""
_AT_ONCE = 20
_LEFT_ALONE = timedelta(minutes=1)
"""Whoever received a file checks it at once; one that is older was left by a process that ended."""


def job_types(store: Store, location: Location) -> list[JobType]:
    """Return what a worker at this store can do.

    Raises
    ------
    SettingError
        If a limit set by the environment is no number, or the bucket it names cannot be used.
    """
    return [examination(store, blobs_of(location), Limits.from_environment(), told=_tell_of)]


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
        PeriodicTask("vault.check", timedelta(minutes=1), lambda: _check(store, blobs, limits)),
        PeriodicTask("vault.erase", timedelta(hours=1), lambda: _erase(store, blobs)),
        PeriodicTask("vault.uploads", timedelta(minutes=10), lambda: _end_uploads(store, blobs)),
        PeriodicTask("ledger.checkpoint", timedelta(minutes=5), lambda: _checkpoint(store, authority)),
    ]


def _tell_of(session: TenantSession, examination: Examination, event: Event) -> None:
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
        send_due(store, _worker(tenant), channels, random.random, limit=_AT_ONCE)

    with ThreadPoolExecutor(_SENDERS, thread_name_prefix="notices.send") as senders:
        list(senders.map(send, tenants))


def _check(store: Store, blobs: Blobs, limits: Limits) -> None:
    with reading_every_tenant(store) as session:
        left = vault.quarantined(session, utc_now() - _LEFT_ALONE, _AT_ONCE)

    def one(found: tuple[str, str]) -> None:
        tenant, exhibit = found
        check(store, _worker(tenant), blobs, exhibit, limits)

    _each(left, one)


def _erase(store: Store, blobs: Blobs) -> None:
    with reading_every_tenant(store) as session:
        tenants = vault.tenants_with_something_to_erase(session)

    def one(tenant: str) -> None:
        for _ in erase_expired(store, _worker(tenant), blobs):
            pass

    _each(tenants, one)


def _end_uploads(store: Store, blobs: Blobs) -> None:
    while discard_expired(store, blobs, most=_AT_ONCE) == _AT_ONCE:
        pass


def _checkpoint(store: Store, authority: Authority | None) -> None:
    with reading_every_tenant(store) as session:
        tenants, uncovered = ledger.tenants(session), ledger.tenants_uncovered(session)

    def one(tenant: str) -> None:
        with writing(store, _worker(tenant)) as session:
            checkpoint(session)

    _each(uncovered, one)
    if authority is not None:
        # An authority that does not answer is not asked for every tenant in turn.
        for tenant in tenants:
            stamp(store, _worker(tenant), authority)


def _each(items: Iterable[_Item], do: Callable[[_Item], None]) -> None:
    """Do it for each; one whose file is damaged holds up no other. What went wrong is raised at the end."""
    trouble = None
    for item in items:
        try:
            do(item)
        except StoreError as error:
            trouble = error
    if trouble is not None:
        raise trouble


def _worker(tenant: str) -> Principal:
    return Principal(tenant, WORKER, Role.PROGRAM)
