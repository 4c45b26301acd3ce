"""Queries for the ledger. Sequences count from 1, positions in the Merkle tree from 0."""

# Long because it is a list of short queries, all of one set of tables.

from collections.abc import Collection, Generator, Mapping, Sequence
from itertools import count, takewhile
from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, exists, func, or_, select, tuple_, type_coerce, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import NullType

from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.kit.canonical_json import Json, decode_canonical
from bixie.ledger.models import (
    LedgerCheckpoint,
    LedgerEvent,
    LedgerHead,
    LedgerNode,
    LedgerPersonal,
    LedgerSignature,
    LedgerStamp,
)
from bixie.ledger.recorded import Recorded, key_columns, read_row, stated_columns
from bixie.ledger.rules import (
    GENESIS,
    KEY_EVENT,
    MAX_BODY_BYTES,
    OWN_EVENTS,
    RECORDED_EVENT,
    event_from_body,
)

__all__ = [
    "bodies",
    "checkpoint_covering",
    "checkpoints_after",
    "count_all",
    "delete_personal",
    "event_at",
    "events_about",
    "events_about_any",
    "events_after",
    "has_news",
    "has_two_heads",
    "hashes",
    "head_of",
    "kept_hashes",
    "key_bodies",
    "last_about",
    "last_size",
    "latest_checkpoint",
    "locked_head",
    "newest_hashes",
    "page",
    "personal_between",
    "personal_named",
    "personal_of",
    "personal_of_any",
    "personal_values",
    "responses",
    "rows_after",
    "rows_of",
    "signature_of",
    "signed_by",
    "stamps_of",
    "tables_adopted",
    "tenants",
    "tenants_begun",
    "tenants_of_rows",
    "tenants_uncovered",
    "unstamped",
]


def locked_head(session: TenantSession) -> LedgerHead:
    """Return the tenant's head, created if missing, locked until the transaction ends."""
    wanted = select(LedgerHead).with_for_update().execution_options(populate_existing=True)
    head = session.scalars(wanted).one_or_none()
    if head is not None:
        return head
    try:
        with session.begin_nested():
            session.add(LedgerHead(tenant=session.principal.tenant, size=0, hash=GENESIS))
    except IntegrityError:
        pass  # a concurrent transaction has created and committed it
    return session.scalars(wanted).one()


def event_at(session: TenantSession, sequence: int) -> LedgerEvent | None:
    """Return one event."""
    return session.scalars(select(LedgerEvent).where(LedgerEvent.sequence == sequence)).one_or_none()


def events_about(session: TenantSession, subject: str) -> list[LedgerEvent]:
    """Return the events about a subject, oldest first."""
    about = select(LedgerEvent).where(LedgerEvent.subject == subject).order_by(LedgerEvent.sequence)
    return list(session.scalars(about))


def last_about(session: TenantSession, subject: str) -> int:
    """Return the sequence of the last event about a subject; 0 without one."""
    wanted = select(func.max(LedgerEvent.sequence)).where(LedgerEvent.subject == subject)
    return session.scalar(wanted) or 0


def events_about_any(
    session: TenantSession, subjects: Collection[str], kinds: Collection[str] | None = None
) -> Sequence[Row[str, str]]:
    """Return subject and body of the events about some subjects, oldest first; of some types if given."""
    if not subjects:
        return []  # SQLite would go through all events to find none
    about = select(LedgerEvent.subject, LedgerEvent.body).where(LedgerEvent.subject.in_(subjects))
    if kinds is not None:
        about = about.where(_of_type(*kinds))
    return session.execute(about.order_by(LedgerEvent.sequence)).all()


def newest_hashes(session: TenantSession, subjects: Collection[str]) -> dict[str, str]:
    """Return the hash of the newest event about each subject: it stands for all events before it."""
    newest = select(func.max(LedgerEvent.sequence)).where(LedgerEvent.subject.in_(subjects))
    sequences = session.scalars(newest.group_by(LedgerEvent.subject)).all()
    found = select(LedgerEvent.subject, LedgerEvent.hash).where(LedgerEvent.sequence.in_(sequences))
    return {row.subject: row.hash for row in session.execute(found)}


