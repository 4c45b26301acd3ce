"""Find the paths that name nothing, and the name with blanks that a shell took apart."""

import errno
import os
from collections.abc import Sequence

__all__ = ["is_missing", "unquoted_name"]

_MAX_WORDS = 50
_MAX_PARTS = 8
_NOTHING_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})


def is_missing(path: str) -> bool:
    """Return whether nothing has the name `path`. What exists and cannot be read is not missing."""
    try:
        os.stat(path)  # noqa: PTH116 - Path would rewrite "./a" to "a" and "" to "."
    except ValueError:  # a null character
        return True
    except OSError as error:
        return error.errno in _NOTHING_THERE
    return False


def unquoted_name(words: Sequence[str]) -> str | None:
    """Return the path that neighbouring words make together, None if none does.

    A shell hands over ``my photo.jpg`` without quotes as two words.

    Parameters
    ----------
    words : sequence of str
        As a shell handed them over; of more than 50 the first are used.
    """
    few = words[:_MAX_WORDS]
    for start, first in enumerate(few):
        for end in range(start + 2, min(start + _MAX_PARTS, len(few)) + 1):
            name = " ".join(few[start:end])
            if first and not is_missing(name):
                return name
    return None
