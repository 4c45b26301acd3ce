"""Makes the remedy of a decision and the one that takes it back, each once, and the orders to be sent.

Everything is written in the caller's transaction, under the lock of the tenant's ledger. Nothing here sends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.cases import remedying as cases
from bixie.cases.remedying import RemedyNeeded
from bixie.jobs import repository as jobs
from bixie.kit.ids import new_id
from bixie.kit.money import Money
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger.service import NewEvent, append, lock
from bixie.orders import repository as orders
from bixie.remedies import repository
from bixie.remedies.errors import GatewayError
from bixie.remedies.gateway import (
    REVERSALS,
    Kind,
    OrderedFor,
    OrderedItem,
    RemedyOrder,
    Reverses,
    idempotency_key,
)
from bixie.remedies.models import Remedy, State
from bixie.remedies.rules import is_to_be_sent, known_of, was_never_carried_out

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["OnOrdered", "Wanted", "order", "reverse"]

OnOrdered = Callable[[TenantSession, Remedy], None]
"""Is called with a new remedy, in the transaction that makes it."""

_WHILE_SENDING = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a job asks for.

    Parameters
    ----------
    case_id, decision_id : str
    job_id : str
        Of the job that sends the order.
    """

    case_id: str
    decision_id: str
    job_id: str


def order(
    session: TenantSession,
    wanted: Wanted,
    on_ordered: OnOrdered = lambda *_: None,
    clock: Clock = utc_now,
) -> RemedyOrder | None:
    """Make the remedy of a decision, unless it is there; return the order to be sent.

    Parameters
    ----------
    session : TenantSession
    wanted : Wanted
    on_ordered : callable
    clock : callable

    Returns
    -------
    RemedyOrder or None
        None where nothing is to be sent: the decision asks for nothing or does not stand any more, the order
        was accepted already, or it is a repair.
    """
    lock(session)
    remedy = repository.of_decision(session, wanted.decision_id)
    if remedy is None:
        needed = cases.needed(session, wanted.case_id, wanted.decision_id)
        if needed is None:
            return None
        remedy = _of_need(session, needed, clock)
        _add(session, remedy, clock)
        cases.ordered(session, remedy.case_id, remedy.id, clock)
        on_ordered(session, remedy)
    return _to_send(session, remedy, wanted)


def reverse(
    session: TenantSession,
    wanted: Wanted,
    on_ordered: OnOrdered = lambda *_: None,
    clock: Clock = utc_now,
) -> RemedyOrder | None:
    """Make the remedy that takes back that of a decision, unless it is there; return the order to be sent.

    Where the outside did nothing for certain, nothing is ordered.

    Raises
    ------
    GatewayError
        ``remedies.being_sent`` while a worker sends the first order: chance would say which of the two
        arrives first.
    """
    lock(session)
    taken_back = repository.of_decision(session, wanted.decision_id)
    if taken_back is None:
        cases.taken_back(session, wanted.case_id, wanted.decision_id, clock)
        return None
    remedy = repository.reversal_of(session, taken_back.id)
    if remedy is None:
        remedy = _reversal(session, taken_back, clock)
        if remedy is None:
            # Nothing was done, or it cannot be undone, as a repair: what was decided instead goes out.
            cases.taken_back(session, wanted.case_id, wanted.decision_id, clock)
            return None
        on_ordered(session, remedy)
    return _to_send(session, remedy, wanted, taken_back)


def _of_need(session: TenantSession, needed: RemedyNeeded, clock: Clock) -> Remedy:
    tenant, kind = session.principal.tenant, Kind(needed.kind)
    return Remedy(
        id=new_id("remedy", clock),
        tenant=tenant,
        party=needed.party,
        buyer=needed.buyer,
        case_id=needed.case_id,
        decision_id=needed.decision_id,
        order_id=needed.order_id,
        kind=str(kind),
        amount_minor=needed.amount_minor,
        currency=needed.currency,
        items=[{"position": one.position, "count": one.count} for one in needed.items],
        idempotency_key=idempotency_key(tenant, needed.decision_id, kind),
        reversal_of=None,
        state=str(State.WAITING),
        ordered_at=clock(),
    )


def _reversal(session: TenantSession, taken_back: Remedy, clock: Clock) -> Remedy | None:
    """Make the remedy of the opposite direction; None where the first one ends without it."""
    if taken_back.state in (State.REVERSED, State.IRREVERSIBLE):
        return None
    kind = REVERSALS.get(Kind(taken_back.kind))
    if kind is None or was_never_carried_out(taken_back):
        ended = State.REVERSED if was_never_carried_out(taken_back) else State.IRREVERSIBLE
        taken_back.state = str(ended)
        append(session, [NewEvent(f"remedy.{ended}", taken_back.id, rows=(taken_back,))], clock)
        return None
    if _is_being_sent(session, taken_back):
        raise GatewayError("remedies.being_sent", counts=False, retry_after=_WHILE_SENDING)
    taken_back.state = str(State.REVERSING)
    same = ("party", "buyer", "case_id", "decision_id", "order_id", "amount_minor", "currency", "items")
    remedy = Remedy(
        id=new_id("remedy", clock),
        tenant=taken_back.tenant,
        **{name: getattr(taken_back, name) for name in same},
        kind=str(kind),
        idempotency_key=idempotency_key(taken_back.tenant, taken_back.decision_id, kind),
        reversal_of=taken_back.id,
        state=str(State.WAITING),
        ordered_at=clock(),
    )
    _add(session, remedy, clock, taken_back)
    return remedy


def _add(session: TenantSession, remedy: Remedy, clock: Clock, *changed: Remedy) -> None:
    session.add(remedy)
    data: dict[str, Json] = {"case": remedy.case_id, "decision": remedy.decision_id, "kind": remedy.kind}
    append(session, [NewEvent("remedy.ordered", remedy.id, data, rows=(remedy, *changed))], clock)


def _is_being_sent(session: TenantSession, remedy: Remedy) -> bool:
    """Return whether a worker has the job that sends it. One that takes it later finds the new state."""
    job = jobs.by_id(session, remedy.job_id) if remedy.job_id and is_to_be_sent(remedy) else None
    return job is not None and job.handed_at is not None


def _to_send(
    session: TenantSession, remedy: Remedy, wanted: Wanted, taken_back: Remedy | None = None
) -> RemedyOrder | None:
    if not is_to_be_sent(remedy):
        return None
    remedy.job_id = wanted.job_id
    ordered = orders.by_id(session, remedy.order_id)
    if ordered is None:
        raise GatewayError("remedies.no_order", final=True)
    skus = {line.position: line.sku for line in ordered.items}
    amount = None
    if remedy.amount_minor is not None and remedy.currency is not None:
        amount = Money(minor=remedy.amount_minor, currency=remedy.currency)
    return RemedyOrder(
        id=remedy.id,
        idempotency_key=remedy.idempotency_key,
        tenant=remedy.tenant,
        party=remedy.party,
        case=remedy.case_id,
        decision=remedy.decision_id,
        kind=Kind(remedy.kind),
        order=OrderedFor(id=ordered.id, number=ordered.number),
        amount=amount,
        items=tuple(OrderedItem(**one, sku=skus.get(one["position"])) for one in remedy.items),
        reverses=None if taken_back is None else _reverses(taken_back),
        ordered_at=format_timestamp(remedy.ordered_at),
    )


def _reverses(taken_back: Remedy) -> Reverses:
    return Reverses(id=taken_back.id, idempotency_key=taken_back.idempotency_key, known=known_of(taken_back))
