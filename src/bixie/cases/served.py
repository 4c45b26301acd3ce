"""Whether each side has had the case file: when it was served and opened, and whether it is the one now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from bixie.access.tenancy import TenantSession
from bixie.cases.events import FileReceived
from bixie.cases.files import file_of
from bixie.cases.models import Case
from bixie.cases.schemas import ServedOut
from bixie.cases.state import CaseState, Dated
from bixie.cases.words import Side
from bixie.kit.timestamps import format_optional
from bixie.policies import Pack

__all__ = ["FileOut", "served_out"]


class FileOut(BaseModel):
    """The case file as both sides have it."""

    sha256: str
    content: Mapping[str, Any]
    rules: list[Mapping[str, Any]] = Field(description="the text of the rules that decide")


def served_out(
    session: TenantSession, case: Case, state: CaseState, pack: Pack, events: Sequence[Dated]
) -> dict[Side, ServedOut]:
    """Return for buyer and merchant when they were served the case file, and when they opened it."""
    now = file_of(session, case, pack)[1] if state.served or state.received else None
    opened = {one.event.by: one.time for one in events if isinstance(one.event, FileReceived)}
    return {
        side: _served(state, side, opened.get(side), now, timedelta(hours=pack.terms.service_hours))
        for side in (Side.BUYER, Side.MERCHANT)
    }


def _served(
    state: CaseState, side: Side, opened: datetime | None, now: str | None, after: timedelta
) -> ServedOut:
    served = state.served_at.get(side)
    return ServedOut(
        served_at=format_optional(served),
        opened_at=format_optional(opened),
        counts_at=format_optional(None if served is None else served + after),
        current=now is not None and now in (state.served.get(side), state.received.get(side)),
    )
