"""An HTTP server for an application: the socket that listens, and uvicorn configured for Bixie."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from bixie.assembly.connection_limits import ConnectionLimits
from bixie.assembly.connections import Connection, ServerConfig
from bixie.assembly.listener import Listener
from bixie.kit.errors import UsageError
from bixie.kit.reasons import plain_reason
from bixie.web import logs

__all__ = ["address_of", "build_server", "listen"]

_MAX_PORT = 65_535
_BACKLOG = 128
_ACCEPTED_AT_ONCE = 16
"""Connections that are accepted in one pass, before any of them is counted."""
_SHUTDOWN_SECONDS = 6
"""Requests in progress get this long to end once a service is told to stop."""
_HUNG = 1
"""Exit status of a process that something kept from ending by itself."""


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
        listener = Listener(socket.create_server((host, int(port)), family=family, backlog=_BACKLOG))
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
    application: ASGIApp,
    proxies: str = "",
    shutdown_seconds: int = _SHUTDOWN_SECONDS,
    limits: ConnectionLimits | None = None,
    *,
    exit_seconds: float | None = None,
    on_stop: Callable[[], None] = lambda: None,
) -> uvicorn.Server:
    """Return the server of an application; its `run` returns after SIGINT or SIGTERM.

    Parameters
    ----------
    application : ASGI application
    proxies : str
        Addresses and networks of proxies whose ``X-Forwarded-For`` is believed.
    shutdown_seconds : int
        Requests in progress get this long to end.
    limits : ConnectionLimits, optional
        On connections; the defaults if not given.
    exit_seconds : float, optional
        The process is ended this long after the signal, whatever hangs in it. Without it a thread that waits
        for a database or a bucket keeps the process for as long.
    on_stop : callable
        Called before the server waits for requests in progress: ends those that would go on by themselves.
    """
    config = ServerConfig(
        application,
        limits or ConnectionLimits(),
        lifespan="off",
        log_config=None,
        access_log=False,  # it would log addresses and query strings
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=shutdown_seconds,
        backlog=_ACCEPTED_AT_ONCE,
    )
    return _Server(config, exit_seconds, on_stop)


class _Server(uvicorn.Server):
    config: ServerConfig

    def __init__(self, config: ServerConfig, exit_seconds: float | None, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._exit_seconds, self._on_stop = exit_seconds, on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            # asyncio has set the queue to the number of connections that it accepts in one pass.
            listener.listen(_BACKLOG)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        now = asyncio.get_running_loop().time()
        self.config.connections.close_overdue(
            (one for one in self.server_state.connections if isinstance(one, Connection)), now
        )
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield  # others receive no signals
            return
        # Uvicorn's own raises the signal again at the end, which kills the process before the store closes.
        signals = (signal.SIGINT, signal.SIGTERM)
        earlier = {number: signal.signal(number, self.handle_exit) for number in signals}
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._exit_seconds is not None and not self.should_exit:
            end = threading.Timer(self._exit_seconds, _end_process)
            end.daemon = True
            end.start()
        super().handle_exit(sig, frame)


def _end_process() -> None:
    """End the process without waiting for its threads; whatever was answered is kept already."""
    try:
        logs.log.error("stopped while something hung")
    finally:
        os._exit(_HUNG)
