"""How large a file a buyer may upload."""

from bixie.imaging.limits import Limits

__all__ = ["buyer_file_bytes"]

_BUYER_BYTES = 200_000_000
"""A phone's video of some minutes; more is refused before it is sent."""


def buyer_file_bytes(limits: Limits) -> int:
    """Return the largest file that the holder of a link may upload, in bytes."""
    return min(limits.max_file_bytes, _BUYER_BYTES)
