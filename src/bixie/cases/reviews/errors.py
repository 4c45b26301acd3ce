"""What reviews refuse.

::

    BixieError
    └── ReviewError               the values do not fit
        ├── NotClaimedError         somebody else holds the case, or nobody does
        ├── ConflictError           this person must not decide this case
        └── NoSuchReviewThingError  no such conflict, reviewer or party
"""

from bixie.kit.errors import BixieError

__all__ = ["ConflictError", "NoSuchReviewThingError", "NotClaimedError", "ReviewError"]


class ReviewError(BixieError):
    """A request about a review cannot be done."""

    package = "bixie.cases.reviews"
    status = 422


class NotClaimedError(ReviewError):
    """Somebody else holds the case, or nobody does."""

    status = 409


class ConflictError(ReviewError):
    """The person must not decide the case."""

    status = 403


class NoSuchReviewThingError(ReviewError):
    """No such conflict, reviewer or party."""

    status = 404
