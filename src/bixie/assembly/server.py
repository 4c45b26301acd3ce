"""An HTTP server for an application: the socket that listens, and uvicorn configured for Bixie."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from bixie.kit.errors import UsageError
from bixie.kit.reasons import plain_reason

__all__ = ["address_of", "build_server", "listen"]

_MAX_PORT = 65_535
_BACKLOG = 128
_SHUTDOWN_SECONDS = 30
"""Requests in progress get this long to end once a service is told to stop."""


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
        raise UsageError("usage.cannot_listen", host=host, port=port, reason=plain_reason(error)) from error
    # Connections inherit this option. A response goes out in two segments; without it the second waits for up
    # to 40 ms until the client acknowledges the first. asyncio sets it only on sockets that it creates.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address of a listening socket: ``http://127.0.0.1:8000``."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def build_server(
    application: FastAPI, proxies: str = "", shutdown_seconds: int = _SHUTDOWN_SECONDS
) -> uvicorn.Server:
    """Return the server of an application; its `run` returns after SIGINT or SIGTERM.

    Parameters
    ----------
    application : FastAPI
    proxies : str
        Addresses and networks of proxies whose ``X-Forwarded-For`` is believed.
    shutdown_seconds : int
        Requests in progress get this long to end.
    """
    config = uvicorn.Config(
        application,
        lifespan="off",
        log_config=None,
        access_log=False,  # it would log addresses and query strings
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=shutdown_seconds,
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
