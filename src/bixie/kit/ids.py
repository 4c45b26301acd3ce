"""Create ids that sort by time: a word for the kind of object, then a UUID of version 7.

``exhibit_01jdhvz5m0fq2s8xk3n7c4r9ta``: the 26 letters are the UUID's 128 bits in Crockford's base 32, which
leaves out letters that people misread. An id tells when it was created and nothing else.

References
----------
RFC 9562, section 5.7.
"""

import re
import secrets
from collections.abc import Callable

from bixie.kit.timestamps import Clock, utc_now

__all__ = ["Entropy", "is_id", "new_id"]

Entropy = Callable[[int], bytes]
"""Returns that many random bytes."""

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_KIND = re.compile(r"[a-z]{2,16}", re.ASCII)
_LENGTH = 26
_MAX_MILLISECONDS = 1 << 48


def new_id(kind: str, clock: Clock = utc_now, entropy: Entropy = secrets.token_bytes) -> str:
    """Return a new, unique id.

    Parameters
    ----------
    kind : str
        2 to 16 lower-case letters: ``exhibit``.
    clock : callable
        Gives the time of the id.
    entropy : callable
        Gives random bytes; 74 of their bits are used.

    Raises
    ------
    ValueError
        For another kind, or a time before 1970.
    """
    if not _KIND.fullmatch(kind):
        raise ValueError(kind)
    milliseconds = int(clock().timestamp() * 1000)
    if not 0 <= milliseconds < _MAX_MILLISECONDS:
        raise ValueError(str(milliseconds))
    random = int.from_bytes(entropy(10))
    # Version 7 in bits 76 to 79, variant 2 in bits 62 and 63, as the RFC lays them out.
    number = milliseconds << 80 | 7 << 76 | (random >> 62 & 0xFFF) << 64 | 2 << 62 | random & ((1 << 62) - 1)
    shifts = range(5 * (_LENGTH - 1), -1, -5)
    return f"{kind}_" + "".join(_LETTERS[number >> shift & 31] for shift in shifts)


def is_id(kind: str, text: str) -> bool:
    """Return whether a text has the form of an id of that kind."""
    word, _, letters = text.partition("_")
    return word == kind and len(letters) == _LENGTH and set(letters) <= set(_LETTERS)
