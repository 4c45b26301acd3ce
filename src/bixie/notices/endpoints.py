"""Where webhooks may go: addresses that a tenant names must not lead into the operator's own network.

The name is resolved once, all its addresses are checked, and the connection goes to a checked address: a name
that resolves differently the second time gains nothing.

References
----------
OWASP, Server-Side Request Forgery Prevention; RFC 6890 (special-purpose addresses).
"""

import ipaddress
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bixie.notices.errors import NoticeError, SendingError

__all__ = [
    "PRIVATE_ALLOWED",
    "Endpoint",
    "Resolver",
    "address_of",
    "is_public",
    "parsed",
    "private_allowed",
    "resolve",
]

PRIVATE_ALLOWED = "BIXIE_WEBHOOK_PRIVATE"
"""Setting: ``yes`` lets webhooks go to private and loopback addresses: the receiver stands beside Bixie."""

Resolver = Callable[[str, int], Sequence[str]]
"""Answers with the addresses of a host."""

_MAX_CHARACTERS = 2000
_PORTS = {"http": 80, "https": 443}
_PRINTABLE_ASCII = range(0x21, 0x7F)
# What `is_global` answers differs between versions of Python, and a few ranges are missing in all of them.
_UNICAST_V6 = ipaddress.ip_network("2000::/3")
"""All that is routed on the Internet. Loopback, embedded IPv4 (``::127.0.0.1``, ``::ffff:0:0/96``, NAT64),
site-local and link-local addresses lie outside."""
_SPECIAL = tuple(
    ipaddress.ip_network(net)
    for net in (
        *("192.0.0.0/24", "192.88.99.0/24"),  # protocol assignments, relays of 6to4
        *(
            "2001::/23",
            "2002::/16",
        ),  # Teredo and 6to4: they may embed a private address
        *("2001:db8::/32", "3fff::/20"),  # documentation
    )
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The parts of a web address.

    Parameters
    ----------
    secure : bool
        ``https``.
    host : str
    port : int
    path : str
        With the query.
    """

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the ``Host`` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"


def parsed(url: str) -> Endpoint:
    """Return the parts of an ``http`` or ``https`` address in which nothing is hidden.

    Raises
    ------
    NoticeError
        ``notices.not_a_place``.
    """
    try:
        if len(url) > _MAX_CHARACTERS or not all(ord(one) in _PRINTABLE_ASCII for one in url):
            raise ValueError("characters")
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
        host = _host(parts)
    except (ValueError, KeyError) as error:
        raise NoticeError("notices.not_a_place") from error
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(parts.scheme == "https", host, port, path)


def private_allowed(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether the environment lets webhooks go to private addresses."""
    return (os.environ if environment is None else environment).get(PRIVATE_ALLOWED, "") == "yes"


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, as the system resolves them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def address_of(endpoint: Endpoint, resolver: Resolver, *, allow_private: bool) -> str:
    """Return the address to connect to.

    Raises
    ------
    SendingError
        ``notices.no_such_host`` or ``notices.private_place``. A host with one private address among public
        ones is refused.
    """
    try:
        found = resolver(endpoint.host, endpoint.port)
    except (OSError, UnicodeError) as error:
        raise SendingError("notices.no_such_host") from error
    if not found:
        raise SendingError("notices.no_such_host")
    if not allow_private and not all(is_public(address) for address in found):
        raise SendingError("notices.private_place", final=True)
    return found[0]


def is_public(address: str) -> bool:
    """Return whether an address is public."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found not in _UNICAST_V6:
        return False
    return found.is_global and not found.is_multicast and not any(found in one for one in _SPECIAL)


def _host(parts: SplitResult) -> str:
    if parts.username is not None or parts.password is not None or parts.fragment or not parts.hostname:
        raise ValueError("parts")
    return parts.hostname
