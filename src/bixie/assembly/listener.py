"""A listening socket that survives a full table of open files.

asyncio answers the error of `accept` with a traceback for every connection in the queue, and tries again a
second later with as many handlers as it had errors: a few hundred waiting clients fill the log.
"""

import errno
import os
import socket
import time
from contextlib import suppress
from typing import Any

from bixie.web import logs

__all__ = ["Listener"]

_OUT_OF_FILES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_PAUSE_SECONDS = 0.01
"""For as long the loop stands still when not even the spare descriptor helps: the system's table is full."""


class Listener(socket.socket):
    """A listening socket that drops the connections for which no descriptor is left.

    Parameters
    ----------
    listening : socket.socket
        Is detached: this object takes its descriptor over.
    """

    def __init__(self, listening: socket.socket) -> None:
        super().__init__(listening.family, listening.type, listening.proto, fileno=listening.detach())
        self._spare: int | None = None
        self._hold_spare()
        self._warning = logs.Sparingly("connections_dropped")

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept a connection; one for which no descriptor is left is closed at once.

        Raises
        ------
        BlockingIOError
            When there is none.
        """
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in _OUT_OF_FILES:
                raise
            self._warning.log(reason=errno.errorcode[error.errno])
            self._drop_one()
            # Ends this pass of asyncio's loop. The socket stays readable, so the next pass follows at once.
            raise BlockingIOError from error

    def close(self) -> None:
        """Close the socket and the spare descriptor."""
        self._release_spare()
        super().close()

    def _drop_one(self) -> None:
        """Accept a connection with the spare descriptor and close it: it would be tried again forever."""
        if self._spare is None:
            time.sleep(_PAUSE_SECONDS)
        self._release_spare()
        with suppress(OSError):
            super().accept()[0].close()
        self._hold_spare()

    def _hold_spare(self) -> None:
        with suppress(OSError):
            self._spare = os.open(os.devnull, os.O_RDONLY)

    def _release_spare(self) -> None:
        if self._spare is not None:
            os.close(self._spare)
            self._spare = None
