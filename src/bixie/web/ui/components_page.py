"""``/components``: every part of the pages on one page, to look at in both languages, light and dark."""

from fastapi import APIRouter, Request, Response

from bixie.kit.messages import catalogue
from bixie.kit.timestamps import format_timestamp
from bixie.web.pages import page
from bixie.web.services import Services

__all__ = ["router"]

_STATUSES = (
    *("awaiting_merchant", "awaiting_buyer", "in_review", "decided"),
    *("returning", "remedying", "appealed", "closed"),
)
_VERDICTS = ("refuted", "suspect", "inconclusive", "supported", "unreadable")


def router(services: Services) -> APIRouter:
    """Return the endpoint."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/components")
    def components(request: Request) -> Response:
        words = catalogue("bixie.cases")
        now = format_timestamp(services.clock())
        cases = [
            {
                "status": status,
                "status_name": words.text(f"status.{status}"),
                "result_name": None,
                "deadline": now,
                "timeout_text": words.text("timeout.answer.escalate"),
            }
            for status in _STATUSES
        ]
        return page(request, "ui/components.html", cases=cases, verdicts=_VERDICTS, now=now)

    return routes
