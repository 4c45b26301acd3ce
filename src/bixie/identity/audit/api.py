"""``/api/v1/audit``: who signed in or failed to, and who changed people, keys and passwords."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from bixie.access.call import Call, current_call
from bixie.access.paging import Page, PageQuery
from bixie.identity.api import only_admins
from bixie.identity.audit.schemas import EntryOut
from bixie.identity.audit.service import entries

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])

_Call = Annotated[Call, Depends(current_call)]


class _AuditQuery(PageQuery):
    about: str | None = Field(
        None, pattern="^[a-z0-9_]{1,64}$", description="only those about this person or key"
    )


@router.get("")
def list_audit(call: _Call, query: Annotated[_AuditQuery, Query()]) -> Page[EntryOut]:
    """List what happened to people, keys and sign-ins, the oldest first."""
    only_admins(call)
    window = call.window("audit", query)
    with call.reading() as session:
        rows = entries(session, query.about, window.after_number, window.rows)
        return window.page(rows, EntryOut.of, lambda entry: str(entry.event.sequence))
