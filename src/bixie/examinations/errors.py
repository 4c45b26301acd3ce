"""What examinations refuse.

::

    BixieError
    └── ExaminationError      there is no report about that exhibit
"""

from bixie.kit.errors import BixieError

__all__ = ["ExaminationError"]


class ExaminationError(BixieError):
    """There is no such report."""

    package = "bixie.examinations"
    status = 404
