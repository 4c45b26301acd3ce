"""The log of the service: one JSON object a line, about requests and never about people.

No bodies, no query strings, no headers, no addresses. A path is logged as its pattern, because the path
itself may contain anything; an exception as its type and origin, because its message may quote.
"""

import json
import logging
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from starlette.types import Scope

from bixie.kit.errors import BixieError
from bixie.kit.messages import Text
from bixie.kit.timestamps import format_timestamp

__all__ = ["JsonLines", "Sparingly", "configure", "log", "log_error", "log_request"]

log = logging.getLogger("bixie.web")
_FACTS = "bixie_facts"
_FRAMES = 8
_CODES_WITH_REASON = frozenset({"store.unreachable", "store.files"})
"""Errors whose reason comes from the machine: it contains no data, and an operator needs it."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts: dict[str, Any] = {
            "time": format_timestamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, _FACTS, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            facts |= _of_exception(record.exc_info[1])
        return json.dumps(facts, ensure_ascii=False)


def configure(stream: TextIO) -> None:
    """Send the log of the service and its server to a stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    for name, level in (("bixie", logging.INFO), ("uvicorn", logging.WARNING), ("asyncio", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


class Sparingly:
    """Logs a warning that could repeat thousands of times: one line, then silence for a while.

    Parameters
    ----------
    message : str
    seconds : float
        Of silence after a line; the next one says how often it was left out.
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self, message: str, seconds: float = 60, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._message = message
        self._seconds = seconds
        self._clock = clock
        self._silent_until = clock()
        self._left_out = 0

    def log(self, **facts: Any) -> None:
        """Log the warning, unless it was logged just now."""
        now = self._clock()
        if now < self._silent_until:
            self._left_out += 1
            return
        log.warning(self._message, extra={_FACTS: {**facts, "left_out": self._left_out}})
        self._silent_until, self._left_out = now + self._seconds, 0


def log_error(scope: Scope, error: BaseException) -> None:
    """Log an error of a request."""
    facts = {"request_id": scope["state"]["request_id"], **_of_exception(error)}
    log.error("failed", extra={_FACTS: facts})


def log_request(facts: dict[str, Any]) -> None:
    """Log a finished request."""
    log.info("request", extra={_FACTS: facts})


def _of_exception(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    facts: dict[str, Any] = {
        "error": type(error).__name__,
        "at": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, BixieError):
        facts["code"] = error.code
        if error.code in _CODES_WITH_REASON:
            reason = error.values.get("reason")
            facts["reason"] = reason.en if isinstance(reason, Text) else str(reason)
    return facts
