"""How the service is, for the administrators of a tenant: worker, queue, ledger, backup, disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from bixie.access.tenancy import EveryTenantSession, reading
from bixie.jobs import repository as jobs
from bixie.jobs.heartbeat import Workers, workers
from bixie.jobs.models import State
from bixie.jobs.task_counts import BACKUP
from bixie.kit.messages import Text
from bixie.kit.timestamps import parse_timestamp
from bixie.ledger import repository as ledger
from bixie.ledger.daily import EVERY, last_verification
from bixie.ledger.models import LedgerHandover
from bixie.ledger.rules import checkpoint_from_body
from bixie.ledger.witnesses.repository import handovers
from bixie.store.blobs import DiskSpace
from bixie.web.visits import Visit

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["CheckpointState", "StoreState", "VerificationState", "state_of"]

_LITTLE_SPACE = 0.1
"""Less free than this share of the disk is worth a warning."""
_OLD_BACKUP = timedelta(days=8)
_OLD_VERIFICATION = 2 * EVERY


@dataclass(frozen=True, slots=True)
class CheckpointState:
    """The newest checkpoint of the tenant's ledger."""

    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class VerificationState:
    """The last verification of the store.

    Parameters
    ----------
    at : datetime
    fault : Text or None
        What does not hold in this tenant's ledger.
    elsewhere : bool
        Whether something does not hold in the ledger of another tenant.
    """

    at: datetime
    fault: Text | None
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class StoreState:
    """How the service is.

    Parameters
    ----------
    now : datetime
    workers : Workers
    waiting, dead : int
        Jobs of the tenant that wait, and that were given up.
    oldest : datetime or None
        When the first waiting job was due.
    checkpoint : CheckpointState or None
    verification : VerificationState or None
    witnesses : sequence of LedgerHandover
    backup_at : datetime or None
        When ``bixie backup`` last finished.
    disk : DiskSpace or None
        None where files lie in a bucket.
    """

    now: datetime
    workers: Workers
    waiting: int
    dead: int
    oldest: datetime | None
    checkpoint: CheckpointState | None
    verification: VerificationState | None
    witnesses: Sequence[LedgerHandover]
    backup_at: datetime | None
    disk: DiskSpace | None

    @property
    def warnings(self) -> list[str]:
        """What needs somebody: keys of sentences, the most urgent first."""
        found = {
            "no_worker": not self.workers.alive,
            "fault": self.verification is not None
            and (self.verification.fault is not None or self.verification.elsewhere),
            "dead": bool(self.dead),
            "witness": any(one.failed_at is not None for one in self.witnesses),
            "disk": self.disk is not None and self.disk.free < _LITTLE_SPACE * self.disk.total,
            "backup": self.backup_at is None or self.now - self.backup_at > _OLD_BACKUP,
            "unverified": self.verification is None or self.now - self.verification.at > _OLD_VERIFICATION,
        }
        return [key for key, holds in found.items() if holds]


def state_of(visit: Visit) -> StoreState:
    """Return how the service is, as the tenant of a visit may know it."""
    services, tenant = visit.services, visit.principal.tenant
    now = services.clock()
    with services.store.reading(Session) as session:
        counts, seen = jobs.counts(session, tenant), workers(session, now)
        backup = jobs.task_count(session, BACKUP)
    with services.store.reading(EveryTenantSession) as session:
        verified = last_verification(session)
    with reading(services.store, visit.principal) as session:
        newest, witnesses = ledger.latest_checkpoint(session), handovers(session)
    waiting = [one for one in counts if one.state == State.WAITING]
    return StoreState(
        now=now,
        workers=seen,
        waiting=sum(one.count for one in waiting),
        dead=sum(one.count for one in counts if one.state == State.DEAD),
        oldest=min((one.due_since for one in waiting), default=None),
        checkpoint=None if newest is None else _checkpoint(newest.size, newest.body),
        verification=None if verified is None else _verification(verified.at, verified.fault, tenant),
        witnesses=witnesses,
        backup_at=None if backup is None else backup.counted_at,
        disk=services.blobs.disk(),
    )


def _checkpoint(size: int, body: str) -> CheckpointState:
    return CheckpointState(size, parse_timestamp(checkpoint_from_body(body).time))


def _verification(at: datetime, fault: "dict[str, Json] | None", tenant: str) -> VerificationState:
    if fault is None:
        return VerificationState(at, None, elsewhere=False)
    if fault.get("tenant") != tenant:
        return VerificationState(at, None, elsewhere=True)
    return VerificationState(at, Text(str(fault["en"]), str(fault["zh"])), elsewhere=False)
