"""``/healthz``, ``/readyz`` and ``/metrics``: for the operator."""

from contextlib import suppress

from fastapi import APIRouter, Response
from pydantic import BaseModel

from bixie.access.tenancy import reading_every_tenant
from bixie.ledger.witnesses.repository import progress
from bixie.store.errors import StoreError
from bixie.store.migration import check_migrated
from bixie.web.metrics import CONTENT_TYPE, Metrics
from bixie.web.services import Services

__all__ = ["router"]


class HealthOut(BaseModel):
    """Status of the service."""

    status: str


def router(services: Services, metrics: Metrics) -> APIRouter:
    """Return the endpoints; they need no key and reveal no data."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def health() -> HealthOut:
        return HealthOut(status="ok")

    @routes.get("/readyz")
    def ready() -> HealthOut:
        check_migrated(services.store.engine)
        services.blobs.check_writable()
        return HealthOut(status="ready")

    @routes.get("/metrics")
    def counts() -> Response:
        with suppress(StoreError), reading_every_tenant(services.store) as session:
            metrics.set_witnesses(*progress(session))
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return routes
