"""``bixie serve``: the service, on this machine only unless told otherwise."""

import argparse
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bixie.cli.language import say
from bixie.kit.errors import SettingError, UsageError
from bixie.kit.messages import Language

if TYPE_CHECKING:
    import uvicorn

    from bixie.web.services import Services

__all__ = ["PROXIES", "add", "run"]

PROXIES = "BIXIE_TRUSTED_PROXIES"
"""Setting: addresses and networks of proxies that name the caller in ``X-Forwarded-For``, with commas."""

_LOOPBACK = "127.0.0.1"
_PORT = 8000
_MAX_PORT = 65_535
_BACKLOG = 128
_GRACE_SECONDS = 30
"""What is being answered may take so long to end once the service is told to stop."""


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "serve",
        language=language,
        help=say("serve.summary", language),
        usage="bixie serve [--host ADDRESS] [--port NUMBER] [--data DIR] [--url DATABASE-URL] [--lang zh|en]",
        description=say("serve.description", language),
        epilog=say("serve.epilog", language),
    )
    parser.add_argument("--host", metavar="ADDRESS", default=_LOOPBACK, help=say("serve.host", language))
    parser.add_argument("--port", metavar="NUMBER", default=str(_PORT), help=say("serve.port", language))
    parser.add_argument("--data", metavar="DIR", help=say("serve.data", language))
    parser.add_argument("--url", metavar="DATABASE-URL", help=say("serve.url", language))
    parser.add_argument("--lang", choices=("zh", "en"), help=say("ledger.lang", language))
    parser.set_defaults(run=run, parser=parser)


def run(chosen: argparse.Namespace, language: Language) -> int:
    """Serve until told to stop."""
    # Here, not above: what serves is not needed for `bixie --help`.
    from bixie.assembly.stores import blobs_of, ready_store  # noqa: PLC0415
    from bixie.identity.signin.setup import open_setup  # noqa: PLC0415
    from bixie.imaging.limits import Limits  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415
    from bixie.web import logs  # noqa: PLC0415
    from bixie.web.services import Services  # noqa: PLC0415
    from bixie.web.setup import PATH  # noqa: PLC0415

    limits = Limits.from_environment()
    location = Location.find(chosen.data, chosen.url)
    blobs, proxies = blobs_of(location), _trusted_proxies()
    with _listening(chosen.host, chosen.port) as listener:
        store = ready_store(location)
        try:
            host, port = listener.getsockname()[:2]
            address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            print(say("serve.listening", language, address=address), flush=True)
            token = open_setup(store)
            if token is not None:
                print(say("serve.setup", language, link=f"{address}{PATH}?token={token}"), flush=True)
            logs.configure(sys.stderr)
            _server(Services(store, blobs, limits), proxies).run(sockets=[listener])
        finally:
            store.close()
    return 0


def _trusted_proxies() -> str:
    """Return whose word counts on where a call comes from; attempts to sign in are slowed down by address."""
    found = os.environ.get(PROXIES, "")
    for one in filter(None, found.split(",")):
        try:
            ipaddress.ip_network(one.strip())
        except ValueError as error:
            raise SettingError("setting.not_a_network", name=PROXIES) from error
    return found


def _listening(host: str, port: str) -> socket.socket:
    if not (port.isascii() and port.isdigit()) or int(port) > _MAX_PORT:
        raise UsageError("usage.not_a_port", port=port)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, int(port)), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError("usage.cannot_listen", host=host, port=port, reason=reason) from error
    # Connections inherit it. An answer goes out in two parts; otherwise the second would wait until the
    # caller has acknowledged the first, for up to 40 ms. asyncio sets it on sockets of its own making only.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _server(parts: "Services", proxies: str) -> "uvicorn.Server":
    import uvicorn  # noqa: PLC0415

    from bixie.web.app import create_app  # noqa: PLC0415

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            # Uvicorn's own would end the process by the same signal again, before the store is closed.
            stops = (signal.SIGINT, signal.SIGTERM)
            earlier = {stop: signal.signal(stop, self.handle_exit) for stop in stops}
            try:
                yield
            finally:
                for stop, handler in earlier.items():
                    signal.signal(stop, handler)

    config = uvicorn.Config(
        create_app(parts),
        lifespan="off",
        log_config=None,
        access_log=False,  # it would note addresses and query strings
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return Server(config)
