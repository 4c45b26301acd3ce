"""The parts of a service that its endpoints work with."""

from dataclasses import dataclass

from bixie.imaging.limits import Limits
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store

__all__ = ["Services"]


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a service.

    Parameters
    ----------
    store : Store
    blobs : Blobs
    limits : Limits
        On files.
    clock : callable
    """

    store: Store
    blobs: Blobs
    limits: Limits
    clock: Clock = utc_now
