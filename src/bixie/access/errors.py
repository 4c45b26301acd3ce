"""What a call is refused before its room has looked at it.

::

    BixieError
    └── AccessError           a cursor or an Idempotency-Key that cannot be
        ├── UnknownCallerError  nobody has shown who asks
        ├── NotAllowedError     the principal may not do this
        ├── NoSuchPartyError    the tenant has no such merchant
        └── ReusedKeyError      an Idempotency-Key came with another request before
"""

from bixie.kit.errors import BixieError

__all__ = ["AccessError", "NoSuchPartyError", "NotAllowedError", "ReusedKeyError", "UnknownCallerError"]


class AccessError(BixieError):
    """Something about the call itself cannot be as asked."""

    package = "bixie.access"
    status = 422


class UnknownCallerError(AccessError):
    """Nobody has shown who asks."""

    status = 401


class NotAllowedError(AccessError):
    """The principal may not do this."""

    status = 403


class NoSuchPartyError(AccessError):
    """The tenant has no such merchant, or the caller belongs to another."""

    status = 404


class ReusedKeyError(AccessError):
    """The same Idempotency-Key came with another request before."""

    status = 409
