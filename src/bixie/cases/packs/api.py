"""``/api/v1/policies``: the packs that cases are heard by; policy editors add, publish and retire them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from bixie.access.call import Call, current_call
from bixie.access.idempotency import as_bytes
from bixie.access.paging import Page, PageQuery
from bixie.access.principal import Role
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.cases.packs import repository, service
from bixie.cases.packs.backtesting import MAX_DECISIONS, backtest_of_tenant
from bixie.cases.packs.errors import NoSuchPackError
from bixie.cases.packs.lookup import pack_in_force, pack_of_row
from bixie.cases.packs.models import PolicyPack
from bixie.cases.packs.schemas import BacktestOut, PolicyIn, PolicyInForce, PolicyOut, PolicySummary
from bixie.kit.canonical_json import Json, encode_canonical

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/policies", tags=["policies"])

_EDITORS = frozenset({Role.POLICY_EDITOR, Role.ADMIN})
_READERS = frozenset(Role) - {Role.PROGRAM}
_SHOWN_TO_ALL = ("published", "retired")
_ALL = ("draft", *_SHOWN_TO_ALL)
_Call = Annotated[Call, Depends(current_call)]


class _BacktestQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(1_000, ge=1, le=MAX_DECISIONS, description="most decisions, the newest")


@router.get("")
def list_policies(call: _Call, query: Annotated[PageQuery, Query()]) -> Page[PolicySummary]:
    """List the packs of the tenant, as they were added. Both sides of a case see what was published."""
    call.allow(_READERS)
    window = call.window("policies", query)
    with call.reading() as session:
        rows = repository.page(session, window.after_place, window.rows, _visible(call))
        return window.page(rows, PolicySummary.of, place_of)


@router.post("", status_code=201)
def add_policy(call: _Call, given: PolicyIn) -> PolicyOut:
    """Add a version of a pack as a draft; `faults` says what stands against publishing it."""
    call.allow_tenant(_EDITORS)
    text = encode_canonical(given.pack) if given.text is None else given.text.encode()

    def work(session: TenantSession) -> Json:
        row = service.add_draft(session, text, call.clock)
        # The faults of the document as it was given: its lines are those that the editor sees.
        return PolicyOut.with_faults(row, service.faults_of(text)).model_dump(mode="json")

    return PolicyOut.model_validate(call.once("policies.add", (as_bytes(given),), work))


@router.get("/in-force")
def get_policy_in_force(call: _Call) -> PolicyInForce:
    """Get the pack that a claim filed now is heard by: the tenant's own, else Bixie's."""
    call.allow(_READERS)
    with call.reading() as session:
        return PolicyInForce.of(pack_in_force(session, call.clock()))


@router.get("/{policy_id}")
def get_policy(call: _Call, policy_id: str) -> PolicyOut:
    """Get a pack with its body."""
    call.allow(_READERS)
    with call.reading() as session:
        row = service.found(session, policy_id)
        if row.state not in _visible(call):
            raise NoSuchPackError("packs.no_such_pack")
        return _out(row)


@router.post("/{policy_id}/publish")
def publish_policy(call: _Call, policy_id: str) -> PolicyOut:
    """Publish a draft. Claims that are filed from its first day on are heard by it."""
    call.allow_tenant(_EDITORS)
    with call.writing() as session:
        return _out(service.publish(session, policy_id, call.clock))


@router.post("/{policy_id}/retire")
def retire_policy(call: _Call, policy_id: str) -> PolicyOut:
    """Retire a pack. Cases that are heard by it go on with it."""
    call.allow_tenant(_EDITORS)
    with call.writing() as session:
        return _out(service.retire(session, policy_id, call.clock))


@router.get("/{policy_id}/backtest")
def backtest_policy(call: _Call, policy_id: str, query: Annotated[_BacktestQuery, Query()]) -> BacktestOut:
    """Count what a pack would have changed on earlier decisions, by outcome and by rule. Nothing changes."""
    call.allow_tenant(_EDITORS)
    with call.reading() as session:
        row = service.found(session, policy_id)
        found, more = backtest_of_tenant(session, row, query.limit)
    return BacktestOut.model_validate({**found.as_dict(), "more": more})


def _visible(call: Call) -> tuple[str, ...]:
    inside = call.principal.party is None and call.principal.role is not Role.BUYER
    return _ALL if inside else _SHOWN_TO_ALL


def _out(row: PolicyPack) -> PolicyOut:
    faults = service.faults_of(pack_of_row(row).canonical) if row.state == "draft" else ()
    return PolicyOut.with_faults(row, faults)
