"""Limits of the connections of a server, so that clients that hang cannot use up its file descriptors.

The environment sets them: ``BIXIE_CONNECTION_HEADER_SECONDS=5`` sets `ConnectionLimits.header_seconds`
(docs/reference/limits.md).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib import import_module
from typing import Any

from bixie.kit.settings import positive

__all__ = ["ConnectionLimits", "connections_for", "open_file_limit"]

_PREFIX = "BIXIE_CONNECTION_"
_OWN_FILES = 160
"""Descriptors for the rest of a busy service: 15 database connections of three files each, 40 requests in
threads with two files each, and some thirty that are always open."""
_FILES_PER_CONNECTION = 2
"""The socket, and the temporary file of an upload."""
_MAX_CONNECTIONS = 1024


def open_file_limit() -> int | None:
    """Return how many files this process may have open; None where the system sets no such limit."""
    try:
        resource: Any = import_module("resource")
    except ModuleNotFoundError:  # Windows
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else int(soft)


def connections_for(open_files: int | None) -> int:
    """Return how many connections fit under a limit of open files, with room for what a service opens itself.

    Examples
    --------
    >>> connections_for(256), connections_for(1024), connections_for(None)
    (48, 432, 1024)
    """
    if open_files is None:
        return _MAX_CONNECTIONS
    roomy = (open_files - _OWN_FILES) // _FILES_PER_CONNECTION
    return max(1, min(_MAX_CONNECTIONS, max(roomy, open_files // 8)))


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Bounds on what clients may hold.

    Parameters
    ----------
    count : int
        Connections at the same time. One more takes the place of the oldest that has no request in work; if
        all have one, it is answered with 503.
    header_seconds : float
        From connecting, or from the first byte of the next request, until the whole header is there.
    idle_seconds : int
        Between two requests.
    stalled_seconds : float
        Without progress of a body: a request's that brings less than `stalled_bytes` in this time, or a
        response's of which the client takes nothing.
    stalled_bytes : int
        The slowest upload that goes on: this much in `stalled_seconds`.
    """

    count: int = field(default_factory=lambda: connections_for(open_file_limit()))
    header_seconds: float = 10
    idle_seconds: int = 15
    stalled_seconds: float = 30
    stalled_bytes: int = 16_384

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "ConnectionLimits":
        """Return the limits of the environment, with defaults for the rest.

        Raises
        ------
        SettingError
            ``setting.not_a_number`` when a value is not a whole number greater than zero.
        """
        variables = os.environ if environment is None else environment
        names = {f"{_PREFIX}{one.name.upper()}": one.name for one in fields(cls)}
        return cls(**{names[name]: positive(name, variables[name]) for name in names if name in variables})
