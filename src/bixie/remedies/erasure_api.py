"""``DELETE /api/v1/cases/{id}/texts``: erase what people wrote in a closed case."""

from typing import Annotated

from fastapi import APIRouter, Depends

from bixie.access.call import Call, current_call
from bixie.access.principal import Role
from bixie.remedies.erasure import erase_case

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])

_ADMINS = frozenset({Role.ADMIN})


@router.delete("/{case_id}/texts", status_code=204)
def delete_texts(call: Annotated[Call, Depends(current_call)], case_id: str) -> None:
    """Erase the texts of a closed case: the claim's, messages, notes, drafts and references of remedies.

    What happened, with amounts and codes, stays on record, and so do proofs. Files are erased one by one.
    """
    call.allow_tenant(_ADMINS)
    with call.writing() as session:
        erase_case(session, case_id, call.clock)
