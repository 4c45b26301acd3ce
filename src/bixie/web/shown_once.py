"""Secrets that a page shows once: a form makes one, the page that it leads to shows it, a reload does not.

Between the two the browser carries the text in a cookie that scripts cannot read, for a minute. The service
keeps nothing.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from bixie.web.sign_in import cookie_attributes

__all__ = ["forget", "redirect_showing", "shown"]

_COOKIE = "bixie-shown"
_SECONDS = 60


def redirect_showing(request: Request, path: str, key: str, text: str) -> Response:
    """Lead to a page that shows a secret.

    Parameters
    ----------
    request : Request
    path : str
        Of the page.
    key : str
        What the secret is: another page does not show it.
    text : str
    """
    response = RedirectResponse(path, 303)
    value = urlsafe_b64encode(json.dumps([key, text]).encode()).decode()
    response.set_cookie(_COOKIE, value, max_age=_SECONDS, **cookie_attributes(request))
    return response


def shown(request: Request, key: str) -> str | None:
    """Return the secret that a page is to show now; None where there is none of this key."""
    try:
        found = json.loads(urlsafe_b64decode(request.cookies.get(_COOKIE, "")))
    except ValueError:
        return None
    ours = isinstance(found, list) and len(found) == 2 and all(isinstance(one, str) for one in found)
    return found[1] if ours and found[0] == key else None


def forget(request: Request, response: Response) -> Response:
    """Make the browser forget the secret: it was shown."""
    if _COOKIE in request.cookies:
        response.delete_cookie(_COOKIE, **cookie_attributes(request))
    return response
