"""Notes what became of a remedy: accepted, carried out, failed. The case learns it at the same time."""

from bixie.access.tenancy import TenantSession
from bixie.cases import remedying as cases
from bixie.kit.ids import is_id
from bixie.kit.sanitise import sanitise_or_none
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, lock
from bixie.remedies import repository
from bixie.remedies.errors import NoSuchRemedyError, RemedyError
from bixie.remedies.gateway import MAX_REFERENCE, GatewayAnswer
from bixie.remedies.models import Remedy, State
from bixie.remedies.rules import Failure

__all__ = ["confirm", "fail", "found", "note_answer"]


def note_answer(session: TenantSession, id_: str, answer: GatewayAnswer, clock: Clock = utc_now) -> None:
    """Note that the gateway has accepted an order.

    It may be confirmed already: a shop can be faster than the answer.
    """
    lock(session)
    remedy = found(session, id_)
    if remedy.sent_at is None:
        remedy.sent_at = clock()
        remedy.reference = remedy.reference or answer.reference
        _become(remedy, State.SENT)
        _record(session, "remedy.sent", remedy, clock)
    if answer.settled:
        _confirm(session, remedy, clock)


def confirm(session: TenantSession, id_: str, reference: str | None = None, clock: Clock = utc_now) -> Remedy:
    """Note that a remedy was carried out. To say so again changes nothing.

    Raises
    ------
    NoSuchRemedyError
        ``remedies.no_such_remedy``.
    """
    lock(session)
    remedy = found(session, id_)
    if remedy.confirmed_at is None:
        remedy.reference = sanitise_or_none(reference, MAX_REFERENCE) or remedy.reference
        _confirm(session, remedy, clock)
    return remedy


def fail(session: TenantSession, id_: str, failure: Failure, clock: Clock = utc_now) -> Remedy:
    """Note that a remedy will not be carried out; the case says who must act. Again, it changes nothing.

    Raises
    ------
    NoSuchRemedyError
        ``remedies.no_such_remedy``.
    RemedyError
        ``remedies.confirmed`` for one that was carried out.
    """
    lock(session)
    remedy = found(session, id_)
    if remedy.confirmed_at is not None:
        raise RemedyError("remedies.confirmed")
    if remedy.failure is None:
        remedy.failure = str(failure)
        _become(remedy, State.FAILED)
        _record(session, "remedy.failed", remedy, clock)
        if remedy.reversal_of is not None:
            _end_reversal(session, remedy.reversal_of, State.IRREVERSIBLE, clock)
            cases.reversal_failed(session, remedy.case_id, remedy.decision_id, remedy.failure, clock)
        elif remedy.state == State.FAILED:
            cases.failed(session, remedy.case_id, remedy.id, remedy.failure, clock)
    return remedy


def found(session: TenantSession, id_: str) -> Remedy:
    """Return a remedy as it is now.

    Raises
    ------
    NoSuchRemedyError
        ``remedies.no_such_remedy``.
    """
    remedy = repository.by_id(session, id_) if is_id("remedy", id_) else None
    if remedy is None:
        raise NoSuchRemedyError("remedies.no_such_remedy")
    return remedy


def _confirm(session: TenantSession, remedy: Remedy, clock: Clock) -> None:
    if remedy.confirmed_at is not None:
        return
    remedy.confirmed_at = clock()
    remedy.sent_at = remedy.sent_at or remedy.confirmed_at
    _become(remedy, State.CONFIRMED)
    _record(session, "remedy.confirmed", remedy, clock)
    if remedy.reversal_of is not None:
        _end_reversal(session, remedy.reversal_of, State.REVERSED, clock)
        cases.taken_back(session, remedy.case_id, remedy.decision_id, clock)
    elif remedy.state == State.CONFIRMED:
        cases.carried_out(session, remedy.case_id, remedy.id, clock)


def _become(remedy: Remedy, state: State) -> None:
    """Set how far a remedy is, unless it is being taken back: that goes on whatever comes in late."""
    if remedy.state in (State.WAITING, State.SENT, State.FAILED):
        remedy.state = str(state)
    if state != State.FAILED:
        remedy.failure = None


def _end_reversal(session: TenantSession, taken_back_id: str, state: State, clock: Clock) -> None:
    """Note what became of taking a remedy back. A person may do by hand what failed."""
    taken_back = found(session, taken_back_id)
    if taken_back.state != state:
        taken_back.state = str(state)
        _record(session, f"remedy.{state}", taken_back, clock)


def _record(session: TenantSession, type_: str, remedy: Remedy, clock: Clock) -> None:
    append(session, [NewEvent(type_, remedy.id, {"case": remedy.case_id}, rows=(remedy,))], clock)
