"""The error of the sweeper."""

from bixie.kit.errors import BixieError

__all__ = ["SweepError"]


class SweepError(BixieError):
    """Some cases could not be handled; the others were."""

    package = "bixie.cases.duties"
    status = 500
