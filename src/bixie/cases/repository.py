"""Queries for cases and what belongs to them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, Select, and_, exists, func, select, tuple_

from bixie.access.sequence import Place, page_after, place_of
from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.cases.models import (
    Case,
    CaseDecision,
    CaseDraft,
    CaseExhibit,
    CaseFile,
    CaseMessage,
    CaseOffer,
    Duty,
)
from bixie.cases.words import OWED_TOGETHER, Status
from bixie.kit.timestamps import format_timestamp

__all__ = [
    "ALL_CASES",
    "CaseFilter",
    "DueDuty",
    "DuePlace",
    "by_id",
    "case_with_exhibit",
    "cases_to_verify",
    "count_due",
    "decision_by_id",
    "decisions",
    "decisions_of",
    "draft_of",
    "drafts_of",
    "due",
    "due_cases",
    "due_place",
    "duties_of",
    "duties_to_verify",
    "exhibits_of",
    "exhibits_of_cases",
    "file_of",
    "messages_of",
    "messages_of_cases",
    "of_order",
    "offers_of",
    "owing",
    "page",
    "page_by_due",
    "refund_only_cases",
]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list has; None leaves a condition out.

    Parameters
    ----------
    status : str or None
    waiting_for : str or None
        Side that owes something now, also where another side owes something before it.
    party : str or None
        Merchant; an empty text is the tenant itself.
    order_ids : collection of str or None
    service : str or None
    duty : str or None
        Kind of a duty that somebody owes.
    """

    status: str | None = None
    waiting_for: str | None = None
    party: str | None = None
    order_ids: Collection[str] | None = None
    service: str | None = None
    duty: str | None = None


ALL_CASES = CaseFilter()


class DuePlace(NamedTuple):
    """Where a case stands in a list by due time.

    Parameters
    ----------
    deadline_at : datetime
    id : str
    """

    deadline_at: datetime
    id: str

    def __str__(self) -> str:
        return f"{format_timestamp(self.deadline_at)}~{self.id}"


class DueDuty(NamedTuple):
    """A duty to which something is to happen, and when."""

    sweep_at: datetime
    id: str
    tenant: str
    case_id: str


def by_id(session: TenantSession, case_id: str, *, anew: bool = False) -> Case | None:
    """Return a case, or None; `anew`: with the values of the database, whatever the session has read."""
    wanted = select(Case).where(Case.id == case_id).execution_options(populate_existing=anew)
    return session.scalar(wanted)


def page(
    session: TenantSession,
    after: Place | None,
    limit: int,
    wanted: CaseFilter = ALL_CASES,
    *,
    newest_first: bool = False,
) -> Sequence[Case]:
    """Return cases in ledger order."""
    rows = _first_of_each(
        session,
        wanted,
        lambda asked: page_after(asked, Case, after, limit, newest_first=newest_first),
    )
    return sorted(rows, key=place_of, reverse=newest_first)[:limit]


def page_by_due(
    session: TenantSession, after: DuePlace | None, limit: int, wanted: CaseFilter = ALL_CASES
) -> Sequence[Case]:
    """Return cases in which something is due, the most urgent first; a closed case owes nothing.

    Parameters
    ----------
    session : TenantSession
    after : DuePlace or None
        Of the last case of the page before.
    limit : int
    wanted : CaseFilter
    """

    def urgent(asked: Select[Case]) -> Select[Case]:
        asked = asked.where(Case.deadline_at.is_not(None))  # the indexes have no others
        if after is not None:
            asked = asked.where(tuple_(Case.deadline_at, Case.id) > tuple(after))
        return asked.order_by(Case.deadline_at, Case.id).limit(limit)

    rows = _first_of_each(session, wanted, urgent)
    return sorted(rows, key=due_place)[:limit]


def count_due(session: TenantSession, side: str, *, before: datetime | None = None) -> int:
    """Return in how many cases a side owes what is due next; of a party's principal, in which it sells.

    Parameters
    ----------
    session : TenantSession
    side : str
    before : datetime, optional
        Only those that are due before this moment.
    """
    wanted = select(func.count(Case.id)).where(Case.waiting_for == side, Case.deadline_at.is_not(None))
    if session.principal.party is not None:
        wanted = wanted.where(Case.party == session.principal.party)
    if before is not None:
        wanted = wanted.where(Case.deadline_at < before)
    return session.scalar(wanted) or 0


def owing(session: TenantSession, duty: str, limit: int) -> Sequence[Case]:
    """Return cases in which somebody owes a kind of duty, what is due first before the others."""
    mine = (Duty.tenant == Case.tenant, Duty.case_id == Case.id)
    wanted = select(Case).select_from(Duty).join(Case, and_(*mine))
    wanted = wanted.where(Duty.kind == duty, Duty.closed_at.is_(None))
    return session.scalars(wanted.order_by(Duty.due_at, Duty.case_id).limit(limit)).all()


