"""A delivery from the transaction that asks for it to the one that notes what became of it.

A delivery is what is sent; its job says when. Both are written together, and the id of the delivery is the
key of the job.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.identity.errors import NotAllowedError
from bixie.identity.rules import may_manage
from bixie.jobs import repository as jobs
from bixie.jobs.errors import WorkError, typed_error
from bixie.jobs.service import cancel, enqueue, retry
from bixie.kit.ids import new_id
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append
from bixie.notices import repository
from bixie.notices.errors import NoNoticeError, SendingError
from bixie.notices.models import Delivery, WebhookTarget
from bixie.notices.rules import Channel, job_name
from bixie.notices.sending import Outgoing

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["deliver", "erase", "mark_given_up", "mark_sent", "outgoing", "send_again"]


def deliver(
    session: TenantSession,
    channel: Channel,
    content: "dict[str, Json]",
    clock: Clock,
    *,
    notice: str | None = None,
    target: str | None = None,
    address: str | None = None,
) -> Delivery:
    """Write a delivery and its job, in the caller's transaction.

    Parameters
    ----------
    session : TenantSession
    channel : Channel
    content : dict
    clock : callable
    notice, address : str, optional
        The message that it tells, and where it goes.
    target : str, optional
        The webhook that it goes to.
    """
    made = Delivery(
        tenant=session.principal.tenant,
        id=new_id("delivery", clock),
        channel=channel.value,
        notice=notice,
        target=target,
        address=address,
        content=content,
        made_at=clock(),
    )
    session.add(made)
    payload: Json = {"delivery": made.id}
    enqueue(session, job_name(channel), payload, tenant=made.tenant, key=made.id, is_new=True, clock=clock)
    return made


def outgoing(session: TenantSession, id_: str, now: datetime) -> Outgoing:
    """Return a delivery as it is sent now.

    Raises
    ------
    SendingError
        Final: ``notices.erased``, or ``notices.target_disabled``.
    """
    delivery = repository.delivery_by_id(session, id_)
    if delivery is None or delivery.content is None:
        raise SendingError("notices.erased", final=True)
    target = repository.target_by_id(session, delivery.target) if delivery.target else None
    if target is not None and target.disabled_at is not None:
        raise SendingError("notices.target_disabled", final=True)
    return Outgoing(
        id=delivery.id,
        channel=Channel(delivery.channel),
        content=delivery.content,
        address=delivery.address or "",
        url=target.url if target is not None else "",
        secrets=[] if target is None else _secrets(target, now),
    )


def mark_sent(session: TenantSession, id_: str, attempts: int, clock: Clock = utc_now) -> None:
    """Note that a delivery was sent; what it said stays in the message only."""
    delivery = repository.locked_delivery(session, id_)
    if delivery is None:
        return
    delivery.address = delivery.content = None
    delivery.ended_at = clock()
    if delivery.notice is not None:
        append(session, [NewEvent("notice.sent", delivery.id, _event_data(delivery, attempts, None))], clock)


def mark_given_up(
    session: TenantSession, id_: str, attempts: int, error: Exception, clock: Clock = utc_now
) -> None:
    """Note that a delivery was given up; a receiver that is gone is sent nothing more."""
    delivery = repository.locked_delivery(session, id_)
    if delivery is None:
        return
    delivery.ended_at = clock()
    if isinstance(error, SendingError) and error.gone and delivery.target:
        target = repository.target_by_id(session, delivery.target)
        if target is not None and target.disabled_at is None:
            target.disabled_at, target.disabled_why = clock(), "gone"
            event = NewEvent("notice.webhook_disabled", target.id, {"why": "gone"}, rows=(target,))
            append(session, [event], clock)
    data = _event_data(delivery, attempts, typed_error(error).code)
    append(session, [NewEvent("notice.given_up", delivery.id, data)], clock)


def send_again(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Send a delivery again that was given up, as if for the first time.

    Raises
    ------
    NoNoticeError
        ``notices.no_such_delivery``, also for one that was sent, or erased.
    NotAllowedError
        ``identity.not_allowed``.
    """
    if not may_manage(session.principal, None):
        raise NotAllowedError("identity.not_allowed")
    delivery, tenant = repository.locked_delivery(session, id_), session.principal.tenant
    if delivery is None or delivery.content is None:
        raise NoNoticeError("notices.no_such_delivery")
    job = jobs.by_key(session, tenant, job_name(Channel(delivery.channel)), delivery.id)
    try:
        retry(session, job.id if job is not None else "", tenant=tenant, clock=clock)
    except WorkError as error:
        raise NoNoticeError("notices.no_such_delivery") from error


def erase(session: TenantSession, delivery: Delivery, clock: Clock = utc_now) -> None:
    """Erase what a delivery says and where it goes; if it waits, it is not sent any more."""
    kind, reason = job_name(Channel(delivery.channel)), SendingError("notices.erased", final=True)
    cancel(session, kind, delivery.id, reason, tenant=delivery.tenant, clock=clock)
    delivery.address = delivery.content = None
    delivery.ended_at = delivery.ended_at or clock()


def _secrets(target: WebhookTarget, now: datetime) -> list[str]:
    former = target.former_secret if target.former_until is not None and now < target.former_until else None
    return [target.secret, *([former] if former else [])]


def _event_data(delivery: Delivery, attempts: int, error: str | None) -> "dict[str, Json]":
    return {
        "channel": delivery.channel,
        "attempts": attempts,
        "notice": delivery.notice,
        "error": error,
    }
