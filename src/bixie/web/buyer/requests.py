"""``/c/{link}/new-link``: whoever has a link that opens nothing any more asks for a new one."""

from contextlib import suppress

from fastapi import APIRouter, Request, Response

from bixie.identity.errors import LinkError
from bixie.web.buyer.asking import ask_shop, genuine_ticket
from bixie.web.buyer.visits import unopened_page
from bixie.web.services import Services

__all__ = ["add"]


def add(routes: APIRouter, services: Services) -> None:
    """Add the endpoint."""

    @routes.post("/{token}/new-link")
    def ask(request: Request, token: str) -> Response:
        # The answer is the same whether there is such a case or not.
        with suppress(LinkError):
            ask_shop(services, genuine_ticket(services, token), "link_wanted")
        return unopened_page(request, "link_asked", 200)
