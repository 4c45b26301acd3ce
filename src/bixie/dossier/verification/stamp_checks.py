"""Time stamps over manifest and checkpoint, and whether all times fit together."""

from base64 import b64decode
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cryptography.x509 import Certificate

from bixie.dossier.errors import PackageFaultError
from bixie.dossier.package.contents import EVENTS, PROOFS, STAMPS
from bixie.dossier.package.manifest import MANIFEST, MAX_MANIFEST
from bixie.dossier.package.seal import MAX_TOKEN
from bixie.dossier.verification.checks import Check, fault, passed, refused, unchecked
from bixie.dossier.verification.opened import Opened, StampedAt
from bixie.kit.timestamps import format_timestamp, parse_timestamp
from bixie.ledger.errors import LedgerError
from bixie.ledger.timestamps import check, stamped_at

__all__ = ["TOLERANCE", "clock", "timestamps"]

TOLERANCE = timedelta(minutes=10)
"""By which the clocks of a service, of an authority and of the reader may differ."""


def timestamps(opened: Opened, roots: Sequence[Certificate]) -> Check:
    """Check every time stamp; without trusted roots only that each belongs to what it is said to stamp."""
    try:
        opened.stamped += _stamped(opened, tuple(roots))
    except PackageFaultError as found:
        return refused("timestamps", found)
    except (AttributeError, KeyError, TypeError, ValueError):
        return fault("timestamps", "unreadable_stamps", STAMPS)
    if not opened.stamped:
        return unchecked("timestamps", "no_stamps")
    if not roots:
        return unchecked("timestamps", "stamps", count=len(opened.stamped))
    first = min(one.time for one in opened.stamped)
    return passed("timestamps", count=len(opened.stamped), time=format_timestamp(first))


def _stamped(opened: Opened, roots: tuple[Certificate, ...]) -> Iterator[StampedAt]:
    for where, response, message, made in _tokens(opened):
        if len(response) > MAX_TOKEN:
            raise PackageFaultError("package.member_too_large", where, limit=MAX_TOKEN)
        try:
            time = check(response, message, roots) if roots else stamped_at(response, message)
        except LedgerError as error:
            raise PackageFaultError("package.token", where, reason=error.values["reason"]) from error
        yield StampedAt(where, time, made)


def clock(opened: Opened, now: datetime) -> Check:
    """Check that nothing was made before what it holds, stamped before it was made, or made in the future."""
    try:
        for where, earlier, later in _order_of_times(opened, now):
            if earlier > later + TOLERANCE:
                times = {"earlier": format_timestamp(earlier), "later": format_timestamp(later)}
                return fault("clock", "clock", where, **times)
    except ValueError:
        return fault("clock", "unreadable_time", MANIFEST)
    return passed("clock")


def _tokens(opened: Opened) -> Iterator[tuple[str, bytes, bytes, datetime]]:
    """Yield place and data of each stamp, what it stamps, and when that says it was made."""
    manifest = opened.read(MANIFEST, MAX_MANIFEST)
    for token in opened.seal.tokens:
        data = opened.read(token.path, MAX_TOKEN)
        yield token.path, data, manifest, parse_timestamp(opened.manifest.created_at)
    stamped = opened.document(PROOFS)["checkpoint"].encode()
    made = opened.checkpoint
    if made is not None:
        for one in opened.document(STAMPS, list):
            yield STAMPS, b64decode(one["response"], validate=True), stamped, parse_timestamp(made.time)


def _order_of_times(opened: Opened, now: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    created = parse_timestamp(opened.manifest.created_at)
    yield MANIFEST, created, now
    if opened.checkpoint is not None:
        covered = parse_timestamp(opened.checkpoint.time)
        yield PROOFS, covered, created
        for sequence, event in opened.events.items():
            yield f"{EVENTS}:{sequence}", parse_timestamp(event.time), covered
    for one in opened.stamped:
        yield one.where, one.after, one.time
        yield one.where, one.time, now
