"""What periodic tasks have counted, for the operator: written by workers, shown by services."""

from sqlalchemy.orm import Session

from bixie.jobs.models import TaskCount
from bixie.kit.timestamps import Clock
from bixie.store.unit_of_work import Store

__all__ = ["BACKUP", "add_count", "set_count"]

BACKUP = "backup_rows"
"""Rows of the last backup; when it was counted is when the backup was finished."""


def set_count(store: Store, name: str, count: int, clock: Clock) -> None:
    """Write down how many a task has found this time.

    Parameters
    ----------
    store : Store
    name : str
        ``files_missing``; stable, it is the label of a metric.
    count : int
    clock : callable
    """
    with store.writing(Session) as session:
        session.merge(TaskCount(name=name, count=count, counted_at=clock()))


def add_count(store: Store, name: str, count: int, clock: Clock) -> None:
    """Add how many a task has mended this time to those before."""
    with store.writing(Session) as session:
        row = session.get(TaskCount, name, with_for_update=True)
        before = 0 if row is None else row.count
        session.merge(TaskCount(name=name, count=before + count, counted_at=clock()))
