"""Metrics of the store: jobs, workers, what periodic tasks found; nothing about tenants or people."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bixie.access.tenancy import EveryTenantSession
from bixie.jobs import repository
from bixie.jobs.heartbeat import workers
from bixie.jobs.models import State
from bixie.kit.timestamps import Clock
from bixie.ledger.daily import last_verification
from bixie.store.unit_of_work import Store

__all__ = ["store_metrics"]


def store_metrics(store: Store, clock: Clock) -> bytes:
    """Return the metrics of a store as they are now, in the format of Prometheus.

    Raises
    ------
    StoreError
        When the database cannot be reached.
    """
    now, registry = clock(), CollectorRegistry()
    with store.reading(EveryTenantSession) as session:
        verified = last_verification(session)
        jobs, seen, tasks = repository.counts(session), workers(session, now), repository.task_counts(session)
    counted = Gauge("bixie_jobs", "Jobs that wait or were given up", ("kind", "state"), registry=registry)
    age = Gauge(
        "bixie_jobs_oldest_waiting_seconds", "How long the first job is due", ("kind",), registry=registry
    )
    for one in jobs:
        counted.labels(one.kind, one.state).set(one.count)
        if one.state == State.WAITING:
            age.labels(one.kind).set(max(0.0, (now - one.due_since).total_seconds()))
    Gauge("bixie_workers_alive", "Workers seen within a minute", registry=registry).set(seen.alive)
    if seen.last_seen is not None:
        last = Gauge("bixie_workers_last_seen_timestamp_seconds", "When one was last seen", registry=registry)
        last.set(seen.last_seen.timestamp())
    found = Gauge("bixie_reconciliation", "What periodic tasks found or mended", ("what",), registry=registry)
    for task in tasks:
        found.labels(task.name).set(task.count)
    if verified is not None:
        at = Gauge(
            "bixie_ledger_verified_timestamp_seconds", "End of the last verification", registry=registry
        )
        at.set(verified.at.timestamp())
        ok = Gauge("bixie_ledger_ok", "Whether ledger and rows held then, 1 or 0", registry=registry)
        ok.set(verified.fault is None)
    return generate_latest(registry)
