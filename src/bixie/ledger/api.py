"""``/api/v1/ledger``: events, and proofs of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from bixie.access.call import Call, current_call
from bixie.access.idempotency import as_bytes
from bixie.access.paging import Page, PageQuery
from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import MAX_SAFE_INTEGER, Json
from bixie.ledger import repository
from bixie.ledger.errors import NotCoveredError
from bixie.ledger.schemas import CheckpointOut, EventOut, ProofIn, ProofOut
from bixie.ledger.service import checkpoint, prove

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/ledger", tags=["ledger"])

_READERS = frozenset({Role.CLERK, Role.REVIEWER, Role.ADMIN, Role.API_KEY})
_Call = Annotated[Call, Depends(current_call)]


class _EventsQuery(PageQuery):
    subject: str | None = Field(None, pattern="^[a-z0-9_]{1,64}$", description="only those about this thing")
    type: str | None = Field(None, pattern=r"^[a-z0-9_.]{1,64}$", description="only those of this type")


@router.get("/events")
def list_events(call: _Call, query: Annotated[_EventsQuery, Query()]) -> Page[EventOut]:
    """List events, the oldest first."""
    call.allow_tenant(_READERS)
    window = call.window("events", query)
    with call.reading() as session:
        rows = repository.page(session, window.after_number, window.rows, query.subject, query.type)
        return window.page(rows, EventOut.of, lambda row: row.sequence)


@router.post("/checkpoints", status_code=201)
def add_checkpoint(call: _Call) -> CheckpointOut:
    """Make a checkpoint over all events until now, so that each can be proven.

    Where nothing has happened since the last one, that one is returned.
    """
    call.allow_tenant(_READERS)

    def work(session: TenantSession) -> Json:
        checkpoint(session, call.clock)
        newest = repository.latest_checkpoint(session)
        if newest is None:
            raise NotCoveredError("ledger.empty")
        return CheckpointOut.of(newest).model_dump(mode="json")

    return CheckpointOut(**call.once("ledger.checkpoint", (), work))


@router.post("/proofs", status_code=201)
def add_proof(call: _Call, body: ProofIn) -> ProofOut:
    """Get the proof of one event, with a new checkpoint if none covers it yet."""
    call.allow_tenant(_READERS)

    def work(session: TenantSession) -> Json:
        if repository.checkpoint_covering(session, body.sequence) is None:
            checkpoint(session, call.clock)
        return ProofOut.of(body.sequence, prove(session, body.sequence)).model_dump(mode="json")

    return ProofOut(**call.once("ledger.prove", (as_bytes(body),), work))


@router.get("/proofs/{sequence}")
def get_proof(call: _Call, sequence: Annotated[int, Path(ge=1, le=MAX_SAFE_INTEGER)]) -> ProofOut:
    """Get the proof of one event, by the newest checkpoint that covers it."""
    call.allow_tenant(_READERS)
    with call.reading() as session:
        return ProofOut.of(sequence, prove(session, sequence))
