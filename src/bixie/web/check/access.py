"""Who may use the page: anyone on a machine of one's own, a signed-in person in the service."""

from typing import Protocol

from fastapi import Request

from bixie.access.principal import Principal
from bixie.identity.tokens import csrf_token
from bixie.web.auth_middleware import CSRF_HEADER
from bixie.web.check.errors import CheckError
from bixie.web.check.run import Visitor
from bixie.web.pages import check_same_origin
from bixie.web.services import Services
from bixie.web.sign_in import is_on_this_machine, session_of, signed_in

__all__ = ["Access", "DemoAccess", "LocalAccess", "SessionAccess"]


class Access(Protocol):
    """Decides who may use the page."""

    def visitor(self, request: Request) -> Visitor:
        """Return who sends a request.

        Raises
        ------
        CheckError
            ``check.signed_out``.
        """
        ...

    def person(self, request: Request) -> tuple[Principal | None, str | None]:
        """Return who is signed in and the token that the page sends back; None for both where nobody is."""
        ...

    def check_own(self, request: Request) -> None:
        """Refuse a request that another site sends.

        Raises
        ------
        WebError
            ``web.other_site``.
        """
        ...


class LocalAccess:
    """The page on a machine of one's own: one visitor, nobody signs in."""

    def visitor(self, request: Request) -> Visitor:
        """Return the only visitor."""
        return Visitor()

    def person(self, request: Request) -> tuple[None, None]:
        """Return nobody: there is no session."""
        return None, None

    def check_own(self, request: Request) -> None:
        """Refuse a request that another site sends."""
        check_same_origin(request)


class SessionAccess:
    """The page in the service: for people who are signed in.

    Parameters
    ----------
    services : Services
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    def visitor(self, request: Request) -> Visitor:
        """Return the person of the request's session."""
        found = signed_in(request, self._services)
        if found is None:
            raise CheckError("check.signed_out", 401)
        principal = found[0]
        return Visitor(principal.tenant, principal.id)

    def person(self, request: Request) -> tuple[Principal | None, str | None]:
        """Return the person of the session, and its token."""
        found = signed_in(request, self._services)
        return (None, None) if found is None else (found[0], csrf_token(found[1]))

    def check_own(self, request: Request) -> None:
        """Refuse a request that no page of this session sent."""
        session_of(request, request.headers.get(CSRF_HEADER, ""))


class DemoAccess(SessionAccess):
    """The page in the demo: for people who are signed in, and for browsers of this machine without it."""

    def visitor(self, request: Request) -> Visitor:
        """Return the person of the request's session, or the only visitor without one."""
        try:
            return super().visitor(request)
        except CheckError:
            if not is_on_this_machine(request):
                raise
            return Visitor()

    def check_own(self, request: Request) -> None:
        """Refuse a request that no page of this session, or of this service, sent."""
        if self.person(request)[0] is not None:
            super().check_own(request)
        check_same_origin(request)
