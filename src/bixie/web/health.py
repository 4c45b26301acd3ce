"""``/healthz``, ``/readyz`` and ``/metrics``: for the operator."""

from contextlib import suppress

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from bixie.access.tenancy import reading_every_tenant
from bixie.jobs.heartbeat import workers
from bixie.kit.timestamps import format_timestamp
from bixie.ledger.witnesses.repository import progress
from bixie.store.errors import StoreError
from bixie.store.migration import check_migrated
from bixie.web.metrics import CONTENT_TYPE, Metrics
from bixie.web.services import Services
from bixie.web.store_metrics import store_metrics

__all__ = ["router"]


class HealthOut(BaseModel):
    """Status of the service."""

    status: str


class WorkersOut(BaseModel):
    """What is known of the workers."""

    last_seen: str | None
    alive: int


class ReadyOut(HealthOut):
    """Whether the service can be used. It does not need workers to answer; what they would do waits."""

    workers: WorkersOut


def router(services: Services, metrics: Metrics) -> APIRouter:
    """Return the endpoints; they need no key and reveal no data."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def health() -> HealthOut:
        return HealthOut(status="ok")

    @routes.get("/readyz")
    def ready() -> ReadyOut:
        check_migrated(services.store.engine)
        services.blobs.check_writable()
        with services.store.reading(Session) as session:
            seen = workers(session, services.clock())
        last = None if seen.last_seen is None else format_timestamp(seen.last_seen)
        return ReadyOut(status="ready", workers=WorkersOut(last_seen=last, alive=seen.alive))

    @routes.get("/metrics")
    def counts() -> Response:
        with suppress(StoreError), reading_every_tenant(services.store) as session:
            metrics.set_witnesses(*progress(session))
        text = metrics.text()
        with suppress(StoreError):  # what the service itself counted is most wanted during an outage
            text += store_metrics(services.store, services.clock)
        return Response(text, media_type=CONTENT_TYPE)

    return routes
