"""One POST to another's server: follows no redirect, reads little, and ends in time."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from bixie.kit.reasons import plain_reason
from bixie.notices.endpoints import Endpoint, Resolver, address_of, resolve
from bixie.notices.errors import SendingError

__all__ = ["Answer", "post"]

_SECONDS = 15
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered.

    Parameters
    ----------
    status : int
    retry_after : str or None
        The header.
    body : bytes
        The beginning, at most 64 KiB.
    """

    status: int
    retry_after: str | None
    body: bytes


def post(
    endpoint: Endpoint,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow_private: bool,
    resolver: Resolver = resolve,
    context: ssl.SSLContext | None = None,
    seconds: float = _SECONDS,
) -> Answer:
    """Send a body; return what was answered, whatever the status.

    Parameters
    ----------
    endpoint : Endpoint
    body : bytes
    headers : mapping of str to str
    allow_private : bool
        Whether private and loopback addresses may be connected to.
    resolver : callable
    context : ssl.SSLContext, optional
        The system's trust when not given.
    seconds : float
        Limit for the whole exchange once connected, so that a server that drips its answer does not occupy a
        worker. What arrived by then counts if it includes the status.

    Raises
    ------
    SendingError
        ``notices.no_such_host``, ``notices.private_place`` or ``notices.no_answer``.
    """
    address = address_of(endpoint, resolver, allow_private=allow_private)
    connection = _Connection(address, endpoint, seconds, context)
    # The socket's own timeout restarts with every byte; this one does not.
    stop = threading.Timer(seconds, connection.cut)
    stop.daemon = True
    stop.start()
    try:
        connection.connect()
        connection.request("POST", endpoint.path, body, {**headers, "Host": endpoint.authority})
        with connection.getresponse() as response:
            answer = Answer(response.status, response.getheader("Retry-After"), response.read(_MAX_BYTES))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise SendingError("notices.no_answer", reason=plain_reason(error)) from error
    finally:
        stop.cancel()
        connection.close()
    return answer


class _Connection(http.client.HTTPConnection):
    """A connection to a checked address; with TLS the certificate must be that of the host name."""

    def __init__(
        self, address: str, endpoint: Endpoint, seconds: float, context: ssl.SSLContext | None
    ) -> None:
        super().__init__(address, endpoint.port, timeout=seconds)
        self._endpoint = endpoint
        self._context = context
        # The library drops its reference to the socket when the server announces that it will close.
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        if self._endpoint.secure:
            tls = self._context or ssl.create_default_context()
            self.sock = tls.wrap_socket(
                self.sock, server_hostname=self._endpoint.host, do_handshake_on_connect=False
            )
        self._socket = self.sock
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def cut(self) -> None:
        """End the connection now, from another thread; a pending read or write fails."""
        if self._socket is not None:
            with suppress(OSError):  # it may have ended already
                # On the plain socket: a TLS shutdown would touch state that the other thread uses.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
