"""Queries of reconciliation."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import aliased

from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.jobs.models import Job
from bixie.vault.models import DocumentFile, DocumentLink, Exhibit, MissingFile, Relation, Role, State
from bixie.vault.uploads.models import UploadPart

__all__ = [
    "add_missing",
    "delete_missing",
    "erased_beside",
    "files_of_parts",
    "files_of_rows",
    "missing",
    "reported",
    "tenants",
    "unexamined",
]


def tenants(session: EveryTenantSession) -> Sequence[str]:
    """Return the tenants that have exhibits."""
    return session.scalars(select(Exhibit.tenant).distinct().order_by(Exhibit.tenant)).all()


def files_of_rows(session: TenantSession) -> set[bytes]:
    """Return the SHA-256 of every file of the tenant that a row names; erased exhibits name none."""
    exhibits = select(Exhibit.sha256).where(Exhibit.state != State.ERASED)
    documents = (
        select(DocumentFile.sha256)
        .join(Exhibit, Exhibit.id == DocumentFile.document_id)
        .where(Exhibit.state != State.ERASED)
    )
    # As bytes: a large store has millions.
    named = {bytes.fromhex(one) for one in session.scalars(exhibits.execution_options(yield_per=1000))}
    return named | {bytes.fromhex(one) for one in session.scalars(documents)}


def files_of_parts(session: EveryTenantSession) -> set[str]:
    """Return the SHA-256 of the parts of all uploads."""
    return set(session.scalars(select(UploadPart.sha256)))


def unexamined(
    session: EveryTenantSession, kind: str, before: datetime, limit: int
) -> Sequence[tuple[str, str]]:
    """Return tenant and key of claims' files that were kept and have neither a job nor a report.

    Parameters
    ----------
    session : EveryTenantSession
    kind : str
        Of the job.
    before : datetime
        Only files that were received earlier.
    limit : int
    """
    key = func.coalesce(Exhibit.arrived_with, Exhibit.id)
    reported = exists().where(
        DocumentLink.tenant == Exhibit.tenant,
        DocumentLink.exhibit_id == Exhibit.id,
        DocumentLink.relation == Relation.ABOUT,
    )
    wanted = select(Exhibit.tenant, key).where(
        Exhibit.role == Role.CLAIM,
        Exhibit.state == State.KEPT,
        Exhibit.received_at < before,
        ~reported,
        ~_has_job(kind, key),
    )
    return [(tenant, one) for tenant, one in session.execute(wanted.distinct().order_by(key).limit(limit))]


def reported(session: TenantSession, ids: Collection[str]) -> dict[str, bool]:
    """Return those of some exhibits that a report is or was about, with whether one is not erased."""
    wanted = (
        select(DocumentLink.exhibit_id, Exhibit.state)
        .join(Exhibit, Exhibit.id == DocumentLink.document_id)
        .where(DocumentLink.exhibit_id.in_(ids), DocumentLink.relation == Relation.ABOUT)
    )
    found: dict[str, bool] = {}
    for one, state in session.execute(wanted):
        found[one] = found.get(one, False) or state != State.ERASED
    return found


def erased_beside(session: TenantSession, ids: Collection[str]) -> dict[str, set[str]]:
    """Return, by exhibit, the erased exhibits that its reports were about or showed as well."""
    other = aliased(DocumentLink)
    wanted = (
        select(DocumentLink.exhibit_id, other.exhibit_id)
        .join(other, other.document_id == DocumentLink.document_id)
        .join(Exhibit, Exhibit.id == other.exhibit_id)
        .where(
            DocumentLink.exhibit_id.in_(ids),
            DocumentLink.relation == Relation.ABOUT,
            Exhibit.state == State.ERASED,
        )
    )
    found: dict[str, set[str]] = {}
    for one, erased in session.execute(wanted):
        found.setdefault(one, set()).add(erased)
    return found


def missing(session: TenantSession, sha256: Collection[str] | None = None) -> set[str]:
    """Return the files that reconciliation found missing, of some if they are given."""
    wanted = select(MissingFile.sha256)
    if sha256 is not None:
        wanted = wanted.where(MissingFile.sha256.in_(sha256))
    return set(session.scalars(wanted))


def add_missing(session: TenantSession, sha256: Collection[str], at: datetime) -> None:
    """Note that files are missing."""
    tenant = session.principal.tenant
    session.add_all(MissingFile(tenant=tenant, sha256=one, noticed_at=at) for one in sorted(sha256))


def delete_missing(session: TenantSession, sha256: Collection[str]) -> None:
    """Note that files are there again, or that no row names them any more."""
    session.execute(delete(MissingFile).where(MissingFile.sha256.in_(sha256)))


def _has_job(kind: str, key: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(Job.tenant == Exhibit.tenant, Job.kind == kind, Job.key == key)
