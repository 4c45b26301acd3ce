"""The principal of a worker that runs a job or a periodic task for a tenant."""

from bixie.access.principal import Principal, Role

__all__ = ["WORKER", "worker_of"]

WORKER = "program_worker"
"""Id of the worker in the ledger."""


def worker_of(tenant: str) -> Principal:
    """Return the worker as a principal of a tenant."""
    return Principal(tenant, WORKER, Role.PROGRAM)
