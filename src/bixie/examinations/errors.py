"""What examinations refuse.

::

    BixieError
    ├── ExaminationError      there is no report about that exhibit
    └── ChangedError          a file was erased while it was examined
"""

from bixie.kit.errors import BixieError

__all__ = ["ChangedError", "ExaminationError"]


class ExaminationError(BixieError):
    """There is no such report."""

    package = "bixie.examinations"
    status = 404


class ChangedError(BixieError):
    """A file was erased while it was examined: what is left is examined again."""

    package = "bixie.examinations"
    status = 409
