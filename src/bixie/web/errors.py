"""What the web refuses before any room is asked.

::

    BixieError
    └── WebError              the request itself is not one; `status` is HTTP's
"""

from bixie.kit.errors import BixieError

__all__ = ["WebError"]


class WebError(BixieError):
    """A request that is none.

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
