"""Authenticates requests to the API before a body is read or a path is routed."""

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bixie.access.call import Call
from bixie.access.errors import UnknownCallerError
from bixie.access.idempotency import HEADER, checked_key
from bixie.access.principal import Principal
from bixie.access.tenancy import reading
from bixie.identity.authentication import authenticate_key
from bixie.identity.repository import party_by_id
from bixie.identity.rules import PartyKind
from bixie.kit.errors import BixieError
from bixie.kit.ids import is_id
from bixie.orders.repository import by_number
from bixie.web import sign_in
from bixie.web.logs import log_error
from bixie.web.problems import problem_of
from bixie.web.services import Services

__all__ = ["GUARDED", "AuthMiddleware", "call_for", "call_of"]

GUARDED = "/api/v1/"
_SCHEME = "bearer"
_MAX_KEY = 500
CSRF_HEADER = "X-CSRF-Token"
"""Carries the session's token where a form has the field ``csrf``."""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class AuthMiddleware:
    """ASGI middleware: sets the principal of a request, or responds with 401.

    Parameters
    ----------
    app : ASGI application
    services : Services
    """

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._parts = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and scope["path"].startswith(GUARDED):
            try:
                scope["state"]["principal"] = await self._principal(scope)
            except BixieError as error:
                if error.status >= 500:
                    log_error(scope, error)
                await problem_of(scope, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _principal(self, scope: Scope) -> Principal:
        given = Headers(scope=scope).get("authorization", "")
        if not given:
            return await run_in_threadpool(_principal_of_session, self._parts, Request(scope))
        scheme, _, key = given.partition(" ")
        if scheme.lower() != _SCHEME or not 0 < len(key) <= _MAX_KEY:
            raise UnknownCallerError("access.no_key")
        source = scope["client"][0] if scope.get("client") else ""
        check = partial(authenticate_key, self._parts.store, key.strip(), self._parts.clock, source=source)
        return await run_in_threadpool(check)


def _principal_of_session(services: Services, request: Request) -> Principal:
    """Return the person of a session, for scripts of our own pages: what changes something carries its token.

    Raises
    ------
    UnknownCallerError
        ``access.no_key``.
    WebError
        ``web.other_site``.
    """
    if request.method not in _READING:
        sign_in.session_of(request, request.headers.get(CSRF_HEADER, ""))
    found = sign_in.signed_in(request, services)
    if found is None:
        raise UnknownCallerError("access.no_key")
    return found[0]


def call_of(services: Services, request: Request) -> Call:
    """Return the call for an endpoint: the override of `bixie.access.call.current_call`.

    Raises
    ------
    AccessError
        ``access.bad_idempotency_key``.
    """
    return call_for(services, request.state.principal, checked_key(request.headers.get(HEADER)))


def call_for(services: Services, principal: Principal, idempotency_key: str | None) -> Call:
    """Return a call in the name of a principal."""
    return Call(
        principal=principal,
        store=services.store,
        blobs=services.blobs,
        limits=services.limits,
        clock=services.clock,
        is_merchant=partial(_is_merchant, services, principal),
        knows_order=partial(_knows_order, services, principal),
        idempotency_key=idempotency_key,
    )


def _is_merchant(services: Services, principal: Principal, party: str) -> bool:
    if not is_id("party", party):
        return False
    with reading(services.store, principal) as session:
        found = party_by_id(session, party)
    return found is not None and found.kind == PartyKind.MERCHANT and found.erased_at is None


def _knows_order(services: Services, principal: Principal, party: str, number: str) -> bool:
    with reading(services.store, principal) as session:
        return by_number(session, party, number) is not None
