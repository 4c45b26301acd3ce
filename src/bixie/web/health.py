"""``/healthz``, ``/readyz`` and ``/metrics``: for whoever keeps the service running."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from bixie.store.migration import check_migrated
from bixie.web.metrics import CONTENT_TYPE, Metrics
from bixie.web.services import Services

__all__ = ["router"]


class HealthOut(BaseModel):
    """That the service is there."""

    status: str


def router(services: Services, metrics: Metrics) -> APIRouter:
    """Return the endpoints; they need no key and tell nothing of what is kept."""
    made = APIRouter(include_in_schema=False)

    @made.get("/healthz")
    async def health() -> HealthOut:
        return HealthOut(status="ok")

    @made.get("/readyz")
    def ready() -> HealthOut:
        check_migrated(services.store.engine)
        services.blobs.check_writable()
        return HealthOut(status="ready")

    @made.get("/metrics")
    def counts() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return made
