"""What the identity room refuses. None of it says whether somebody else's thing exists.

::

    BixieError
    └── IdentityError         a name, role, date or address that cannot be
        ├── NotThereError     no such tenant, party, person, key or consent, or it is somebody else's
        ├── NotAllowedError   the principal may not do this
        ├── CredentialError   a password, key, session or code that does not open anything
        ├── LinkError         a signed link that does not hold
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
    """Something about a tenant, party or person cannot be as asked."""

    package = "bixie.identity"
    status = 422


class NotThereError(IdentityError):
    """There is no such thing, or it belongs to somebody else: both look the same."""

    status = 404


class NotAllowedError(IdentityError):
    """The principal may not do this."""

    status = 403


class CredentialError(IdentityError):
    """What was shown does not open anything."""

    status = 401


class LinkError(IdentityError):
    """A signed link does not hold."""

    status = 403


class TooSoonError(IdentityError):
    """Too many attempts; ``values["seconds"]`` says how long to wait."""

    status = 429
