"""What the notices room refuses, and how sending fails.

::

    BixieError
    ├── NoticeError           a message, address or webhook target that cannot be
    │   └── NoNoticeError     no such message or target, or it is somebody else's
    ├── SignatureError        a webhook that was not signed by who it says, or is too old
    └── SendingError          the other side did not take it: now, or ever
"""

from datetime import timedelta

from bixie.kit.errors import BixieError

__all__ = ["NoNoticeError", "NoticeError", "SendingError", "SignatureError"]


class NoticeError(BixieError):
    """Something about a message or a target cannot be as asked."""

    package = "bixie.notices"
    status = 422


class NoNoticeError(NoticeError):
    """There is no such thing, or it belongs to somebody else: both look the same."""

    status = 404


class SignatureError(BixieError):
    """A webhook is not what its headers say."""

    package = "bixie.notices"
    status = 401


class SendingError(BixieError):
    """The other side did not take what was sent.

    Parameters
    ----------
    code : str
    final : bool
        Whether trying again is of no use.
    gone : bool
        Whether the receiver wants nothing any more.
    after : timedelta
        Not to be tried again before, as the receiver asks.
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
        after: timedelta = timedelta(),
        **values: object,
    ) -> None:
        self.final = final or gone
        self.gone = gone
        self.after = after
        super().__init__(code, **values)