def bodies_about(
    session: EveryTenantSession, tenant: str, subjects: Collection[str]
) -> Sequence[Row[str, str]]:
    """Return subject and body of a tenant's events about some subjects, one subject after the other."""
    wanted = select(LedgerEvent.subject, LedgerEvent.body)
    wanted = wanted.where(LedgerEvent.tenant == tenant, LedgerEvent.subject.in_(subjects))
    return session.execute(wanted.order_by(LedgerEvent.subject, LedgerEvent.sequence)).all()


def page(
    session: TenantSession,
    after: int,
    limit: int,
    subject: str | None,
    kind: str | None,
    *,
    before: int | None = None,
) -> Sequence[LedgerEvent]:
    """Return the events after one of them, oldest first; of one subject or type if given.

    With `before`, those between the two, newest first.
    """
    wanted = select(LedgerEvent).where(LedgerEvent.sequence > after)
    if subject is not None:
        wanted = wanted.where(LedgerEvent.subject == subject)
    if kind is not None:
        wanted = wanted.where(LedgerEvent.type == kind if subject is None else _of_type(kind))
    if before is None:
        return session.scalars(wanted.order_by(LedgerEvent.sequence).limit(limit)).all()
    wanted = wanted.where(LedgerEvent.sequence < before).order_by(LedgerEvent.sequence.desc())
    return session.scalars(wanted.limit(limit)).all()


def personal_of(session: TenantSession, sequence: int) -> list[LedgerPersonal]:
    """Return the personal data of an event that were not erased."""
    return list(session.scalars(select(LedgerPersonal).where(LedgerPersonal.sequence == sequence)))


def personal_of_any(session: TenantSession, sequences: Collection[int]) -> Sequence[LedgerPersonal]:
    """Return the personal data of some events that were not erased."""
    if not sequences:
        return []
    return session.scalars(select(LedgerPersonal).where(LedgerPersonal.sequence.in_(sequences))).all()


def personal_named(session: TenantSession, sequences: Collection[int], name: str) -> dict[int, Json]:
    """Return one personal value of each of these events, of which it was not erased."""
    wanted = select(LedgerPersonal.sequence, LedgerPersonal.value).where(
        LedgerPersonal.sequence.in_(sequences), LedgerPersonal.name == name
    )
    return {sequence: decode_canonical(value) for sequence, value in session.execute(wanted)}


def delete_personal(session: TenantSession, sequence: int, names: Sequence[str]) -> None:
    """Delete salts and values."""
    session.execute(
        delete(LedgerPersonal).where(LedgerPersonal.sequence == sequence, LedgerPersonal.name.in_(names))
    )


def latest_checkpoint(session: TenantSession) -> LedgerCheckpoint | None:
    """Return the newest checkpoint."""
    return session.scalars(
        select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
    ).one_or_none()


def checkpoint_covering(session: TenantSession, sequence: int) -> LedgerCheckpoint | None:
    """Return the newest checkpoint that covers an event; prefer one with a stamp."""
    stamped = select(LedgerStamp.size).scalar_subquery()
    return session.scalars(
        select(LedgerCheckpoint)
        .where(LedgerCheckpoint.size >= sequence)
        .order_by(LedgerCheckpoint.size.in_(stamped).desc(), LedgerCheckpoint.size.desc())
        .limit(1)
    ).one_or_none()


def unstamped(session: TenantSession, authority: str) -> LedgerCheckpoint | None:
    """Return the newest checkpoint, unless that authority has stamped it."""
    newest = latest_checkpoint(session)
    if newest is None or any(one.authority == authority for one in stamps_of(session, newest.size)):
        return None
    return newest


