"""What holds, retention rules and erasing are refused.

::

    VaultError
    ├── HoldError             a hold cannot be as asked
    │   └── NoHoldError       there is no such hold, or it belongs to somebody else
    ├── HeldError             a hold keeps the exhibit from being erased
    └── RetentionError        a rule that keeps too short or too long
"""

from bixie.vault.errors import VaultError

__all__ = ["HeldError", "HoldError", "NoHoldError", "RetentionError"]


class HoldError(VaultError):
    """A hold cannot be as asked."""

    status = 422


class NoHoldError(HoldError):
    """There is no such hold, or it is somebody else's."""

    status = 404


class HeldError(VaultError):
    """The exhibit is not erased while a hold lies on it."""

    status = 409


class RetentionError(VaultError):
    """Nothing is kept for so short, or so long."""

    status = 422
