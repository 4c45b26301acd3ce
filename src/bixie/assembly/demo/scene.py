"""What the steps of the demo are played with: store, clock, cast, texts; and waiting for the worker."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.assembly.demo.cast import Cast
from bixie.assembly.demo.clock import StoryClock
from bixie.assembly.demo.errors import DemoError
from bixie.imaging.limits import Limits
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store

__all__ = ["Scene"]

_POLL_SECONDS = 0.2
"""Asking takes time that the examinations need."""
_MAX_WAIT_SECONDS = 60.0
_JOBS_ARE_DUE = timedelta(seconds=2)
"""Photos wait a moment for further ones before they are examined."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What steps are played with.

    Parameters
    ----------
    store : Store
    blobs : Blobs
    limits : Limits
    clock : StoryClock
        Of the steps and of the worker.
    began_at : datetime
        When the demo was made.
    cast : Cast
    say : callable
        Returns the text of a key, in the demo's language.
    """

    store: Store
    blobs: Blobs
    limits: Limits
    clock: StoryClock
    began_at: datetime
    cast: Cast
    say: Callable[[str], str]

    def moment(self, before: timedelta) -> datetime:
        """Return the time so long before the demo was made."""
        return self.began_at - before

    def reading(self) -> AbstractContextManager[TenantSession]:
        """Open a transaction that sees everything of the tenant."""
        return reading(self.store, self.cast.setup)

    def acting(self, principal: Principal) -> AbstractContextManager[TenantSession]:
        """Open the transaction of a side of a case: as the service does, without its party."""
        return writing(self.store, replace(principal, party=None))

    def wait_for(self, is_there: Callable[[], bool]) -> None:
        """Let the worker do what is due, until something is there.

        Raises
        ------
        DemoError
            ``demo.stuck``.
        """
        self.clock.move_to(self.clock() + _JOBS_ARE_DUE)
        until = time.monotonic() + _MAX_WAIT_SECONDS
        while not is_there():
            if time.monotonic() > until:
                raise DemoError("demo.stuck")
            time.sleep(_POLL_SECONDS)
