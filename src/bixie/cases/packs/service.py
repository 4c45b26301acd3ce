"""Adds drafts of policy packs, publishes and retires them. A published body never changes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bixie.access.tenancy import TenantSession
from bixie.cases.packs import repository
from bixie.cases.packs.errors import NoSuchPackError, PackRefusedError, PackStateError
from bixie.cases.packs.lookup import pack_of_row
from bixie.cases.packs.models import PolicyPack
from bixie.cases.packs.vocabulary import vocabulary_of_claims
from bixie.kit.calendar import CHINA
from bixie.kit.canonical_json import decode_canonical
from bixie.kit.ids import is_id, new_id
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, lock
from bixie.policies import Pack, PackError, PolicyError, builtin_packs, parse_pack
from bixie.policies.loading import check_pack

__all__ = ["add_draft", "faults_of", "found", "publish", "retire"]

_FILE = "pack"
"""What faults call the document of a request."""


def add_draft(session: TenantSession, text: bytes, clock: Clock = utc_now) -> PolicyPack:
    """Add a version of a pack as a draft. Its shape must be right; the rest is checked when it is published.

    Parameters
    ----------
    session : TenantSession
    text : bytes
        YAML or JSON.
    clock : callable

    Raises
    ------
    PackError
        What `bixie.policies.parse_pack` raises.
    PackRefusedError
        ``packs.id_reserved``; as a `PackStateError` ``packs.version_taken``.
    """
    pack = parse_pack(text, _FILE)
    if pack.id in {one.id for one in builtin_packs()}:
        raise PackRefusedError("packs.id_reserved", pack=pack.id)
    lock(session)
    if repository.with_version(session, pack.id, pack.version) is not None:
        raise PackStateError("packs.version_taken", pack=pack.id, version=pack.version)
    now = clock()
    row = PolicyPack(
        id=new_id("policy", lambda: now),
        tenant=session.principal.tenant,
        pack=pack.id,
        version=pack.version,
        sha256=pack.sha256,
        body=decode_canonical(pack.canonical),
        state="draft",
        effective_from=None,
        effective_to=None,
        added_by=session.principal.id,
        added_at=now,
        published_by=None,
        published_at=None,
        retired_by=None,
        retired_at=None,
    )
    session.add(row)
    _record(session, "policy.drafted", [row], now, {})
    return row


def faults_of(text: bytes) -> tuple[PolicyError, ...]:
    """Return what stands against publishing the pack that a document describes; none: nothing does."""
    try:
        check_pack(text, _FILE, vocabulary_of_claims())
    except PackError as error:
        return error.faults
    return ()


def publish(session: TenantSession, row_id: str, clock: Clock = utc_now) -> PolicyPack:
    """Publish a draft. Earlier versions of the pack end the day before it begins.

    Raises
    ------
    NoSuchPackError
        ``packs.no_such_pack``.
    PackStateError
        ``packs.not_a_draft``, ``packs.older_version``.
    PackRefusedError
        ``packs.in_the_past``, ``packs.ends_before``.
    PackError
        Naming all faults, if the whole check does not pass.
    """
    lock(session)
    row = found(session, row_id)
    if row.state != "draft":
        raise PackStateError("packs.not_a_draft", state=row.state)
    faults = faults_of(pack_of_row(row).canonical)
    if faults:
        raise PackError(_FILE, faults)
    now = clock()
    start, end = _days(pack_of_row(row), now.astimezone(CHINA).date())
    earlier = repository.published_versions(session, row.pack)
    newer = [one.version for one in earlier if one.version > row.version]
    if newer:
        raise PackStateError("packs.older_version", pack=row.pack, newer=max(newer))
    ended = _supersede(earlier, start)
    row.state, row.effective_from, row.effective_to = "published", start.isoformat(), end
    row.published_by, row.published_at = session.principal.id, now
    data = {"from": row.effective_from, "to": row.effective_to}
    _record(session, "policy.published", [row, *ended], now, data)
    return row


def retire(session: TenantSession, row_id: str, clock: Clock = utc_now) -> PolicyPack:
    """Retire a pack: no claim that is filed from now on is heard by it. Cases that are, go on with it.

    Raises
    ------
    NoSuchPackError
        ``packs.no_such_pack``.
    PackStateError
        ``packs.not_published`` for one that is retired.
    """
    lock(session)
    row = found(session, row_id)
    if row.state == "retired":
        raise PackStateError("packs.not_published")
    now = clock()
    row.state, row.retired_by, row.retired_at = "retired", session.principal.id, now
    _record(session, "policy.retired", [row], now, {})
    return row


def found(session: TenantSession, row_id: str) -> PolicyPack:
    """Return a pack by the id of its row.

    Raises
    ------
    NoSuchPackError
        ``packs.no_such_pack``.
    """
    row = repository.by_id(session, row_id) if is_id("policy", row_id) else None
    if row is None:
        raise NoSuchPackError("packs.no_such_pack")
    return row


def _days(pack: Pack, today: date) -> tuple[date, str | None]:
    start, end = pack.effective_from or today, pack.effective_to
    if start < today:
        raise PackRefusedError("packs.in_the_past", day=start.isoformat(), today=today.isoformat())
    if end is not None and end < start:
        raise PackRefusedError("packs.ends_before", start=start.isoformat(), end=end.isoformat())
    return start, None if end is None else end.isoformat()


def _supersede(earlier: Sequence[PolicyPack], start: date) -> list[PolicyPack]:
    """End earlier versions the day before a new one begins; one that had yet to begin never does."""
    last = (start - timedelta(days=1)).isoformat()
    changed = []
    for row in earlier:
        if row.effective_to is None or row.effective_to > last:
            row.effective_to = last
            changed.append(row)
    return changed


def _record(
    session: TenantSession, event: str, rows: Sequence[PolicyPack], now: datetime, more: Mapping[str, Any]
) -> None:
    """Append the event of the first row, which states all of them."""
    row = rows[0]
    data = {"pack": row.pack, "version": row.version, "sha256": row.sha256, **more}
    append(session, [NewEvent(event, row.id, data, rows=rows)], lambda: now)
