"""Metrics for Prometheus: number, duration and status of requests; nothing about tenants or people."""

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

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a finished request; `route` is a pattern, never a path."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Return all metrics in the format of Prometheus."""
        return generate_latest(self._registry)
