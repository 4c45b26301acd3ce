"""What the page refuses.

::

    BixieError
    └── CheckError    a file or a step that the page cannot take; `status` is HTTP's
"""

from bixie.kit.errors import BixieError

__all__ = ["CheckError"]


class CheckError(BixieError):
    """A file or a step that the page cannot take.

    Parameters
    ----------
    code : str
    status : int
        Of HTTP, below 500: the person reads the sentence.
    """

    package = "bixie.web.check"

    def __init__(self, code: str, status: int = 400, **values: object) -> None:
        self.status = status
        super().__init__(code, **values)
