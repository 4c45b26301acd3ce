"""Builds the application: the rooms' endpoints, and around them the middleware."""

from fastapi import FastAPI, Request

from bixie.access.call import Call, current_call
from bixie.cases import api as cases
from bixie.cases import challenge_api as challenge
from bixie.cases import drafts_api as drafts
from bixie.cases import files_api as case_files
from bixie.cases import hearing_api as hearing
from bixie.cases import links_api as links
from bixie.cases import suggestion_api as suggestion
from bixie.cases.claims import api as claims
from bixie.cases.error_board import api as error_board
from bixie.cases.letters import api as letters
from bixie.cases.merchant_options import api as merchant_options
from bixie.cases.packs import api as packs
from bixie.cases.presence import api as presence
from bixie.cases.reviews import api as reviews
from bixie.dossier import api as packages
from bixie.dossier.documents import api as papers
from bixie.examinations import api as examinations
from bixie.identity import api as identity
from bixie.identity.audit import api as audit
from bixie.identity.people import api as people
from bixie.ledger import api as ledger
from bixie.notices import api as notices
from bixie.orders import api as orders
from bixie.remedies import api as remedies
from bixie.remedies import erasure_api as case_erasure
from bixie.vault import api as vault
from bixie.vault.retention import api as retention
from bixie.vault.uploads import api as uploads
from bixie.web import document, health, package_pages, password_page, refusals, setup, sign_in
from bixie.web.admin import pages as admin
from bixie.web.api_page import pages as api_page
from bixie.web.auth_middleware import AuthMiddleware, call_of
from bixie.web.bodies import BodyLimitMiddleware
from bixie.web.buyer import pages as buyer
from bixie.web.check import api as check_api
from bixie.web.check.access import DemoAccess, SessionAccess
from bixie.web.check.runs import Runs
from bixie.web.console import pages as console_pages
from bixie.web.demo import pages as demo_pages
from bixie.web.demo.stage import Stage
from bixie.web.desk import pages as desk
from bixie.web.law import pages as law
from bixie.web.live import Live
from bixie.web.live import router as live_router
from bixie.web.metrics import Metrics
from bixie.web.policies import pages as policies
from bixie.web.response_middleware import ResponseMiddleware
from bixie.web.services import Services
from bixie.web.today import pages as today
from bixie.web.tus import TusMiddleware
from bixie.web.ui import assets_api, components_page

__all__ = ["create_app", "routes_only"]

_ROOMS = (
    *(orders, vault, uploads, retention, examinations),
    *(cases, hearing, challenge, case_files, drafts, suggestion, links, reviews, letters, claims),
    *(presence, merchant_options, packs, error_board, remedies, case_erasure),
    *(packages, papers, ledger, notices, identity, people, audit),
)
_PAGES = (
    *(components_page, setup, sign_in, password_page, admin, policies, law, api_page),
    *(package_pages, console_pages),
)


def create_app(services: Services, runs: Runs, demo: Stage | None = None) -> FastAPI:
    """Return the service as an ASGI application.

    Parameters
    ----------
    services : Services
        What it works with; the caller closes the store.
    runs : Runs
        Of the page to drop photos on; the caller closes them.
    demo : Stage, optional
        What the page of the demo opens, for a service that is the demo.
    """
    app = routes_only()
    metrics = Metrics()
    app.include_router(health.router(services, metrics))
    app.include_router(today.router(services, demo))
    app.state.is_demo = demo is not None
    if demo is not None:
        app.include_router(demo_pages.router(demo))
    app.include_router(assets_api.router)
    for pages in _PAGES:
        app.include_router(pages.router(services))
    app.state.live = live = Live()
    app.include_router(live_router(services, live))
    buyers, desk_pages = buyer.router(services, live), desk.router(services)
    app.include_router(buyers)
    access = SessionAccess(services) if demo is None else DemoAccess(services)
    check = check_api.router(runs, access)
    app.include_router(check)
    app.include_router(desk_pages)
    refusals.install(app)

    def call(request: Request) -> Call:
        return call_of(services, request)

    app.dependency_overrides[current_call] = call
    # The last one added is the outermost.
    app.add_middleware(AuthMiddleware, services=services)
    routers = [*(room.router for room in _ROOMS), buyers, check, desk_pages]
    app.add_middleware(BodyLimitMiddleware, routers=routers, limits=services.limits)
    app.add_middleware(TusMiddleware, prefix=uploads.router.prefix)
    app.add_middleware(ResponseMiddleware, metrics=metrics, clock=services.clock)
    return app


def routes_only() -> FastAPI:
    """Return an application that has routes and no store, to be described."""
    app = FastAPI(
        title="Bixie",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    for room in _ROOMS:
        app.include_router(room.router)
    document.describe(app)
    return app