def due_place(case: Case) -> DuePlace:
    """Return the place of a case that has a deadline."""
    assert case.deadline_at is not None
    return DuePlace(case.deadline_at, case.id)


def _first_of_each(
    session: TenantSession, wanted: CaseFilter, first: Callable[[Select[Case]], Select[Case]]
) -> Collection[Case]:
    """Return the first cases of the session; of a party those it sells in and those it buys in.

    One query for either side, and for each way to owe something: with several at once a database reads all
    cases to sort them.
    """
    party = session.principal.party
    asked = (
        _asked(wanted)
        if party is None
        else [one.where(Case.party == party) for one in _asked(wanted)]
        # A buyer has few cases: no index but that of the buyer may be used, or others' would be read.
        + [one.where(Case.buyer == party) for one in _asked(wanted, _without_index)]
    )
    return {row.id: row for one in asked for row in session.scalars(first(one))}.values()


_Shown = Callable[[Any], Any]
"""How a column stands in a condition."""


def _without_index(column: Any) -> Any:
    return column.concat("")


def _asked(wanted: CaseFilter, shown: _Shown = lambda column: column) -> list[Select[Case]]:
    asked = select(Case)
    for column, value in ((Case.status, wanted.status), (Case.party, wanted.party)):
        if value is not None:
            asked = asked.where(shown(column) == value)
    if wanted.service is not None:
        asked = asked.where(Case.service == wanted.service)
    if wanted.duty is not None:
        owed = select(Duty.case_id).where(Duty.kind == wanted.duty, Duty.closed_at.is_(None))
        asked = asked.where(Case.id.in_(owed))
    if wanted.order_ids is not None:
        asked = asked.where(Case.order_id.in_(wanted.order_ids))
    return [asked] if wanted.waiting_for is None else _waiting_for(asked, wanted.waiting_for, shown)


def _waiting_for(asked: Select[Case], side: str, shown: _Shown) -> list[Select[Case]]:
    """Return queries for cases in which a side owes what is due next, and in which it owes as well."""
    owes = exists().where(
        Duty.tenant == Case.tenant,
        Duty.case_id == Case.id,
        Duty.owner == side,
        Duty.kind.in_(OWED_TOGETHER),
        Duty.closed_at.is_(None),
        Duty.paused_at.is_(None),
    )
    as_well = asked.where(Case.waiting_for != side, owes)
    together = (Status.IN_REVIEW, Status.APPEALED)
    owing = asked.where(shown(Case.waiting_for) == side)
    return [owing, *(as_well.where(shown(Case.status) == one) for one in together)]


def cases_to_verify(session: EveryTenantSession, tenant: str, size: int) -> Iterator[Sequence[RowMapping]]:
    """Yield the cases of a tenant in batches: what their events are compared with."""
    names = ("id", "sequence", "status", "stage", "waiting_for", "deadline_at", "amount_minor")
    wanted = select(*(getattr(Case, name) for name in names)).where(Case.tenant == tenant).order_by(Case.id)
    after = ""
    while rows := session.execute(wanted.where(Case.id > after).limit(size)).mappings().all():
        yield rows
        after = rows[-1]["id"]


def duties_to_verify(
    session: EveryTenantSession, tenant: str, case_ids: Collection[str]
) -> Sequence[RowMapping]:
    """Return the duties of cases: what their events are compared with."""
    names = (
        *("id", "case_id", "kind", "owner", "opened_at", "due_at", "on_timeout"),
        *("paused_at", "closed_at", "closed_how"),
    )
    wanted = select(*(getattr(Duty, name) for name in names))
    return session.execute(wanted.where(Duty.tenant == tenant, Duty.case_id.in_(case_ids))).mappings().all()


def of_order(session: TenantSession, order_id: str) -> Sequence[Case]:
    """Return the cases about an order, the oldest first."""
    return session.scalars(select(Case).where(Case.order_id == order_id).order_by(Case.sequence)).all()


def refund_only_cases(session: TenantSession, buyer: str, since: datetime) -> Sequence[Case]:
    """Return the claims for a refund without return that were filed for a buyer since a time."""
    wanted = select(Case).where(Case.buyer == buyer, Case.service == "refund_only", Case.filed_at >= since)
    return session.scalars(wanted).all()


def duties_of(session: TenantSession, case_ids: Collection[str]) -> Sequence[Duty]:
    """Return the duties of cases, in the order in which they were opened."""
    wanted = select(Duty).where(Duty.case_id.in_(case_ids)).order_by(Duty.sequence, Duty.id)
    return session.scalars(wanted).all()


