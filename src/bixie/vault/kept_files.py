"""Reads every kept file that rows name, and compares its bytes with the hash. The ledger holds the rows."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from bixie.access.tenancy import EveryTenantSession
from bixie.kit.progress import Progress, no_progress
from bixie.ledger.errors import BrokenLedger
from bixie.ledger.verifying_rows import FILE_DAMAGED, FILE_MISSING
from bixie.store.blobs import Blobs
from bixie.store.errors import StoreError
from bixie.vault import repository

__all__ = ["FilesVerified", "verify_files"]

_MAX_NAMED = 20
_FINDINGS = {"store.file_missing": FILE_MISSING, "store.file_damaged": FILE_DAMAGED}


@dataclass(slots=True)
class FilesVerified:
    """Counts of what was read.

    Parameters
    ----------
    files, size : int
        Files that have their hash, and their bytes together.
    unnamed : int
        Files that no row names; no fault. An upload that was broken off leaves such a file.
    some_unnamed : list of (str, str)
        Tenant and SHA-256 of the first of them.
    """

    files: int = 0
    size: int = 0
    unnamed: int = 0
    some_unnamed: list[tuple[str, str]] = field(default_factory=list)


def verify_files(
    asking: Callable[[], AbstractContextManager[EveryTenantSession]],
    blobs: Blobs,
    named: Collection[tuple[str, str]],
    progress: Progress = no_progress,
) -> FilesVerified:
    """Read all kept files, in no transaction: it may take hours.

    Parameters
    ----------
    asking : callable
        Opens a session, to ask about a file that is missing or damaged: its exhibit may be erased meanwhile.
    blobs : Blobs
    named : collection of (str, str)
        Tenant and SHA-256 of each file that a row names.
    progress : Progress
        Called after each file.

    Raises
    ------
    BrokenLedger
        ``ledger.file_missing`` or ``ledger.file_damaged``.
    StoreError
        When the disk or the service refuses.
    """
    found = FilesVerified()
    for done, (tenant, sha256) in enumerate(sorted(named), 1):
        try:
            with blobs.open(tenant, sha256) as file:
                found.size += file.seek(0, 2)
        except StoreError as error:
            if error.code not in _FINDINGS:
                raise
            broken = _broken(asking, _FINDINGS[error.code], tenant, sha256)
            if broken is not None:
                raise broken from error
        else:
            found.files += 1
        progress(done, len(named))
    for tenant, sha256 in blobs.all():
        if (tenant, sha256) not in named:
            found.unnamed += 1
            if found.unnamed <= _MAX_NAMED:
                found.some_unnamed.append((tenant, sha256))
    return found


def _broken(
    asking: Callable[[], AbstractContextManager[EveryTenantSession]], code: str, tenant: str, sha256: str
) -> BrokenLedger | None:
    with asking() as session:
        row = repository.row_of_file(session, tenant, sha256)
    if row is None:
        return None
    table, id_ = row
    return BrokenLedger(code, tenant=tenant, sequence=0, table=table, id=id_, sha256=sha256)
