"""What the service notes: one JSON object a line, about requests and never about people.

No bodies, no query strings, no headers, no addresses. A path is noted as its pattern, because what stands
in its place may be anything; of an exception its type and where it arose, because its message may quote.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from starlette.types import Scope

from bixie.kit.errors import BixieError
from bixie.kit.timestamps import format_timestamp

__all__ = ["JsonLines", "configure", "log", "note"]

log = logging.getLogger("bixie.web")
_FACTS = "bixie_facts"
_FRAMES = 8
_TELLING = frozenset({"store.unreachable", "store.files"})
"""Errors whose reason is the machine's: it names no data, and an operator needs it."""


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
    """Send what the service and its server note to a stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    for name, level in (("bixie", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


def note(scope: Scope, error: BaseException) -> None:
    """Note what went wrong inside while a call was answered."""
    facts = {"request_id": scope["state"]["request_id"], **_of_exception(error)}
    log.error("failed", extra={_FACTS: facts})


def request_done(facts: dict[str, Any]) -> None:
    """Note that a call was answered."""
    log.info("request", extra={_FACTS: facts})


def _of_exception(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    facts: dict[str, Any] = {
        "error": type(error).__name__,
        "at": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, BixieError):
        facts["code"] = error.code
        if error.code in _TELLING:
            facts["reason"] = str(error.values.get("reason"))
    return facts
