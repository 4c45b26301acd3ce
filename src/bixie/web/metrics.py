"""Metrics for Prometheus: number, duration and status of requests; nothing about tenants or people."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LABELS = ("method", "route", "status")


class Metrics:
    """The metrics of one service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("bixie_http_requests", "Calls answered", _LABELS, registry=self._registry)
        self._seconds = Histogram(
            "bixie_http_request_seconds", "Time to answer", ("method", "route"), registry=self._registry
        )
        self.in_progress = Gauge(
            "bixie_http_requests_in_progress", "Calls being answered", registry=self._registry
        )

        self._failing = Gauge(
            "bixie_ledger_witness_failing",
            "Ledgers whose last checkpoint a witness did not take",
            registry=self._registry,
        )
        self._told = Gauge(
            "bixie_ledger_witness_told_timestamp_seconds",
            "When the witness that was told longest ago took its newest checkpoint",
            registry=self._registry,
        )

    def set_witnesses(self, failing: int, told: datetime | None) -> None:
        """Set how far the ledger's witnesses are; `told` is None before any was told anything."""
        self._failing.set(failing)
        self._told.set(told.timestamp() if told else 0)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a finished request; `route` is a pattern, never a path."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Return all metrics in the format of Prometheus."""
        return generate_latest(self._registry)
