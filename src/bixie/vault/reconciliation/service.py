"""Holds the files of a tenant against its rows.

A file that no row names is counted and never removed: the rows of a database that was restored from an older
backup are missing in just that way, and the file may be evidence.
"""

from dataclasses import dataclass
from datetime import timedelta

from bixie.access.tenancy import TenantSession, reading, writing
from bixie.access.worker import worker_of
from bixie.kit.timestamps import Clock
from bixie.ledger.service import lock
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault.reconciliation import repository

__all__ = ["MIN_FILE_AGE", "FileCounts", "reconcile_tenant"]

MIN_FILE_AGE = timedelta(days=1)
"""Bytes are stored before their row, and a row is written within minutes; a day leaves room for clocks."""
_AT_ONCE = 500
"""Files in one statement; databases limit its parameters."""


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What does not fit together.

    Parameters
    ----------
    missing : int
        Files that rows name and that are not there.
    unnamed : int
        Files of tenants that no row names.
    """

    missing: int
    unnamed: int


def reconcile_tenant(store: Store, blobs: Blobs, tenant: str, clock: Clock) -> FileCounts:
    """Note which files of a tenant are missing, and count those and the ones that no row names.

    Raises
    ------
    StoreError
        When the disk, the service or the database refuses.
    """
    # The rows first: the bytes of each were stored before it.
    with reading(store, worker_of(tenant)) as session:
        named, noted = repository.files_of_rows(session), repository.missing(session)
    there: set[bytes] = set()
    unnamed, before = 0, clock() - MIN_FILE_AGE
    for one in blobs.listed(tenant):
        sha256 = bytes.fromhex(one.sha256)
        there.add(sha256)
        unnamed += sha256 not in named and one.written_at < before
    # Erasing removes a row's claim before the file: what is gone now may have been erased meanwhile.
    suspects = {one.hex() for one in named - there}
    gone = {one for one in suspects if not blobs.holds(tenant, one)} if suspects else suspects
    if gone != noted:
        with writing(store, worker_of(tenant)) as session:
            lock(session)
            still = {one.hex() for one in repository.files_of_rows(session)} if gone else set()
            gone, noted = gone & still, repository.missing(session)
            _note(session, gone, noted, clock)
    return FileCounts(len(gone), unnamed)


def _note(session: TenantSession, gone: set[str], noted: set[str], clock: Clock) -> None:
    back = sorted(noted - gone)
    for first in range(0, len(back), _AT_ONCE):
        repository.delete_missing(session, back[first : first + _AT_ONCE])
    repository.add_missing(session, gone - noted, clock())
