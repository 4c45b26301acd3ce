"""Queries for exhibits."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select

from bixie.access.sequence import Place, page_after, place_of
from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.vault.models import DocumentFile, DocumentLink, Exhibit, Relation, Role, State

__all__ = [
    "arrived_together",
    "by_content",
    "by_id",
    "count_together",
    "earlier_of_claim",
    "file_of",
    "files_of",
    "first_claim",
    "kept_for",
    "newest_of_claim",
    "newest_of_order",
    "page",
    "quarantined",
    "row_of_file",
    "with_failed_checks",
]


def by_id(session: TenantSession, exhibit_id: str) -> Exhibit | None:
    """Return an exhibit."""
    return session.scalars(select(Exhibit).where(Exhibit.id == exhibit_id)).one_or_none()


def by_content(
    session: TenantSession, party: str, order_number: str, role: Role, sha256: str
) -> Exhibit | None:
    """Return the exhibit of a party's order that has these bytes in this role."""
    wanted = select(Exhibit).where(
        Exhibit.party == party,
        Exhibit.order_number == order_number,
        Exhibit.role == role,
        Exhibit.sha256 == sha256,
    )
    return session.scalars(wanted).one_or_none()


def kept_for(
    session: TenantSession, party: str, order_number: str, roles: Collection[Role], limit: int
) -> Sequence[Exhibit]:
    """Return the kept exhibits of a party's order in some roles, the first received first."""
    # A query for each role: for several, SQLite would read all that the tenant has in these roles.
    found: list[Exhibit] = []
    for role in roles:
        wanted = _of_order(party, order_number, role).where(Exhibit.state == State.KEPT)
        found += session.scalars(wanted.order_by(Exhibit.sequence).limit(limit))
    return sorted(found, key=place_of)[:limit]


def newest_of_claim(session: TenantSession, exhibit: Exhibit) -> Exhibit | None:
    """Return the newest other file of a claim for the same order that was kept."""
    wanted = _of_order(exhibit.party, exhibit.order_number, Role.CLAIM).where(
        Exhibit.arrived_with.is_not(None), Exhibit.id != exhibit.id
    )
    return session.scalars(wanted.order_by(Exhibit.sequence.desc()).limit(1)).one_or_none()


def count_together(session: TenantSession, arrived_with: str) -> int:
    """Return how many files of a claim arrived together."""
    wanted = select(func.count()).select_from(Exhibit).where(Exhibit.arrived_with == arrived_with)
    return session.scalars(wanted).one()


def arrived_together(session: TenantSession, arrived_with: str) -> Sequence[Exhibit]:
    """Return the kept files of a claim that arrived together, in the order they were received."""
    wanted = select(Exhibit).where(Exhibit.arrived_with == arrived_with, Exhibit.state == State.KEPT)
    # Sorted here, as in `kept_for`.
    return sorted(session.scalars(wanted), key=place_of)


def earlier_of_claim(
    session: TenantSession, first: Exhibit, since: datetime, limit: int
) -> Sequence[tuple[Exhibit, bool]]:
    """Return kept files of claims for an order that were received before those of `first`, the newest first.

    Parameters
    ----------
    session : TenantSession
    first : Exhibit
        The first of the files that arrived together.
    since : datetime
    limit : int

    Returns
    -------
    sequence of (Exhibit, bool)
        With whether a report was made about it.
    """
    reported = exists().where(DocumentLink.exhibit_id == Exhibit.id, DocumentLink.relation == Relation.ABOUT)
    wanted = (
        _of_order(first.party, first.order_number, Role.CLAIM)
        .add_columns(reported)
        .where(
            Exhibit.state == State.KEPT,
            Exhibit.sequence < first.sequence,
            Exhibit.arrived_with != first.arrived_with,
            Exhibit.received_at >= since,
        )
    )
    return [
        (one, flag) for one, flag in session.execute(wanted.order_by(Exhibit.sequence.desc()).limit(limit))
    ]


