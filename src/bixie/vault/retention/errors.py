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
    """There is no such hold, or it belongs to somebody else."""

    status = 404


class HeldError(VaultError):
    """A hold keeps the exhibit from being erased."""

    status = 409


class RetentionError(VaultError):
    """The period is too short or too long."""

    status = 422
