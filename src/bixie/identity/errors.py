"""What the identity room refuses. No error reveals whether another's thing exists.

::

    BixieError
    └── IdentityError         an invalid name, role, date or address
        ├── NotThereError     no such tenant, party, person, key or consent, or it belongs to somebody else
        ├── NotAllowedError   the principal may not do this
        ├── CredentialError   an invalid password, key, session or code
        ├── LinkError         an invalid signed link
        └── TooSoonError      too many attempts: when the next one counts
"""

from bixie.kit.errors import BixieError

__all__ = [
    "CredentialError",
    "IdentityError",
    "LinkError",
    "NotAllowedError",
    "NotThereError",
    "TooSoonError",
]


class IdentityError(BixieError):
    """A value for a tenant, party or person is invalid."""

    package = "bixie.identity"
    status = 422


class NotThereError(IdentityError):
    """There is no such thing, or it belongs to somebody else: both look the same."""

    status = 404


class NotAllowedError(IdentityError):
    """The principal may not do this."""

    status = 403


class CredentialError(IdentityError):
    """The credential is invalid."""

    status = 401


class LinkError(IdentityError):
    """The signed link is invalid."""

    status = 403


class TooSoonError(IdentityError):
    """Too many attempts; ``values["seconds"]`` says how long to wait."""

    status = 429
