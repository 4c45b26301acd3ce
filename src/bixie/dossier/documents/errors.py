"""What writing a paper refuses."""

from bixie.kit.errors import BixieError

__all__ = ["PaperError"]


class PaperError(BixieError):
    """There is no such paper for this side, language or case."""

    package = "bixie.dossier.documents"
    status = 404
