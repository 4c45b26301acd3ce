"""What the web refuses before a room sees the request.

::

    BixieError
    └── WebError              the request itself is invalid; `status` is HTTP's
"""

from bixie.kit.errors import BixieError

__all__ = ["WebError"]


class WebError(BixieError):
    """An invalid request.

    Parameters
    ----------
    code : str
    status : int
        Of HTTP.
    """

    package = "bixie.web"

    def __init__(self, code: str, status: int, **values: object) -> None:
        self.status = status
        super().__init__(code, **values)
