"""``/admin/webhooks``: addresses that are told what happens; the secret of each is shown once."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.paging import PageQuery
from bixie.notices import api
from bixie.notices.schemas import NewWebhookOut, WebhookIn
from bixie.web.admin.frame import Field, admin_page, admin_visit, refused
from bixie.web.admin.people import merchants_of
from bixie.web.services import Services
from bixie.web.shown_once import forget, redirect_showing, shown
from bixie.web.visits import Visit

__all__ = ["router"]

_ITEMS = 50
_PATH = "/admin/webhooks"
_SECRET = "webhook"


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def webhooks(request: Request, cursor: str | None = None) -> Response:
        return _page(admin_visit(request, services), cursor=cursor)

    @routes.post(_PATH)
    def add(
        request: Request, *, csrf: Field, url: Field, events: Field = "", party: Field = "", once: Field = ""
    ) -> Response:
        visit = admin_visit(request, services, csrf)
        typed = {"url": url, "events": events, "party": party}

        def work() -> Response:
            named = events.replace(",", " ").replace("，", " ").split()
            given = WebhookIn.model_validate({"url": url.strip(), "events": named, "party": party or None})
            return _shown(visit, api.create_webhook(visit.call(once), given))

        return refused(visit, work, lambda status, why: _page(visit, status, refusal=why, typed=typed))

    @routes.post(f"{_PATH}/{{webhook_id}}/secret")
    def change_secret(request: Request, webhook_id: str, csrf: Field, once: Field = "") -> Response:
        visit = admin_visit(request, services, csrf)
        return _shown(visit, api.change_secret(visit.call(once), webhook_id))

    @routes.post(f"{_PATH}/{{webhook_id}}/disable")
    def disable(request: Request, webhook_id: str, csrf: Field) -> Response:
        visit = admin_visit(request, services, csrf)
        api.delete_webhook(visit.call(), webhook_id)
        return RedirectResponse(_PATH, 303)

    return routes


def _shown(visit: Visit, made: NewWebhookOut) -> Response:
    if made.secret is None:  # the same form again: the secret was shown the first time
        return RedirectResponse(_PATH, 303)
    return redirect_showing(visit.request, _PATH, _SECRET, made.secret)


def _page(visit: Visit, status: int = 200, *, cursor: str | None = None, **values: Any) -> Response:
    page = api.list_webhooks(visit.call(), PageQuery(cursor=cursor, limit=_ITEMS))
    blank = {"refusal": None, "typed": {"url": "", "events": "", "party": ""}}
    response = admin_page(
        visit,
        "webhooks.html",
        status,
        **{**blank, **values},
        webhooks=page.items,
        next=page.next,
        merchants=merchants_of(visit),
        secret=shown(visit.request, _SECRET),
    )
    return forget(visit.request, response)
