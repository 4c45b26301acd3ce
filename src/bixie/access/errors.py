"""What a request is refused before its room sees it.

::

    BixieError
    └── AccessError           an invalid cursor or Idempotency-Key
        ├── UnknownCallerError  the request has no key
        ├── NotAllowedError     the principal may not do this
        ├── NoSuchPartyError    the tenant has no such merchant
        └── ReusedKeyError      an Idempotency-Key was used for another request
"""

from bixie.kit.errors import BixieError

__all__ = ["AccessError", "NoSuchPartyError", "NotAllowedError", "ReusedKeyError", "UnknownCallerError"]


class AccessError(BixieError):
    """Something about the request itself is invalid."""

    package = "bixie.access"
    status = 422


class UnknownCallerError(AccessError):
    """The request has no key."""

    status = 401


class NotAllowedError(AccessError):
    """The principal may not do this."""

    status = 403


class NoSuchPartyError(AccessError):
    """The tenant has no such merchant, or the caller belongs to another."""

    status = 404


class ReusedKeyError(AccessError):
    """The same Idempotency-Key was used for another request."""

    status = 409
