"""Authenticates requests to the API before a body is read or a path is routed."""

from dataclasses import replace
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bixie.access.call import Call, UploadGrant
from bixie.access.errors import UnknownCallerError
from bixie.access.idempotency import HEADER, checked_key
from bixie.access.principal import Principal
from bixie.access.tenancy import reading
from bixie.cases.access import without_party
from bixie.cases.links import open_link
from bixie.cases.repository import by_id as case_by_id
from bixie.identity.authentication import authenticate_key
from bixie.identity.errors import LinkError
from bixie.identity.repository import party_by_id
from bixie.identity.rules import PartyKind
from bixie.kit.errors import BixieError
from bixie.kit.ids import is_id
from bixie.orders.repository import by_id as order_by_id
from bixie.orders.repository import by_number
from bixie.vault.uploads import api as uploads
from bixie.vault.uploads.limits import buyer_file_bytes
from bixie.web import sign_in
from bixie.web.logs import log_error
from bixie.web.problems import problem_of
from bixie.web.services import Services

__all__ = ["GUARDED", "AuthMiddleware", "call_for", "call_of"]

GUARDED = "/api/v1/"
_SCHEME, _LINK_SCHEME = "bearer", "link"
_MAX_KEY = 500
_MAX_LINK = 2_000
_UPLOADS = uploads.router.prefix
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
                state = scope["state"]
                state["principal"], state["upload_grant"] = await self._caller(scope)
            except BixieError as error:
                if error.status >= 500:
                    log_error(scope, error)
                await problem_of(scope, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _caller(self, scope: Scope) -> tuple[Principal, UploadGrant | None]:
        given = Headers(scope=scope).get("authorization", "")
        if not given:
            return await run_in_threadpool(_principal_of_session, self._parts, Request(scope)), None
        scheme, _, key = given.partition(" ")
        if scheme.lower() == _LINK_SCHEME:
            if not 0 < len(key) <= _MAX_LINK or not _is_upload(scope["path"]):
                raise UnknownCallerError("access.no_key")
            return await run_in_threadpool(_holder_of_link, self._parts, key.strip())
        if scheme.lower() != _SCHEME or not 0 < len(key) <= _MAX_KEY:
            raise UnknownCallerError("access.no_key")
        source = scope["client"][0] if scope.get("client") else ""
        check = partial(authenticate_key, self._parts.store, key.strip(), self._parts.clock, source=source)
        return await run_in_threadpool(check), None


def _is_upload(path: str) -> bool:
    return path == _UPLOADS or path.startswith(f"{_UPLOADS}/")


def _holder_of_link(services: Services, token: str) -> tuple[Principal, UploadGrant]:
    """Return the buyer of a link, and for which order the link lets it upload files of a claim.

    Raises
    ------
    LinkError
        Those of `bixie.cases.links.open_link`; ``identity.link_used`` after the claim was filed.
    """
    link = open_link(services.store, token, services.clock)
    if link.used:
        raise LinkError("identity.link_used")
    with reading(services.store, without_party(link.principal)) as session:
        case = None if link.case is None else case_by_id(session, link.case)
        order = order_by_id(session, link.order or (case.order_id if case else ""))
    if order is None:
        raise LinkError("identity.link_forged")
    return link.principal, UploadGrant(order.number, order.party, buyer_file_bytes(services.limits))


def _principal_of_session(services: Services, request: Request) -> Principal:
    """Return the person of a session, for scripts of our own pages: what changes something carries its token.

    Raises
    ------
    UnknownCallerError
        ``access.no_key``.
    WebError
        ``web.other_site``.
    """
    found = sign_in.signed_in(request, services)
    if found is None:
        raise UnknownCallerError("access.no_key")
    if request.method not in _READING:
        sign_in.session_of(request, request.headers.get(CSRF_HEADER, ""))
    return found[0]


def call_of(services: Services, request: Request) -> Call:
    """Return the call for an endpoint: the override of `bixie.access.call.current_call`.

    Raises
    ------
    AccessError
        ``access.bad_idempotency_key``.
    """
    call = call_for(services, request.state.principal, checked_key(request.headers.get(HEADER)))
    return replace(call, upload_grant=request.state.upload_grant)


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