def due(session: EveryTenantSession, before: datetime, after: DueDuty | None, limit: int) -> list[DueDuty]:
    """Return duties of all tenants to which something is to happen, the most urgent first.

    Parameters
    ----------
    session : EveryTenantSession
    before : datetime
        The time now.
    after : DueDuty or None
        Last one of the page before.
    limit : int
    """
    wanted = select(Duty.sweep_at, Duty.id, Duty.tenant, Duty.case_id).where(Duty.sweep_at <= before)
    if after is not None:
        wanted = wanted.where(tuple_(Duty.sweep_at, Duty.id) > (after.sweep_at, after.id))
    found = session.execute(wanted.order_by(Duty.sweep_at, Duty.id).limit(limit))
    return [DueDuty(at, *row) for at, *row in found if at is not None]


def due_cases(session: TenantSession, case_ids: Sequence[str], before: datetime) -> list[Case]:
    """Return those of some cases that have a duty to which something is to happen, in the same order."""
    due = {
        one.case_id
        for one in duties_of(session, case_ids)
        if one.sweep_at is not None and one.sweep_at <= before
    }
    found = {one.id: one for one in session.scalars(select(Case).where(Case.id.in_(due)))}
    return [found[case_id] for case_id in case_ids if case_id in found]


def exhibits_of(session: TenantSession, case_id: str) -> Sequence[CaseExhibit]:
    """Return the files of a case, in the order in which they were added."""
    return exhibits_of_cases(session, [case_id])


def case_with_exhibit(session: TenantSession, exhibit_ids: Collection[str]) -> Sequence[CaseExhibit]:
    """Return where files are evidence."""
    return session.scalars(select(CaseExhibit).where(CaseExhibit.exhibit_id.in_(exhibit_ids))).all()


def exhibits_of_cases(session: TenantSession, case_ids: Collection[str]) -> Sequence[CaseExhibit]:
    """Return the files of several cases, of each in the order in which they were added."""
    wanted = select(CaseExhibit).where(CaseExhibit.case_id.in_(case_ids))
    return session.scalars(wanted.order_by(CaseExhibit.sequence, CaseExhibit.exhibit_id)).all()


def messages_of_cases(session: TenantSession, case_ids: Collection[str]) -> Sequence[CaseMessage]:
    """Return the threads of several cases, of each the oldest message first."""
    wanted = select(CaseMessage).where(CaseMessage.case_id.in_(case_ids))
    return session.scalars(wanted.order_by(CaseMessage.sequence, CaseMessage.id)).all()


def messages_of(session: TenantSession, case_id: str) -> Sequence[CaseMessage]:
    """Return the thread of a case, the oldest message first."""
    return messages_of_cases(session, [case_id])


def offers_of(session: TenantSession, case_id: str) -> Sequence[CaseOffer]:
    """Return the offers of a case, the oldest first."""
    wanted = select(CaseOffer).where(CaseOffer.case_id == case_id)
    return session.scalars(wanted.order_by(CaseOffer.sequence, CaseOffer.id)).all()


def decisions_of(session: TenantSession, case_id: str) -> Sequence[CaseDecision]:
    """Return the decisions of a case, the oldest first."""
    wanted = select(CaseDecision).where(CaseDecision.case_id == case_id)
    return session.scalars(wanted.order_by(CaseDecision.sequence, CaseDecision.id)).all()


def decision_by_id(session: TenantSession, decision_id: str) -> CaseDecision | None:
    """Return a decision, or None."""
    return session.scalar(select(CaseDecision).where(CaseDecision.id == decision_id))


def decisions(session: TenantSession, after: Place | None, limit: int) -> Sequence[CaseDecision]:
    """Return decisions of a tenant, the newest first, for a back-test."""
    wanted = page_after(select(CaseDecision), CaseDecision, after, limit, newest_first=True)
    return session.scalars(wanted).all()


def file_of(session: TenantSession, case_id: str, sha256: str) -> CaseFile | None:
    """Return a case file that was served."""
    wanted = select(CaseFile).where(CaseFile.case_id == case_id, CaseFile.sha256 == sha256)
    return session.scalar(wanted)


def drafts_of(session: TenantSession, case_id: str) -> Sequence[CaseDraft]:
    """Return what all sides have written about a case and not sent."""
    return session.scalars(select(CaseDraft).where(CaseDraft.case_id == case_id)).all()


def draft_of(session: TenantSession, case_id: str, side: str) -> CaseDraft | None:
    """Return what a side has written and not sent."""
    return session.scalar(select(CaseDraft).where(CaseDraft.case_id == case_id, CaseDraft.side == side))
