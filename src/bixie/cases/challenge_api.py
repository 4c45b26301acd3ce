"""``/api/v1/cases/{id}/challenge``: what was found in a picture, and a request for other evidence."""

from fastapi import APIRouter

from bixie.access.idempotency import as_bytes
from bixie.access.tenancy import TenantSession
from bixie.cases.access import case_call
from bixie.cases.challenge import challenge
from bixie.cases.challenge_schemas import ChallengeIn, ChallengeOut, ExaminedOut
from bixie.cases.examined import examined_file
from bixie.cases.files import serve_current
from bixie.cases.requests import SIDES, Asks, CurrentCall, answer, reader_for
from bixie.cases.schemas import CaseOut
from bixie.kit.canonical_json import Json

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.post("/{case_id}/challenge")
def challenge_picture(call: CurrentCall, case_id: str, given: ChallengeIn, asked: Asks) -> ChallengeOut:
    """Challenge a picture: get its examination, and ask the side that gave it for other evidence.

    The request is put in neutral words in the thread. The time of whoever asks stands still until the answer.
    """
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)

    def work(session: TenantSession) -> Json:
        case = challenge(session, case_id, side, given.as_challenge(), clock=call.clock)
        serve_current(case)
        return answer(session, case.row, reader_for(call, side, asked))

    parts = (case_id.encode(), str(side).encode(), as_bytes(given))
    case = CaseOut.model_validate(inner.once("cases.challenge", parts, work))
    found = examined_file(inner, given.exhibit)
    return ChallengeOut(case=case, examination=None if found is None else ExaminedOut.model_validate(found))
