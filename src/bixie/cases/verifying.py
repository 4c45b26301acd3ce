"""Compares the rows of cases with what their events come to: for verifying a ledger."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from pydantic import ValidationError
from sqlalchemy import RowMapping

from bixie.access.tenancy import EveryTenantSession
from bixie.cases import repository
from bixie.cases.folding import fold
from bixie.cases.opening import dated
from bixie.cases.state import CaseState, DutyState
from bixie.ledger import repository as ledger
from bixie.ledger.verifying_foldings import Difference, folded_otherwise

__all__ = ["check_cases"]

_CASES_AT_ONCE = 200
"""Whose events are read in one query: a few thousand."""
_OF_DUTIES = ("kind", "owner", "opened_at", "due_at", "on_timeout", "paused_at", "closed_at", "closed_how")


def check_cases(session: EveryTenantSession, tenant: str) -> int:
    """Fold every case of a tenant and compare status, stage, what is due next, the amount and the duties.

    Parameters
    ----------
    session : EveryTenantSession
    tenant : str

    Returns
    -------
    int
        How many cases there were. Memory does not grow with them.

    Raises
    ------
    BrokenLedger
        ``ledger.folded_otherwise``, with the case and the column.
    """
    found = 0
    for rows in repository.cases_to_verify(session, tenant, _CASES_AT_ONCE):
        ids = [row["id"] for row in rows]
        bodies = groupby(ledger.bodies_about(session, tenant, ids), lambda one: one.subject)
        states = {case_id: _folded(tenant, case_id, [one.body for one in each]) for case_id, each in bodies}
        duties: dict[str, list[RowMapping]] = {case_id: [] for case_id in ids}
        for duty in repository.duties_to_verify(session, tenant, ids):
            duties[duty["case_id"]].append(duty)
        for row in rows:
            state = states.get(row["id"])
            if state is None:
                missing = Difference("cases", row["id"], "sequence", row["sequence"], None)
                raise folded_otherwise(tenant, row["id"], 0, missing)
            for difference in _differences(state, row, duties[row["id"]]):
                raise folded_otherwise(tenant, row["id"], state.last, difference)
        found += len(rows)
    return found


def _folded(tenant: str, case_id: str, bodies: Sequence[str]) -> CaseState:
    try:
        return fold(one for one in map(dated, bodies) if one is not None)
    except (KeyError, ValueError, ValidationError) as error:
        unfoldable = Difference("cases", case_id, "status", len(bodies), type(error).__name__)
        raise folded_otherwise(tenant, case_id, 0, unfoldable) from error


def _differences(state: CaseState, row: RowMapping, duties: Sequence[RowMapping]) -> Iterator[Difference]:
    next_due = state.deadline
    folded = {
        "status": state.status,
        "stage": state.stage,
        "waiting_for": None if next_due is None else next_due.owner,
        "deadline_at": None if next_due is None else next_due.due_at,
        "amount_minor": state.amount_minor,
    }
    for column, value in folded.items():
        if row[column] != value:
            yield Difference("cases", row["id"], column, row[column], value)
    there = {one["id"]: one for one in duties}
    for id_ in sorted(there.keys() ^ state.duties.keys()):
        row_id, folded_id = (id_ if id_ in known else None for known in (there, state.duties))
        yield Difference("case_duty", id_, "id", row_id, folded_id)
    for duty in state.duties.values():
        if duty.id in there:
            yield from _of_duty(duty, there[duty.id])


def _of_duty(duty: DutyState, row: RowMapping) -> Iterator[Difference]:
    for column in _OF_DUTIES:
        value = getattr(duty, column)
        if row[column] != value:
            yield Difference("case_duty", duty.id, column, row[column], value)
