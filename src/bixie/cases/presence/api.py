"""``/api/v1/cases/{id}/presence``: who else has a case open."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bixie.cases.access import case_call
from bixie.cases.presence.service import leave, see
from bixie.cases.requests import SIDES, Asks, CurrentCall
from bixie.identity.repository import people_by_id
from bixie.kit.timestamps import format_timestamp

__all__ = ["PresenceOut", "router"]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class PresentOut(BaseModel):
    """Somebody who has the case open."""

    person: str
    name: str | None = Field(description="or login; null for a key")
    since: str


class PresenceOut(BaseModel):
    """Who else has the case open."""

    others: list[PresentOut] = Field(description="of your own side")


@router.post("/{case_id}/presence")
def see_case(call: CurrentCall, case_id: str, asked: Asks) -> PresenceOut:
    """Say that you have a case open, and see who else of your side has. Say it again every 25 seconds."""
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)
    with inner.writing() as session:
        others = see(session, case_id, side, call.clock)
        people = people_by_id(session, [one.person for one in others])
        shown = []
        for one in others:
            person = people.get(one.person)
            name = None if person is None else person.name or person.login
            shown.append(PresentOut(person=one.person, name=name, since=format_timestamp(one.since)))
    return PresenceOut(others=shown)


@router.delete("/{case_id}/presence", status_code=204)
def leave_case(call: CurrentCall, case_id: str, asked: Asks) -> None:
    """Say that you have closed a case."""
    call.allow(SIDES)
    inner, _ = case_call(call, case_id, asked.side)
    with inner.writing() as session:
        leave(session, case_id)
