"""The page itself: frame and style of all pages, and its script with the sentences in both languages."""

from functools import cache

from fastapi import Request
from fastapi.responses import HTMLResponse

from bixie.access.principal import Principal
from bixie.imaging.limits import Limits
from bixie.kit.messages import catalogue
from bixie.web.pages import page

__all__ = ["check_page"]

_PACKAGE = "bixie.web.check"
_ON_THE_PAGE = ("page.", "js.")
"""Sentences whose keys begin so are given to the script, in both languages."""


def check_page(
    request: Request, limits: Limits, principal: Principal | None, csrf: str | None
) -> HTMLResponse:
    """Return the page.

    Parameters
    ----------
    request : Request
    limits : Limits
        On files.
    principal : Principal or None
        Who is signed in.
    csrf : str or None
        The token of the session; None where nobody signs in.
    """
    return page(
        request,
        "check/check.html",
        principal=principal,
        csrf=csrf,
        words=_words(),
        max_bytes=limits.max_file_bytes,
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    return {
        key: {"zh": text.zh, "en": text.en}
        for key, text in catalogue(_PACKAGE).sentences.items()
        if key.startswith(_ON_THE_PAGE)
    }
