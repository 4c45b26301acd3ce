"""``/api/v1/error-board``: how often an appeal changed a decision, for reviewers and admins of the tenant."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from bixie.access.principal import Role
from bixie.cases.error_board.schemas import ErrorBoardOut
from bixie.cases.error_board.service import error_board
from bixie.cases.requests import CurrentCall

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/error-board", tags=["reviews"])

_READERS = frozenset({Role.REVIEWER, Role.ADMIN})
# Days that every clock and database can count.
_Day = Annotated[date | None, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]


class _BoardQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    since: _Day = Field(None, description="first day on which a decision was made, in UTC+8")
    until: _Day = Field(None, description="last day on which a decision was made, in UTC+8")


@router.get("")
def get_error_board(call: CurrentCall, query: Annotated[_BoardQuery, Query()]) -> ErrorBoardOut:
    """Count decisions, appeals and decisions that an appeal changed: first refusals, then approvals."""
    call.allow_tenant(_READERS)
    with call.reading() as session:
        board = error_board(session, query.since, query.until)
    return ErrorBoardOut.of(board, query.since, query.until)
