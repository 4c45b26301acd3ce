"""What goes wrong with jobs.

::

    BixieError
    └── WorkError             there is no such job, or it did not end well
"""

from bixie.kit.errors import BixieError

__all__ = ["WorkError"]


class WorkError(BixieError):
    """A job cannot be had, or did not end well."""

    package = "bixie.jobs"
    status = 404
