"""Who acts when a worker does a job or a periodic task for a tenant."""

from bixie.access.principal import Principal, Role

__all__ = ["WORKER", "worker_of"]

WORKER = "program_worker"
"""Id under which the ledger has what a worker does."""


def worker_of(tenant: str) -> Principal:
    """Return the worker as a principal of a tenant."""
    return Principal(tenant, WORKER, Role.PROGRAM)
