"""Requests of pages: the person of the session, and the calls to rooms that a page makes for it.

A page works through the same functions as the API: it builds the input's model from its form and calls the
function of the endpoint with `Visit.call`. What the API refuses, a page refuses with the same sentence.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.call import Call
from bixie.access.idempotency import checked_key
from bixie.access.principal import Principal, Role
from bixie.identity.tokens import csrf_token
from bixie.web import sign_in
from bixie.web.auth_middleware import call_for
from bixie.web.errors import WebError
from bixie.web.pages import page
from bixie.web.services import Services

__all__ = ["SignInRequiredError", "Visit", "visit_of"]


class SignInRequiredError(Exception):
    """The session is missing or over: the answer is the way to sign in, and back."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back

    def response(self) -> Response:
        """Return the redirection."""
        return RedirectResponse(f"{sign_in.PATH}?next={quote(self.back, safe='')}", 303)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a signed-in person for a page.

    Parameters
    ----------
    request : Request
    services : Services
    principal : Principal
    csrf : str
        The token that forms of the page carry.
    """

    request: Request
    services: Services
    principal: Principal
    csrf: str

    def call(self, once: str | None = None) -> Call:
        """Return a call to a room in the name of the person.

        Parameters
        ----------
        once : str, optional
            The field ``once`` of the form: sent a second time, it changes nothing and answers the same.
        """
        return call_for(self.services, self.principal, checked_key(once or None))

    def page(self, template: str, status: int = 200, /, **values: Any) -> Response:
        """Return a page with the places of the person; see `bixie.web.pages.page`."""
        return page(self.request, template, status, principal=self.principal, csrf=self.csrf, **values)


def visit_of(
    request: Request,
    services: Services,
    roles: frozenset[Role] | None = None,
    *,
    csrf: str | None = None,
) -> Visit:
    """Return the visit of a signed-in person.

    Parameters
    ----------
    request : Request
    services : Services
    roles : frozenset of Role, optional
        Who may be here; everybody who is signed in by default.
    csrf : str, optional
        The field of a form that was sent; every request that changes something must give it.

    Raises
    ------
    SignInRequiredError
        Without a session; the application turns it into a redirection.
    WebError
        ``web.not_your_page`` for another role, ``web.other_site`` for a form of another site.
    """
    if csrf is not None:
        sign_in.session_of(request, csrf)
    found = sign_in.signed_in(request, services)
    if found is None:
        raise SignInRequiredError(_address(request))
    principal, token = found
    if roles is not None and principal.role not in roles:
        raise WebError("web.not_your_page", 403)
    return Visit(request, services, principal, csrf_token(token))


def _address(request: Request) -> str:
    """Return where to go back to; a form that was sent cannot be sent again, so its page."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query and request.method == "GET" else "")
