"""How long evidence is kept: a tenant's rules for each role, and holds, which override every rule.

Without a rule nothing is erased for its age.
"""

from datetime import timedelta

from bixie.access.tenancy import TenantSession
from bixie.kit.ids import is_id, new_id
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.service import NewEvent, append, erase, lock
from bixie.vault.errors import ErasedError
from bixie.vault.models import Role, State
from bixie.vault.retention import repository
from bixie.vault.retention.errors import HoldError, NoHoldError, RetentionError
from bixie.vault.retention.models import Hold, Retention
from bixie.vault.service import check_order_number, found

__all__ = ["MAX_DAYS", "MIN_DAYS", "hold", "kept_for", "release", "set_retention"]

MIN_DAYS = 3 * 366 + 365
"""E-Commerce Law of the PRC, article 31: records of a transaction are kept for three years from its end.
Evidence is received before that; a year is left for the end to come."""

MAX_DAYS = 100 * 366
_MAX_REASON = 500


def hold(
    session: TenantSession,
    reason: str,
    *,
    exhibit_id: str | None = None,
    order_number: str | None = None,
    party: str = "",
    clock: Clock = utc_now,
) -> Hold:
    """Keep an exhibit, or the present and future exhibits of an order, from being erased.

    Without a party, a hold on an order applies to every merchant's order of that number.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit``; as a `HoldError` ``vault.hold_on_what`` unless exactly one of them is
        named, ``vault.hold_why`` for a reason that is empty or too long; as a `BadOrderError`
        ``vault.bad_order``; as an `ErasedError` ``vault.erased``.
    """
    if (exhibit_id is None) == (order_number is None):
        raise HoldError("vault.hold_on_what")
    if not 0 < len(reason.strip()) <= _MAX_REASON:
        raise HoldError("vault.hold_why", maximum=_MAX_REASON)
    lock(session)  # erasing and holding exclude each other
    if exhibit_id is not None:
        exhibit = found(session, exhibit_id)
        party = exhibit.party
        if exhibit.state == State.ERASED:
            raise ErasedError("vault.erased", exhibit=exhibit_id)
    if order_number is not None:
        check_order_number(order_number)
    now = clock()
    row = Hold(
        id=new_id("hold", clock),
        tenant=session.principal.tenant,
        party=party,
        exhibit_id=exhibit_id,
        order_number=order_number,
        reason=sanitise(reason, _MAX_REASON),
        held_at=now,
        released_at=None,
    )
    session.add(row)
    held = NewEvent("exhibit.held", exhibit_id or row.id, {"hold": row.id}, rows=(row,))
    append(session, [held], lambda: now)
    return row


def release(session: TenantSession, hold_id: str, clock: Clock = utc_now) -> Hold:
    """Release a hold; releasing it again changes nothing. Other holds on the same exhibit stay.

    Raises
    ------
    NoHoldError
        ``vault.no_such_hold``.
    """
    lock(session)
    held = repository.hold_by_id(session, hold_id) if is_id("hold", hold_id) else None
    if held is None:
        raise NoHoldError("vault.no_such_hold", hold=sanitise(hold_id))
    if held.released_at is None:
        # Reason and number are needed no longer; those of an exhibit's hold are erased with the exhibit.
        now = clock()
        held.released_at, held.reason, held.order_number = now, None, None
        for event in ledger.events_about(session, held.id):
            erase(session, event.sequence, ("reason", "order_number"), clock)
        subject, data = held.exhibit_id or held.id, {"hold": held.id}
        released = NewEvent("exhibit.hold_released", subject, data, rows=(held,))
        append(session, [released], lambda: now)
    return held


def set_retention(session: TenantSession, role: Role, days: int | None, clock: Clock = utc_now) -> None:
    """Set how many days after being received exhibits in a role are kept; None keeps them forever.

    Raises
    ------
    RetentionError
        ``vault.kept_too_short`` or ``vault.kept_too_long``.
    """
    if days is not None and days < MIN_DAYS:
        raise RetentionError("vault.kept_too_short", minimum=MIN_DAYS)
    if days is not None and days > MAX_DAYS:
        raise RetentionError("vault.kept_too_long", maximum=MAX_DAYS)
    lock(session)
    rule = repository.rule_for(session, role)
    if days == (rule.days if rule else None):
        return
    if rule is None:
        rule = Retention(tenant=session.principal.tenant, role=str(role))
        session.add(rule)
    if days is None:
        session.delete(rule)
    else:
        rule.days = days
    change = {"role": str(role), "days": days}
    append(session, [NewEvent("retention.changed", session.principal.tenant, change, rows=(rule,))], clock)


def kept_for(rule: Retention) -> timedelta:
    """Return how long a rule keeps exhibits."""
    return timedelta(days=rule.days)
