"""All pages of the desk."""

from fastapi import APIRouter

from bixie.web.desk import (
    case_actions,
    case_page,
    export_page,
    import_page,
    known_page,
    list_page,
    orders_page,
    packing_page,
    report_page,
)
from bixie.web.services import Services

__all__ = ["router"]


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)
    for page in (
        *(list_page, case_page, export_page, case_actions, report_page),
        *(import_page, orders_page, packing_page, known_page),
    ):
        routes.include_router(page.router(services))
    return routes
