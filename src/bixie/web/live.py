"""``/live``: says at once when something new happened in a case, as server-sent events.

A stream holds no worker thread: every few seconds one short query asks whether the case has a new event. It
ends after some minutes, when the browser connects anew by itself, and when the server stops.

References
----------
HTML Living Standard, section 9.2, server-sent events.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from bixie.access.call import Call
from bixie.access.errors import UnknownCallerError
from bixie.cases.access import case_call
from bixie.cases.news import entries_seen, last_event
from bixie.cases.requests import SIDES
from bixie.cases.words import Side
from bixie.web import sign_in
from bixie.web.auth_middleware import call_for
from bixie.web.errors import WebError
from bixie.web.services import Services

__all__ = ["Live", "router"]

_POLL_SECONDS = 3.0
_POLLS = 100
"""Of one stream: five minutes."""
_ALIVE_EVERY = 5
"""Polls between two lines that keep proxies from closing the connection."""
_AT_ONCE, _AT_ONCE_OF_ONE = 200, 6
_ANEW_MS = 3_000
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class _Watched:
    call: Call
    side: Side
    case_id: str
    seen: int

    def last_event(self) -> int:
        with self.call.reading() as session:
            return last_event(session, self.case_id)

    def entries(self) -> int:
        with self.call.reading() as session:
            return entries_seen(session, self.case_id, self.side)


class Live:
    """The streams that are open.

    Parameters
    ----------
    poll_seconds : float
        Between two queries of a stream.
    """

    def __init__(self, poll_seconds: float = _POLL_SECONDS) -> None:
        self._poll_seconds = poll_seconds
        self._open: Counter[str] = Counter()
        self._stopped = asyncio.Event()

    def watch(self, call: Call, case_id: str, seen: int, side: Side | None = None) -> Response:
        """Return the stream of a case for a caller.

        Parameters
        ----------
        call : Call
        case_id : str
        seen : int
            Entries of the thread that the caller has; with more there is news at once.
        side : Side, optional
            The side that the caller names.

        Raises
        ------
        NoSuchCaseError
            ``cases.no_such_case``.
        WebError
            ``web.too_many_streams``.
        """
        call.allow(SIDES)
        inner, of = case_call(call, case_id, side)
        who = call.principal.id
        if self._open.total() >= _AT_ONCE or self._open[who] >= _AT_ONCE_OF_ONE:
            raise WebError("web.too_many_streams", HTTPStatus.TOO_MANY_REQUESTS)
        stream = self._stream(who, _Watched(inner, of, case_id, seen))
        return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)

    def stop(self) -> None:
        """End all streams: the server stops. Called in the server's event loop."""
        self._stopped.set()

    async def _stream(self, who: str, watched: _Watched) -> AsyncIterator[str]:
        self._open[who] += 1
        try:
            yield f"retry: {_ANEW_MS}\n\n"
            async for line in self._lines(watched):
                yield line
        finally:
            self._open[who] -= 1
            self._open += Counter()  # drops who has none

    async def _lines(self, watched: _Watched) -> AsyncIterator[str]:
        last, seen = -1, watched.seen
        for poll in range(_POLLS):
            now = await run_in_threadpool(watched.last_event)
            if now != last:
                last, entries = now, await run_in_threadpool(watched.entries)
                if entries > seen:
                    seen = entries
                    yield f"event: news\ndata: {entries}\n\n"
            elif poll % _ALIVE_EVERY == 0:
                yield ": \n\n"
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), self._poll_seconds)
                return


def router(services: Services, live: Live) -> APIRouter:
    """Return the endpoint."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/live")
    def watch(
        request: Request,
        case: Annotated[str, Query(max_length=64)],
        seen: Annotated[int, Query(ge=0, le=1_000_000)],
        side: Side | None = None,
    ) -> Response:
        found = sign_in.signed_in(request, services)
        if found is None:
            raise UnknownCallerError("access.no_key")
        return live.watch(call_for(services, found[0], None), case, seen, side)

    return routes
