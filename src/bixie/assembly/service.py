"""Puts a service together: store, blobs and limits from settings, and the server that answers.

::

    with open_service(Location.find(None, None), "127.0.0.1", "8000") as service:
        print(service.address)
        service.run()
"""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from bixie.assembly.connection_limits import ConnectionLimits
from bixie.assembly.server import address_of, build_server, listen
from bixie.assembly.stores import blobs_of, ready_store, store_exists
from bixie.identity.signin.setup import open_setup
from bixie.imaging.children import CHILDREN
from bixie.imaging.limits import Limits
from bixie.kit.errors import SettingError
from bixie.store.settings import Location
from bixie.vault import reducing
from bixie.vault.claims import examination_delay
from bixie.web.app import create_app
from bixie.web.check import examining
from bixie.web.check.runs import Runs
from bixie.web.demo.stage import Stage
from bixie.web.services import Services
from bixie.web.setup import PATH

__all__ = ["TRUSTED_PROXIES", "Service", "open_service", "trusted_proxies"]

TRUSTED_PROXIES = "BIXIE_TRUSTED_PROXIES"
"""Setting: addresses and networks of proxies whose ``X-Forwarded-For`` is believed, separated by commas."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that listens and does not answer yet.

    Parameters
    ----------
    address : str
        ``http://127.0.0.1:8000``
    setup_link : str or None
        Opens the page that makes the first tenant; None once the store has one.
    new_store : bool
        Whether the store was created just now.
    parts : Services
        What it works with.
    """

    address: str
    setup_link: str | None
    new_store: bool
    parts: Services
    _server: uvicorn.Server
    _listener: socket.socket

    def run(self) -> None:
        """Answer requests until SIGINT or SIGTERM."""
        CHILDREN.warm(examining.__name__, reducing.__name__)  # the first file does not wait for imports
        self._server.run(sockets=[self._listener])


@contextmanager
def open_service(
    location: Location,
    host: str,
    port: str,
    exit_seconds: float | None = None,
    demo: Callable[[Services], Stage] | None = None,
) -> Iterator[Service]:
    """Open a store, created or migrated if necessary, and listen; the store is closed at the end.

    Parameters
    ----------
    location : Location
        Of the store.
    host : str
        Address to listen at.
    port : str
        As a person writes it; ``0`` takes a free one.
    exit_seconds : float, optional
        See `build_server`.
    demo : callable, optional
        Returns what the page of the demo opens, for a service that is the demo.

    Raises
    ------
    SettingError
        If a limit, a trusted proxy or a bucket that the environment sets cannot be used.
    UsageError
        ``usage.not_a_port`` or ``usage.cannot_listen``.
    StoreError
        If the store cannot be reached, or was made by a newer version.
    """
    limits, blobs, proxies = Limits.from_environment(), blobs_of(location), trusted_proxies()
    connections = ConnectionLimits.from_environment()
    examination_delay()  # a wrong setting is refused now, not when the first photo arrives
    with listen(host, port) as listener:
        new_store = not store_exists(location)
        store, runs = ready_store(location), Runs(limits)
        try:
            address, token = address_of(listener), open_setup(store)
            link = None if token is None else f"{address}{PATH}?token={token}"
            parts = Services(store, blobs, limits)
            application = create_app(parts, runs, demo and demo(parts))
            server = build_server(
                application,
                proxies,
                limits=connections,
                exit_seconds=exit_seconds,
                on_stop=application.state.live.stop,
            )
            yield Service(address, link, new_store, parts, server, listener)
        finally:
            runs.close()
            CHILDREN.close()
            store.close()


def trusted_proxies(environment: Mapping[str, str] = os.environ) -> str:
    """Return the proxies whose word on the caller's address counts; sign-in is throttled by that address.

    Raises
    ------
    SettingError
        ``setting.not_a_network``.
    """
    setting = environment.get(TRUSTED_PROXIES, "")
    for network in filter(None, setting.split(",")):
        try:
            ipaddress.ip_network(network.strip())
        except ValueError as error:
            raise SettingError("setting.not_a_network", name=TRUSTED_PROXIES) from error
    return setting
