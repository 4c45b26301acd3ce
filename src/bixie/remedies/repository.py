"""The queries of remedies."""

from collections.abc import Sequence

from sqlalchemy import and_, select

from bixie.access.sequence import Place, page_after
from bixie.access.tenancy import TenantSession
from bixie.cases.models import Duty
from bixie.cases.words import DutyKind
from bixie.remedies.models import Remedy, State

__all__ = ["by_id", "failed_and_owed", "of_decision", "page", "reversal_of"]


def by_id(session: TenantSession, id_: str) -> Remedy | None:
    """Return a remedy as it is now."""
    wanted = select(Remedy).where(Remedy.id == id_).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def failed_and_owed(session: TenantSession, limit: int) -> Sequence[str]:
    """Return the ids of cases whose order failed and whose remedy is still owed, the oldest order first.

    An order that failed stays so when its case is settled otherwise.
    """
    owed = (Duty.tenant == Remedy.tenant, Duty.case_id == Remedy.case_id)
    wanted = select(Remedy.case_id).join(Duty, and_(*owed))
    wanted = wanted.where(Remedy.state == str(State.FAILED), Remedy.reversal_of.is_(None))
    wanted = wanted.where(Duty.kind == str(DutyKind.CARRY_OUT), Duty.closed_at.is_(None))
    return session.scalars(wanted.order_by(Remedy.sequence, Remedy.id).limit(limit)).all()


def of_decision(session: TenantSession, decision_id: str) -> Remedy | None:
    """Return the remedy that a decision brings about, as it is now."""
    wanted = select(Remedy).where(Remedy.decision_id == decision_id, Remedy.reversal_of.is_(None))
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def reversal_of(session: TenantSession, remedy_id: str) -> Remedy | None:
    """Return the remedy that takes another one back, as it is now."""
    wanted = select(Remedy).where(Remedy.reversal_of == remedy_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def page(
    session: TenantSession,
    after: Place | None,
    limit: int | None,
    *,
    case_id: str | None = None,
    states: Sequence[State] = (),
) -> Sequence[Remedy]:
    """Return the next remedies in the order they were made; of a case, or in some states, if given."""
    wanted = select(Remedy)
    if case_id is not None:
        wanted = wanted.where(Remedy.case_id == case_id)
    if states:
        wanted = wanted.where(Remedy.state.in_([str(one) for one in states]))
    return session.scalars(page_after(wanted, Remedy, after, limit)).all()
