"""What writing a paper refuses."""

from bixie.kit.errors import BixieError

__all__ = ["PaperError", "PdfError"]


class PaperError(BixieError):
    """There is no such paper for this side, language or case."""

    package = "bixie.dossier.documents"
    status = 404


class PdfError(BixieError):
    """No PDF can be written by this installation: what is missing is named."""

    package = "bixie.dossier.documents"
    status = 406
