"""What the remedies room refuses, and how an order is not accepted.

::

    BixieError
    ├── RemedyError           what was asked for does not fit how far the remedy is
    │   └── NoSuchRemedyError no such remedy, or it is another's
    └── AttemptError
        └── GatewayError      the gateway did not accept an order: now, or ever
"""

from bixie.jobs.errors import AttemptError
from bixie.kit.errors import BixieError

__all__ = ["GatewayError", "NoSuchRemedyError", "RemedyError"]


class RemedyError(BixieError):
    """What was asked for does not fit how far the remedy is."""

    package = "bixie.remedies"
    status = 409


class NoSuchRemedyError(RemedyError):
    """It does not exist, or belongs to another tenant or party: both look the same."""

    status = 404


class GatewayError(AttemptError):
    """The gateway did not accept an order. See `bixie.jobs.errors.AttemptError` for the parameters."""

    package = "bixie.remedies"
    status = 502
