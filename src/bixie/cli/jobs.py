"""The jobs of every domain, put together for a worker."""

from bixie.cli.stores import blobs_of
from bixie.examinations.jobs import examination
from bixie.imaging.limits import Limits
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.work.kinds import Kind

__all__ = ["job_kinds"]


def job_kinds(store: Store, location: Location) -> list[Kind]:
    """Return what a worker at this store can do.

    Raises
    ------
    SettingError
        If a limit set by the environment is no number, or the bucket it names cannot be used.
    """
    return [examination(store, blobs_of(location), Limits.from_environment())]