def first_claim(session: TenantSession, party: str, order_number: str) -> int | None:
    """Return the event that received the first file of all claims for an order, erased ones included.

    None if there was none, or if all that was ever kept for the order is erased: then nothing knows it.
    """
    in_order = (Exhibit.party == party, Exhibit.order_number == order_number)
    own = select(func.min(Exhibit.sequence)).where(*in_order, Exhibit.role == Role.CLAIM)
    carried = select(func.min(Exhibit.first_claim)).where(*in_order)
    known = (session.scalars(wanted).one() for wanted in (own, carried))
    return min((one for one in known if one is not None), default=None)


def newest_of_order(session: TenantSession, exhibit: Exhibit, without: Collection[str]) -> Exhibit | None:
    """Return the newest exhibit of the same order that is none of some."""
    wanted = select(Exhibit).where(
        Exhibit.party == exhibit.party,
        Exhibit.order_number == exhibit.order_number,
        Exhibit.id.not_in(without),
    )
    return session.scalars(wanted.order_by(Exhibit.sequence.desc()).limit(1)).one_or_none()


def file_of(session: TenantSession, document_id: str, name: str) -> DocumentFile | None:
    """Return a file of a document."""
    wanted = select(DocumentFile).where(DocumentFile.document_id == document_id, DocumentFile.name == name)
    return session.scalars(wanted).one_or_none()


def files_of(session: TenantSession, document_id: str) -> Sequence[DocumentFile]:
    """Return the files of a document by name."""
    wanted = select(DocumentFile).where(DocumentFile.document_id == document_id)
    return session.scalars(wanted.order_by(DocumentFile.name)).all()


def quarantined(
    session: EveryTenantSession, before: datetime, now: datetime, limit: int
) -> Sequence[tuple[str, str]]:
    """Return tenant and id of some exhibits to check now that were received before a moment.

    In no order: files that cannot be checked do not stand before the others, and each worker takes others.
    """
    found = session.execute(
        select(Exhibit.tenant, Exhibit.id)
        .where(
            Exhibit.state == State.QUARANTINED,
            Exhibit.received_at < before,
            or_(Exhibit.next_check_at.is_(None), Exhibit.next_check_at <= now),
        )
        .order_by(func.random())
        .limit(limit)
    )
    return [(tenant, exhibit_id) for tenant, exhibit_id in found]


def with_failed_checks(session: TenantSession, exhibit_ids: Collection[str]) -> Sequence[Exhibit]:
    """Return those of some exhibits that have failed checks."""
    wanted = select(Exhibit).where(Exhibit.id.in_(exhibit_ids), Exhibit.failed_checks > 0)
    return session.scalars(wanted).all()


def row_of_file(session: EveryTenantSession, tenant: str, sha256: str) -> tuple[str, str] | None:
    """Return table and id of the first row that names a file, None if none does; an erased one does not."""
    exhibit = select(Exhibit.id).where(
        Exhibit.tenant == tenant, Exhibit.sha256 == sha256, Exhibit.state != State.ERASED
    )
    first = session.scalars(exhibit.order_by(Exhibit.id).limit(1)).one_or_none()
    if first is not None:
        return Exhibit.__tablename__, first
    file = (
        select(DocumentFile.document_id)
        .join(Exhibit, Exhibit.id == DocumentFile.document_id)
        .where(DocumentFile.tenant == tenant, DocumentFile.sha256 == sha256, Exhibit.state != State.ERASED)
    )
    document = session.scalars(file.order_by(DocumentFile.document_id).limit(1)).one_or_none()
    return None if document is None else (DocumentFile.__tablename__, document)


def page(
    session: TenantSession,
    after: Place | None,
    limit: int,
    order_number: str | None,
    role: Role | None = None,
    *,
    newest_first: bool = False,
) -> Sequence[Exhibit]:
    """Return the next exhibits in the order they were received; of one order or role if it is given."""
    wanted = select(Exhibit)
    if order_number is not None:
        wanted = wanted.where(Exhibit.order_number == order_number)
    if role is not None:
        wanted = wanted.where(Exhibit.role == role)
    return session.scalars(page_after(wanted, Exhibit, after, limit, newest_first=newest_first)).all()


def _of_order(party: str, order_number: str, role: Role) -> Select[Exhibit]:
    return select(Exhibit).where(
        Exhibit.party == party, Exhibit.order_number == order_number, Exhibit.role == role
    )
