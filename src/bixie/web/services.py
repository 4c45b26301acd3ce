"""What a service is put together from."""

from dataclasses import dataclass

from bixie.imaging.limits import Limits
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store

__all__ = ["Services"]


@dataclass(frozen=True, slots=True)
class Services:
    """What a service is put together from.

    Parameters
    ----------
    store : Store
    blobs : Blobs
    limits : Limits
        For files.
    clock : callable
    """

    store: Store
    blobs: Blobs
    limits: Limits
    clock: Clock = utc_now
