"""The part ``examinations``: claims examined while workers are killed at random, on both databases."""

import argparse
import io
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import select
from tests.services.worker_runs import kill_workers

from bench.load.work import on_each_database
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.examinations.models import Examination
from bixie.imaging.limits import Limits
from bixie.ledger.models import LedgerEvent
from bixie.ledger.verification import verify
from bixie.store.blobs import Blobs, DiskBlobs
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault.checking import check
from bixie.vault.models import Exhibit
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.service import Upload, keep_bytes, receive, stage

__all__ = ["Found", "add_arguments", "examinations", "found_in", "keep_claims", "program"]

_EXAMPLES = Path(__file__).parents[2] / "examples"
_CLERK = Principal("tenant_bench", "program_bench", Role.PROGRAM)
_CLAIMS, _KILLS = 300, 50


@dataclass(frozen=True, slots=True)
class Found:
    """What has become of the claims.

    Parameters
    ----------
    claims : int
    lost, doubled : int
        Claims without a report, and those with more than one, or named more than once by the ledger.
    reports : int
        Exhibits that are reports, whose bytes are what the ledger says.
    events : int
        Of the ledger, which has been verified.
    """

    claims: int
    lost: int
    doubled: int
    reports: int
    events: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``examinations``."""
    parser.add_argument("--claims", type=int, default=_CLAIMS, metavar="COUNT")
    parser.add_argument("--kills", type=int, default=_KILLS, metavar="COUNT")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")


def examinations(options: argparse.Namespace) -> int:
    """Measure and print; 1 when something was lost or doubled, 2 when nothing could be measured."""
    found = on_each_database(options.database, partial(_measure, options))
    if not found:
        return 2
    return 1 if any(one["lost"] or one["doubled"] for one in found.values()) else 0


def _measure(options: argparse.Namespace, store: Store, location: Location) -> dict[str, float]:
    blobs = DiskBlobs(location.folder / "blobs")
    begin = time.perf_counter()
    keep_claims(store, blobs, options.claims)
    kept = time.perf_counter()
    killed = kill_workers(store, location, options.kills, program)
    seconds = {"keep_s": kept - begin, "examine_s": time.perf_counter() - kept}
    return {"kills": killed, **asdict(found_in(store, blobs)), **seconds}


def program(location: Location) -> Sequence[str]:
    """Return the words for ``bixie worker``."""
    url = location.url.render_as_string(hide_password=False)
    return ["bixie", "worker", "--data", str(location.folder), "--url", url]


def keep_claims(store: Store, blobs: Blobs, count: int) -> None:
    """Keep the example's listing and its edited claim for so many orders, each claim a file of its own."""
    listing, claim = ((_EXAMPLES / name).read_bytes() for name in ("listing.jpg", "claim.jpg"))
    for number in range(count):
        _keep(store, blobs, listing, f"order {number}", ExhibitRole.LISTING)
        _keep(store, blobs, _with_comment(claim, number), f"order {number}", ExhibitRole.CLAIM)


def _keep(store: Store, blobs: Blobs, data: bytes, number: str, role: ExhibitRole) -> None:
    limits = Limits()
    upload = Upload(io.BytesIO(data), "photo.jpg", number, role)
    with stage(blobs, upload, limits) as arrived, writing(store, _CLERK) as session:
        keep_bytes(blobs, _CLERK.tenant, arrived)
        exhibit = receive(session, blobs, arrived)
    check(store, _CLERK, blobs, exhibit.id, limits)


def _with_comment(jpeg: bytes, number: int) -> bytes:
    comment = f"{number:08}".encode()
    return jpeg[:2] + b"\xff\xfe" + (2 + len(comment)).to_bytes(2) + comment + jpeg[2:]


def found_in(store: Store, blobs: Blobs, principal: Principal = _CLERK) -> Found:
    """Count what the examinations have left behind, and read every report."""
    with reading(store, principal) as session:
        claims = session.scalars(select(Exhibit.id).where(Exhibit.role == ExhibitRole.CLAIM)).all()
        reports = session.scalars(select(Exhibit).where(Exhibit.role == ExhibitRole.REPORT)).all()
        made = Counter(session.scalars(select(Examination.exhibit_id)))
        recorded = Counter(
            session.scalars(select(LedgerEvent.subject).where(LedgerEvent.type == "exhibit.examined"))
        )
    for report in reports:
        blobs.open(report.tenant, report.sha256).close()
    with reading_every_tenant(store) as session:
        verified = verify(session)
    return Found(
        claims=len(claims),
        lost=sum(min(made[one], recorded[one]) == 0 for one in claims),
        doubled=sum(max(made[one], recorded[one]) > 1 for one in claims),
        reports=len(reports),
        events=verified.events,
    )
