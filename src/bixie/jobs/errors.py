"""What goes wrong with jobs, and how errors are kept.

::

    BixieError
    ├── WorkError             there is no such job, or it did not end well
    └── AttemptError          an attempt failed, and its handler knows whether and when to try again
"""

import traceback
from datetime import timedelta
from pathlib import Path

from bixie.kit.errors import BixieError
from bixie.kit.messages import catalogue

__all__ = ["AttemptError", "WorkError", "redacted_error", "typed_error"]

_HIDDEN = "…"


class WorkError(BixieError):
    """A job does not exist, or did not end well."""

    package = "bixie.jobs"
    status = 404


class AttemptError(BixieError):
    """An attempt failed, and its handler knows more about the next one than the retries of the job type.

    Parameters
    ----------
    code : str
    final : bool
        No further attempt can succeed; the job is given up.
    retry_after : timedelta
        The next attempt is not made earlier than this.
    counts : bool
        Whether the attempt is one of those after which the job is given up. A handler that says no ends its
        attempts in another way.
    **values
    """

    def __init__(
        self,
        code: str,
        *,
        final: bool = False,
        retry_after: timedelta = timedelta(),
        counts: bool = True,
        **values: object,
    ) -> None:
        self.final = final
        self.counts = counts
        self.retry_after = retry_after
        super().__init__(code, **values)


def typed_error(error: Exception) -> BixieError:
    """Return a `BixieError` as it is; for any other error, its type and where it was raised."""
    if isinstance(error, BixieError):
        return error
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return WorkError("work.unforeseen", type=type(error).__name__, place=place)


def redacted_error(error: Exception) -> dict[str, str]:
    """Return code and sentences of an error without the values of this case, which may be personal.

    Parameters
    ----------
    error : Exception
        The sentence of a `BixieError` is kept with its words left open; of another error, type and place.
    """
    typed = typed_error(error)
    if typed is not error:
        return typed.to_dict()
    # A number, such as a size or status, is kept; everything else is left open, lists of names too.
    values = {name: one if isinstance(one, int | float) else _HIDDEN for name, one in typed.values.items()}
    text = catalogue(typed.package).text(typed.code, **values)
    return {"code": typed.code, **text.to_dict()}
