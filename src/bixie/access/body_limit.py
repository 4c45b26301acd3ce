"""How large a request's body may be: an endpoint that needs more than the default states its own limit."""

from collections.abc import Callable
from typing import Any, TypeVar

from bixie.imaging.limits import Limits

__all__ = ["DEFAULT_BYTES", "FORM_BYTES", "BodyLimit", "body_limit", "body_limit_of"]

DEFAULT_BYTES = 1024 * 1024
"""Of an endpoint that states no limit: a thousand orders fit; more come as a file."""
FORM_BYTES = 64 * 1024
"""What a form needs around the file in it."""

BodyLimit = Callable[[Limits], int]
"""Returns the largest body in bytes, from the limits on files."""

_ATTRIBUTE = "body_limit"
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


def body_limit(limit: BodyLimit) -> Callable[[_Endpoint], _Endpoint]:
    """Return a decorator that states an endpoint's body limit; put it below the router's decorator."""

    def state(endpoint: _Endpoint) -> _Endpoint:
        setattr(endpoint, _ATTRIBUTE, limit)
        return endpoint

    return state


def body_limit_of(endpoint: Callable[..., Any]) -> BodyLimit:
    """Return the limit that an endpoint states, or the default."""
    limit: BodyLimit = getattr(endpoint, _ATTRIBUTE, lambda _: DEFAULT_BYTES)
    return limit
