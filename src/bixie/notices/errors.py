"""What the notices room refuses, and how sending fails.

::

    BixieError
    ├── NoticeError           a message, address or webhook that is not valid
    │   └── NoNoticeError     no such message or webhook, or it is another's
    ├── SignatureError        a webhook that its sender did not sign, or that is too old
    └── AttemptError
        └── SendingError      the receiver did not take it: now, or ever
"""

from datetime import timedelta

from bixie.jobs.errors import AttemptError
from bixie.kit.errors import BixieError

__all__ = ["NoNoticeError", "NoticeError", "SendingError", "SignatureError"]


class NoticeError(BixieError):
    """A message or webhook is not valid."""

    package = "bixie.notices"
    status = 422


class NoNoticeError(NoticeError):
    """It does not exist, or belongs to another tenant or party: both look the same."""

    status = 404


class SignatureError(BixieError):
    """A webhook is not what its headers say."""

    package = "bixie.notices"
    status = 401


class SendingError(AttemptError):
    """The receiver did not take what was sent.

    Parameters
    ----------
    code : str
    final : bool
        No further attempt can succeed.
    gone : bool
        The receiver wants nothing any more.
    retry_after : timedelta
        The receiver asks not to be tried again before.
    **values
    """

    package = "bixie.notices"
    status = 502

    def __init__(
        self,
        code: str,
        *,
        final: bool = False,
        gone: bool = False,
        retry_after: timedelta = timedelta(),
        **values: object,
    ) -> None:
        self.gone = gone
        super().__init__(code, final=final or gone, retry_after=retry_after, counts=True, **values)