def stamps_of(session: TenantSession, size: int) -> list[LedgerStamp]:
    """Return the stamps of a checkpoint."""
    return list(
        session.scalars(select(LedgerStamp).where(LedgerStamp.size == size).order_by(LedgerStamp.authority))
    )


def hashes(session: TenantSession, level: int, first: int, past: int) -> list[bytes]:
    """Return stored hashes of one level of the Merkle tree, up to the first gap.

    Parameters
    ----------
    session : TenantSession
    level : int
        0 for the hashes of the events themselves, which are the tree's entries.
    first, past : int
        Positions; fewer hashes come back where the level ends earlier.

    Raises
    ------
    ValueError
        For what is no hash.
    """
    tenant = session.principal.tenant
    rows = kept_hashes(session, tenant, level, first, past) if level else _entries(session, first, past)
    wanted = count(first)
    return [bytes.fromhex(hash_) for _, hash_ in takewhile(lambda row: row[0] == next(wanted), rows)]


def kept_hashes(
    session: TenantSession | EveryTenantSession, tenant: str, level: int, first: int, past: int
) -> Sequence[Row[int, str]]:
    """Return position and hash of the stored part of one level of a tenant's Merkle tree, in order."""
    wanted = select(LedgerNode.position, LedgerNode.hash).where(
        LedgerNode.tenant == tenant,
        LedgerNode.level == level,
        LedgerNode.position >= first,
        LedgerNode.position < past,
    )
    return session.execute(wanted.order_by(LedgerNode.position)).all()


def tenants(session: EveryTenantSession) -> list[str]:
    """Return every tenant that has anything in the ledger."""
    everywhere = union(*(select(model.tenant) for model in (LedgerEvent, LedgerHead, LedgerCheckpoint)))
    return sorted(session.scalars(everywhere), key=str)


def tenants_uncovered(session: EveryTenantSession, *, signing: bool = False) -> list[str]:
    """Return the tenants with events that no checkpoint covers, other than those about checkpoints.

    Parameters
    ----------
    session : EveryTenantSession
    signing : bool
        Whether a tenant whose last checkpoint is not signed counts too.
    """
    covered = (
        select(LedgerCheckpoint.tenant, func.max(LedgerCheckpoint.size).label("size"))
        .group_by(LedgerCheckpoint.tenant)
        .subquery()
    )
    wanted = select(LedgerHead.tenant).outerjoin(covered, covered.c.tenant == LedgerHead.tenant)
    never = covered.c.size.is_(None) & (LedgerHead.size > 0)
    news = exists().where(
        LedgerEvent.tenant == LedgerHead.tenant,
        LedgerEvent.sequence > covered.c.size,
        LedgerEvent.type.not_in(OWN_EVENTS),
    )
    unsigned = ~exists().where(
        LedgerSignature.tenant == LedgerHead.tenant, LedgerSignature.size == covered.c.size
    )
    due = or_(never, news, unsigned) if signing else or_(never, news)
    return sorted(session.scalars(wanted.where(due)))


def has_news(session: TenantSession, covered: int) -> bool:
    """Return whether anything but checkpoints and stamps has happened after so many events."""
    news = select(LedgerEvent.sequence).where(
        LedgerEvent.sequence > covered, LedgerEvent.type.not_in(OWN_EVENTS)
    )
    return session.scalar(news.limit(1)) is not None


def key_bodies(session: TenantSession | EveryTenantSession, tenant: str) -> Sequence[str]:
    """Return the bodies of the events that name the keys of a tenant's ledger, oldest first."""
    about = select(LedgerEvent.body).where(
        LedgerEvent.tenant == tenant, LedgerEvent.subject == tenant, LedgerEvent.type == KEY_EVENT
    )
    return session.scalars(about.order_by(LedgerEvent.sequence)).all()


def count_all(session: EveryTenantSession) -> int:
    """Return how many events there are, of all tenants and of none."""
    return session.scalar(select(func.count()).select_from(LedgerEvent)) or 0


