"""One POST to somebody else's server: no redirect is followed, little is read, and it ends in time."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from bixie.kit.errors import describe_exception
from bixie.notices.endpoints import Endpoint, Resolver, address_of, resolve
from bixie.notices.errors import SendingError

__all__ = ["Answer", "post"]

_SECONDS = 15
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said.

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
    place: Endpoint,
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
    place : Endpoint
    body : bytes
    headers : mapping of str to str
    allow_private : bool
        Whether private and loopback addresses may be connected to.
    resolver : callable
    context : ssl.SSLContext, optional
        The system's trust when not given.
    seconds : float
        For all of it, once connected; a server that answers a letter a second does not hold a worker. What
        came until then counts, if the status was in it.

    Raises
    ------
    SendingError
        ``notices.no_such_host``, ``notices.private_place`` or ``notices.no_answer``.
    """
    address = address_of(place, resolver, allow_private=allow_private)
    connection = _Line(address, place, seconds, context)
    # The socket's own time-out starts anew with every byte; this one does not.
    stop = threading.Timer(seconds, connection.cut)
    stop.daemon = True
    stop.start()
    try:
        connection.connect()
        connection.request("POST", place.path, body, {**headers, "Host": place.authority})
        with connection.getresponse() as response:
            answer = Answer(response.status, response.getheader("Retry-After"), response.read(_MAX_BYTES))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise SendingError("notices.no_answer", reason=describe_exception(error)[:200]) from error
    finally:
        stop.cancel()
        connection.close()
    return answer


class _Line(http.client.HTTPConnection):
    """A connection to an address that was checked; by TLS it must show the certificate of the name."""

    def __init__(self, address: str, place: Endpoint, seconds: float, context: ssl.SSLContext | None) -> None:
        super().__init__(address, place.port, timeout=seconds)
        self._place = place
        self._context = context
        # The library forgets the socket as soon as the server says that it will close.
        self._line: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        if self._place.secure:
            tls = self._context or ssl.create_default_context()
            self.sock = tls.wrap_socket(
                self.sock, server_hostname=self._place.host, do_handshake_on_connect=False
            )
        self._line = self.sock
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it now, from another thread; who waits for something is told."""
        if self._line is not None:
            with suppress(OSError):  # it may have ended meanwhile
                # Of the socket itself: TLS would say good-bye, and touch what the other thread uses.
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)
