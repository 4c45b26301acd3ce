"""The job of examining the files of a claim that arrived together."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from bixie.access.tenancy import TenantSession, writing
from bixie.access.worker import worker_of
from bixie.examinations.isolation import FileCutOffError, examine_isolated
from bixie.examinations.models import Examination
from bixie.examinations.service import fetch, keep
from bixie.imaging.limits import Limits
from bixie.jobs.job_types import JobContext, JobType
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.rules import Event
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault.checking import count_cut_off, forget_cut_offs
from bixie.vault.claims import EXAMINATION
from bixie.vault.documents import store_document
from bixie.vault.errors import VaultError

__all__ = ["OnExamined", "examination"]

OnExamined = Callable[[TenantSession, Examination, Event], None]
"""Is called with an examination and its event, in the same transaction."""


def examination(
    store: Store,
    blobs: Blobs,
    limits: Limits,
    clock: Clock = utc_now,
    on_examined: OnExamined = lambda *_: None,
    *,
    examined_by: str | None = None,
) -> JobType:
    """Return the type of job that examines the files of a claim.

    Parameters
    ----------
    store : Store
    blobs : Blobs
    limits : Limits
        On files.
    clock : callable
    on_examined : callable
    examined_by : str, optional
        Name of the shop or desk, for the reports.
    """

    def opening(context: JobContext) -> AbstractContextManager[TenantSession]:
        return writing(store, worker_of(context.tenant))

    def handle(context: JobContext) -> Callable[[TenantSession], None]:
        # Each try records the access to the files before it opens them.
        with opening(context) as session:
            task = fetch(session, context.payload["exhibit"], clock, examined_by=examined_by)
        try:
            finished = examine_isolated(task, partial(blobs.open, context.tenant), limits)
        except FileCutOffError as error:
            if error.file_id is not None:
                with opening(context) as session:
                    count_cut_off(session, error.file_id)
            raise
        stored = store_document(blobs, context.tenant, finished.document, finished.files)

        def effect(session: TenantSession) -> None:
            opened = [one.id for one in task.files if one.set_aside is None]
            opened += [one.id for one in task.known if one.set_aside is None]
            forget_cut_offs(session, opened)
            on_examined(session, *keep(session, blobs, task, finished, stored, clock=clock))

        return effect

    return JobType(EXAMINATION, handle, opening, permanent_errors=(VaultError,))
