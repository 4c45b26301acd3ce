"""What clients may hold: connections that are silent or stalled are closed, and there is a highest number.

uvicorn itself bounds only the time between two requests of a connection. This adds the time until a header is
there, the progress of bodies in both directions, and the number of connections.
"""

import asyncio
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bixie.assembly.connection_limits import ConnectionLimits
from bixie.web import logs
from bixie.web.refusals import refuse_connection

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Connection", "Connections", "ServerConfig"]

_MAX_REFUSED = 16
"""Connections above the highest number that are still answered, with 503; more are closed without a word."""
_TIMED_OUT = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class ServerConfig(uvicorn.Config):
    """Configuration of a server whose connections are bounded.

    Parameters
    ----------
    application : ASGI application
    limits : ConnectionLimits
    **options
        Of `uvicorn.Config`.
    """

    def __init__(self, application: ASGIApp, limits: ConnectionLimits, **options: Any) -> None:
        super().__init__(
            application, http=Connection, ws="none", timeout_keep_alive=limits.idle_seconds, **options
        )
        self.connections = Connections(limits)


class Connections:
    """The open connections of a server.

    Parameters
    ----------
    limits : ConnectionLimits
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._open: set[Connection] = set()
        self._waiting: dict[Connection, None] = {}  # those without a request in work, the oldest first
        self._full = logs.Sparingly("too_many_connections")

    def admit(self, connection: "Connection") -> None:
        """Let a new connection in; if there are too many, it takes the place of the oldest that waits."""
        self._open.add(connection)
        if len(self._open) > self._limits.count:
            self._full.log(limit=self._limits.count)
            # One that still sends its response does not wait.
            waiting = (one for one in self._waiting if not one.transport.get_write_buffer_size())
            oldest = next(waiting, None)
            if oldest is not None:
                self.forget(oldest)
                oldest.transport.close()
            elif len(self._open) > self._limits.count + _MAX_REFUSED:
                self.forget(connection)
                connection.transport.abort()
                return
            else:
                connection.app = refuse_connection
        self.note(connection)

    def note(self, connection: "Connection") -> None:
        """Note whether a connection waits for a request."""
        if not connection.is_waiting:
            self._waiting.pop(connection, None)
        elif connection in self._open:
            self._waiting.setdefault(connection)

    def forget(self, connection: "Connection") -> None:
        """Count a connection no longer."""
        self._open.discard(connection)
        self._waiting.pop(connection, None)

    def close_overdue(self, connections: "Iterable[Connection]", now: float) -> None:
        """Close those of a server's connections that are silent or stalled for too long.

        Parameters
        ----------
        connections : iterable of Connection
            Those that are being closed included: a client that takes nothing keeps them open.
        now : float
            Seconds of the event loop's clock.
        """
        for connection in list(connections):
            if connection.is_late(now, self._limits):
                connection.give_up()
            elif connection.is_stalled(now, self._limits):
                connection.transport.abort()


class Connection(H11Protocol):
    """One connection, which knows since when it makes no progress."""

    config: ServerConfig

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the header of the first request."""
        super().connection_made(transport)
        self._header_since: float | None = self.loop.time()
        self._progress_since = self.loop.time()
        self._received = 0
        self._unsent = 0
        self.config.connections.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection no longer."""
        self.config.connections.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what a client sends."""
        if self._header_since is None and self.is_waiting:
            self._header_since = self.loop.time()
        self._received += len(data)
        super().data_received(data)

    def handle_events(self) -> None:
        """Handle what has arrived; notice whether a request has begun."""
        cycle = self.cycle
        super().handle_events()
        if self.cycle is not cycle:
            self._header_since = None
            self._begin_window()
            self.config.connections.note(self)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        self.config.connections.note(self)
        super().on_response_complete()

    def shutdown(self) -> None:
        """Close the connection, after the response if a request is in work."""
        if self.is_waiting:
            self.transport.close()
        else:
            self.cycle.keep_alive = False

    @property
    def is_waiting(self) -> bool:
        """Whether no request is in work."""
        return self.cycle is None or self.cycle.response_complete

    def is_late(self, now: float, limits: ConnectionLimits) -> bool:
        """Return whether the header of a request takes too long."""
        since = self._header_since
        return self.is_waiting and since is not None and now - since > limits.header_seconds

    def is_stalled(self, now: float, limits: ConnectionLimits) -> bool:
        """Return whether a body makes no progress, in either direction."""
        unsent = self.transport.get_write_buffer_size()
        taking = unsent > 0
        sending = not self.is_waiting and self.cycle.more_body and not self._is_held_back
        if not (sending or taking) or (taking and unsent < self._unsent):
            self._begin_window()
        self._unsent = unsent
        if now - self._progress_since <= limits.stalled_seconds:
            return False
        if sending and not taking and self._received >= limits.stalled_bytes:
            self._begin_window()
            return False
        return True

    def give_up(self) -> None:
        """Close a connection whose header does not come; one that began to send it is told with 408."""
        header_begun = bool(self.conn.trailing_data[0])
        if header_begun and not self.transport.is_closing():
            self.transport.write(_TIMED_OUT)
        self.transport.close()

    @property
    def _is_held_back(self) -> bool:
        """Whether the client waits for this side: for `100 Continue`, or until what it sent is read."""
        return self.cycle.waiting_for_100_continue or self.flow.read_paused

    def _begin_window(self) -> None:
        self._progress_since, self._received = self.loop.time(), 0

    def _should_upgrade(self) -> bool:
        # There are no WebSockets. uvicorn would log two warnings for every request that asks for one.
        return False
