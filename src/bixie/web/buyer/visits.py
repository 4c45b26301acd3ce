"""Requests of buyers' pages: the link opens them, and whatever the page does is done in the buyer's name.

No page says its address to another: it has the link in it.
"""

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from bixie.access.call import Call
from bixie.access.idempotency import checked_key
from bixie.cases.access import without_party
from bixie.cases.links import PATH, OpenedLink, open_link
from bixie.cases.opening import found
from bixie.cases.requests import Asked
from bixie.identity.errors import LinkError
from bixie.kit.errors import BixieError
from bixie.orders import repository as orders
from bixie.web.auth_middleware import call_for
from bixie.web.pages import page, refusal_of, zone_key_of
from bixie.web.services import Services

__all__ = ["BuyerVisit", "UsedLinkError", "buyer_router", "open_visit", "unopened_page"]

_IN_APP = re.compile(r"MicroMessenger|AlipayClient|DingTalk|Weibo|aweme|\bQQ/", re.ASCII)
"""Browsers inside other apps: some keep no file, some show no upload."""
_EXPLAINED = frozenset({"link_expired", "link_used"})
_HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


class UsedLinkError(LinkError):
    """A claim was filed with the link."""


@dataclass(frozen=True, slots=True)
class BuyerVisit:
    """A request of a buyer for a page.

    Parameters
    ----------
    request : Request
    services : Services
    token : str
    link : OpenedLink
    """

    request: Request
    services: Services
    token: str
    link: OpenedLink

    @property
    def path(self) -> str:
        """Path of the page that the link opens."""
        return f"{PATH}{self.token}"

    @property
    def case(self) -> str:
        """Id of the case.

        Raises
        ------
        LinkError
            ``identity.link_other_purpose`` for a link to file a claim.
        """
        if self.link.case is None:
            raise LinkError("identity.link_other_purpose")
        return self.link.case

    def case_call(self) -> Call:
        """Return a call that works inside the case or the order of the link."""
        call = self.call()
        return replace(call, principal=without_party(call.principal))

    def order_number(self) -> str:
        """Return the number of the order that the link is about."""
        with self.case_call().reading() as session:
            order = self.link.order or found(session, self.case).order_id
            return orders.numbers(session, [order]).get(order, "")

    @property
    def asked(self) -> Asked:
        """What requests about the case ask for."""
        return Asked(side=None, zone=zone_key_of(self.request))

    def call(self, once: str | None = None) -> Call:
        """Return a call to a room in the name of the buyer.

        Parameters
        ----------
        once : str, optional
            The field ``once`` of the form: sent a second time, it changes nothing and answers the same.
        """
        return call_for(self.services, self.link.principal, checked_key(once or None))

    def page(self, template: str, status: int = 200, /, **values: Any) -> Response:
        """Return a page; see `bixie.web.pages.page`."""
        agent = self.request.headers.get("user-agent", "")
        in_app = _IN_APP.search(agent) is not None
        return page(self.request, template, status, path=self.path, in_app=in_app, **values)

    def back(self, done: str = "") -> Response:
        """Return to the page of the link, which says what was done."""
        return RedirectResponse(f"{self.path}?done={done}" if done else self.path, 303)


def open_visit(request: Request, services: Services, token: str) -> BuyerVisit:
    """Return the visit of a buyer.

    Raises
    ------
    LinkError
        Those of `bixie.cases.links.open_link`.
    """
    return BuyerVisit(request, services, token, open_link(services.store, token, services.clock))


def buyer_router(services: Services) -> APIRouter:
    """Return a router whose pages keep the link to themselves, and explain a link that opens nothing."""

    class Route(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_quietly(request: Request) -> Response:
                try:
                    response = await handle(request)
                except LinkError as error:
                    response = _unopened(request, error)
                except BixieError as error:
                    if "text/html" not in request.headers.get("accept", "") or error.status >= 500:
                        raise
                    response = page(
                        request,
                        "buyer/refused.html",
                        error.status,
                        path=_path(request),
                        refusal=refusal_of(request, error),
                    )
                response.headers.update(_HEADERS)
                return response

            return handle_quietly

    return APIRouter(prefix=PATH.rstrip("/"), include_in_schema=False, route_class=Route)


def _unopened(request: Request, error: LinkError) -> Response:
    why = error.code.rpartition(".")[2]
    return unopened_page(request, why if why in _EXPLAINED else "link_unknown", error.status)


def unopened_page(request: Request, why: str, status: int) -> Response:
    """Return the page about a link that opens nothing, with the way to a new one."""
    return page(request, "buyer/unopened.html", status, path=_path(request), why=why)


def _path(request: Request) -> str:
    return f"{PATH}{request.path_params.get('token', '')}"