def head_of(session: EveryTenantSession, tenant: str) -> Row[int, str] | None:
    """Return size and hash of a tenant's head."""
    return session.execute(
        select(LedgerHead.size, LedgerHead.hash).where(LedgerHead.tenant == tenant)
    ).first()


def has_two_heads(session: EveryTenantSession, tenant: str) -> bool:
    """Return whether a tenant has more heads than one, which only a rebuilt table can hold."""
    heads = select(func.count()).select_from(LedgerHead).where(LedgerHead.tenant == tenant)
    return (session.scalar(heads) or 0) > 1


def events_after(
    session: EveryTenantSession, tenant: str, after: Any, limit: int
) -> Sequence[Row[int, str, str, str, str]]:
    """Return sequence, type, subject, hash and body of a tenant's next events.

    A body that is longer than any of Bixie's is left out, so that no row can take the memory of who verifies.

    Parameters
    ----------
    session : EveryTenantSession
    tenant : str
    after : int or None
        The last sequence that was had; None for the beginning, wherever that is.
    limit : int
        Most events.
    """
    body = case((func.length(LedgerEvent.body) <= MAX_BODY_BYTES, LedgerEvent.body))
    wanted = select(
        LedgerEvent.sequence, LedgerEvent.type, LedgerEvent.subject, LedgerEvent.hash, body
    ).where(LedgerEvent.tenant == tenant)
    if after is not None:
        wanted = wanted.where(LedgerEvent.sequence > after)
    return session.execute(wanted.order_by(LedgerEvent.sequence).limit(limit)).all()


def bodies(session: EveryTenantSession, tenant: str, subject: str, kind: str) -> Sequence[str]:
    """Return the bodies of the events of one type about a thing."""
    about = select(LedgerEvent.body).where(LedgerEvent.tenant == tenant, LedgerEvent.subject == subject)
    return session.scalars(about.where(_of_type(kind))).all()


def personal_between(
    session: EveryTenantSession, tenant: str, first: int, last: int
) -> Sequence[Row[int, str, str, str]]:
    """Return sequence, name, salt and value of the personal data of a run of events."""
    wanted = select(
        LedgerPersonal.sequence, LedgerPersonal.name, LedgerPersonal.salt, LedgerPersonal.value
    ).where(LedgerPersonal.tenant == tenant)
    return session.execute(
        wanted.where(LedgerPersonal.sequence >= first, LedgerPersonal.sequence <= last)
    ).all()


def checkpoints_after(
    session: EveryTenantSession, tenant: str, after: Any, limit: int
) -> Sequence[Row[int, str, str]]:
    """Return size, root and body of a tenant's next checkpoints; `after` as for `events_after`."""
    wanted = select(LedgerCheckpoint.size, LedgerCheckpoint.root, LedgerCheckpoint.body).where(
        LedgerCheckpoint.tenant == tenant
    )
    if after is not None:
        wanted = wanted.where(LedgerCheckpoint.size > after)
    return session.execute(wanted.order_by(LedgerCheckpoint.size).limit(limit)).all()


def signature_of(session: TenantSession | EveryTenantSession, tenant: str, size: int) -> Row[str, str] | None:
    """Return signer and signature of a checkpoint."""
    wanted = select(LedgerSignature.signer, LedgerSignature.signature)
    return session.execute(
        wanted.where(LedgerSignature.tenant == tenant, LedgerSignature.size == size)
    ).first()


def signed_by(session: TenantSession, checkpoint: LedgerCheckpoint) -> tuple[str, str] | None:
    """Return public key and signature of a checkpoint, both in base 64."""
    row = signature_of(session, checkpoint.tenant, checkpoint.size)
    if row is None:
        return None
    public = {
        data.get("key"): data.get("public")
        for data in (event_from_body(body).data for body in key_bodies(session, checkpoint.tenant))
    }
    return (str(public.get(row.signer)), row.signature)


