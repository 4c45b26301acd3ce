"""Puts a service together: store, blobs and limits from settings, and the server that answers.

::

    with open_service(Location.find(None, None), "127.0.0.1", "8000") as service:
        print(service.address)
        service.run()
"""

import ipaddress
import os
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from bixie.assembly.stores import blobs_of, ready_store
from bixie.identity.signin.setup import open_setup
from bixie.imaging.limits import Limits
from bixie.kit.errors import SettingError, UsageError
from bixie.store.settings import Location
from bixie.web.app import create_app
from bixie.web.services import Services
from bixie.web.setup import PATH

__all__ = ["TRUSTED_PROXIES", "Service", "build_server", "listen", "open_service", "trusted_proxies"]

TRUSTED_PROXIES = "BIXIE_TRUSTED_PROXIES"
"""Setting: addresses and networks of proxies whose ``X-Forwarded-For`` is believed, separated by commas."""

_MAX_PORT = 65_535
_BACKLOG = 128
_SHUTDOWN_SECONDS = 30
"""Requests in progress get this long to end once the service is told to stop."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that listens and does not answer yet.

    Parameters
    ----------
    address : str
        ``http://127.0.0.1:8000``
    setup_link : str or None
        Opens the page that makes the first tenant; None once the store has one.
    """

    address: str
    setup_link: str | None
    _server: uvicorn.Server
    _listener: socket.socket

    def run(self) -> None:
        """Answer requests until SIGINT or SIGTERM."""
        self._server.run(sockets=[self._listener])


@contextmanager
def open_service(location: Location, host: str, port: str) -> Iterator[Service]:
    """Open a store, created or migrated if necessary, and listen; the store is closed at the end.

    Parameters
    ----------
    location : Location
        Of the store.
    host : str
        Address to listen at.
    port : str
        As a person writes it; ``0`` takes a free one.

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
    with listen(host, port) as listener:
        store = ready_store(location)
        try:
            address, token = _address(listener), open_setup(store)
            link = None if token is None else f"{address}{PATH}?token={token}"
            yield Service(address, link, build_server(Services(store, blobs, limits), proxies), listener)
        finally:
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


def listen(host: str, port: str) -> socket.socket:
    """Return a socket that listens; the caller closes it.

    Raises
    ------
    UsageError
        ``usage.not_a_port`` or ``usage.cannot_listen``.
    """
    if not (port.isascii() and port.isdigit()) or int(port) > _MAX_PORT:
        raise UsageError("usage.not_a_port", port=port)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, int(port)), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError("usage.cannot_listen", host=host, port=port, reason=reason) from error
    # Connections inherit this option. A response goes out in two segments; without it the second waits for up
    # to 40 ms until the client acknowledges the first. asyncio sets it only on sockets that it creates.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def build_server(services: Services, proxies: str = "") -> uvicorn.Server:
    """Return the server that answers requests with the application.

    Parameters
    ----------
    services : Services
    proxies : str
        From `trusted_proxies`.
    """
    config = uvicorn.Config(
        create_app(services),
        lifespan="off",
        log_config=None,
        access_log=False,  # it would log addresses and query strings
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Uvicorn's own raises the signal again at the end, which kills the process before the store closes.
        signals = (signal.SIGINT, signal.SIGTERM)
        earlier = {number: signal.signal(number, self.handle_exit) for number in signals}
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
