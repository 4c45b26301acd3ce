"""What building or reading a package refuses."""

from bixie.kit.errors import BixieError

__all__ = ["DossierError", "PackageFaultError"]


class DossierError(BixieError):
    """A package that cannot be built or read."""

    package = "bixie.dossier"
    status = 422


class PackageFaultError(DossierError):
    """A package is not as it was made.

    Parameters
    ----------
    code : str
    where : str, optional
        Path inside of the package, or another place that a person can find.
    **values
        Placeholders of the sentence.
    """

    def __init__(self, code: str, where: str | None = None, **values: object) -> None:
        self.where = where
        super().__init__(code, **values)