def last_size(session: EveryTenantSession, tenant: str) -> int:
    """Return the size of a tenant's last checkpoint, 0 without one."""
    size = session.scalar(select(func.max(LedgerCheckpoint.size)).where(LedgerCheckpoint.tenant == tenant))
    return size if type(size) is int else 0


def responses(session: EveryTenantSession, tenant: str, size: int) -> Sequence[Row[str, bytes]]:
    """Return authority and response of the stamps of a checkpoint."""
    wanted = select(LedgerStamp.authority, LedgerStamp.response)
    return session.execute(wanted.where(LedgerStamp.tenant == tenant, LedgerStamp.size == size)).all()


def rows_of(
    session: EveryTenantSession, model: type[Any], tenant: str, size: int
) -> Generator[list[Mapping[str, Any]], None, None]:
    """Yield the recorded rows of a tenant in batches, by key, with values as statements have them.

    The caller closes the generator, and with it the cursor.
    """
    keys = key_columns(model)
    columns = [getattr(model, name) for name in dict.fromkeys((*keys, *stated_columns(model)))]
    # As they are stored: a value that was tampered with may be none of its column's type.
    wanted = select(*(type_coerce(column, NullType()).label(column.key) for column in columns))
    wanted = wanted.where(model.tenant == tenant).order_by(*(getattr(model, name) for name in keys))
    with session.execute(wanted, execution_options={"yield_per": size}) as found:
        for rows in found.mappings().partitions():
            yield [read_row(model, dict(row)) for row in rows]


def tenants_of_rows(session: EveryTenantSession, model: type[Any]) -> list[Any]:
    """Return the tenants that have rows in a table."""
    return list(session.scalars(select(type_coerce(model.tenant, NullType())).distinct()))


def personal_values(
    session: EveryTenantSession, tenant: str, sequences: Collection[int]
) -> Sequence[Row[int, str, str]]:
    """Return sequence, name and value (canonical JSON) of the personal data of some events."""
    wanted = select(LedgerPersonal.sequence, LedgerPersonal.name, LedgerPersonal.value)
    wanted = wanted.where(LedgerPersonal.tenant == tenant, LedgerPersonal.sequence.in_(sequences))
    return session.execute(wanted).all()


def tenants_begun(session: EveryTenantSession) -> list[str]:
    """Return the tenants that have events, without looking at the events."""
    return sorted(session.scalars(select(LedgerHead.tenant).where(LedgerHead.size > 0)))


def tables_adopted(session: TenantSession, tables: Collection[str]) -> set[str]:
    """Return the tables among some whose rows of the tenant were adopted."""
    wanted = select(LedgerEvent.subject).where(LedgerEvent.subject.in_(tables), _of_type(RECORDED_EVENT))
    return set(session.scalars(wanted))


def rows_after(session: TenantSession, model: type[Recorded], after: Any, limit: int) -> Sequence[Any]:
    """Return the tenant's next rows of a recorded table by key; `after` is a row, None for the beginning."""
    keys = [getattr(model, name) for name in key_columns(model)]
    wanted = select(model)
    if after is not None and not keys:
        return []  # a tenant has one row
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple_(*(getattr(after, column.key) for column in keys)))
    return session.scalars(wanted.order_by(*keys).limit(limit)).all()


def _of_type(*kinds: str) -> ColumnElement[bool]:
    """Return the condition on the events about known subjects, which are few.

    Where it could use the index of types, SQLite would read all events of the type.
    """
    return LedgerEvent.type.concat("").in_(kinds)


def _entries(session: TenantSession, first: int, past: int) -> Sequence[Row[int, str]]:
    """Return position and hash of events: position 0 is sequence 1."""
    wanted = select(LedgerEvent.sequence - 1, LedgerEvent.hash)
    wanted = wanted.where(LedgerEvent.sequence > first, LedgerEvent.sequence <= past)
    return session.execute(wanted.order_by(LedgerEvent.sequence)).all()
