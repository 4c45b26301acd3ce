"""Does in one case what is due by now: reminds the side that owes, or lets follow what was announced."""

from datetime import datetime

from bixie.cases.after_decision_rules import remind
from bixie.cases.decisions import request_remedy
from bixie.cases.duty_rules import next_reminder
from bixie.cases.files import serve_current
from bixie.cases.opening import OpenCase
from bixie.cases.rules import time_out
from bixie.cases.rulings import accept_by_silence
from bixie.cases.state import CaseState, DutyState
from bixie.cases.words import DutyKind, OnTimeout

__all__ = ["handle_due", "is_simple"]


def is_simple(state: CaseState, now: datetime) -> bool:
    """Return whether one thing is due in a case, and it needs nothing but events: no pack, no remedy."""
    due = [one for one in state.running if _is_over(one, now) or next_reminder(one, now) is not None]
    return len(due) == 1 and due[0].on_timeout is not OnTimeout.ACCEPT


def handle_due(case: OpenCase) -> list[DutyState]:
    """Do what is due in a case; return the duties whose owners are to be reminded.

    The case was folded under the ledger's lock, so whatever was done already is not done again.
    """
    reminded = []
    for listed in case.state.running:
        duty = case.state.duties[listed.id]  # as the end of an earlier duty has left it
        if not duty.runs:
            continue
        if _is_over(duty, case.context.now):
            _end(case, duty)
            serve_current(case)
        elif (hours := next_reminder(duty, case.context.now)) is not None:
            case.record([remind(case.state, case.context, duty, hours)])
            reminded.append(duty)
    return reminded


def _is_over(duty: DutyState, now: datetime) -> bool:
    return now >= duty.due_at and duty.on_timeout is not OnTimeout.REMIND


def _end(case: OpenCase, duty: DutyState) -> None:
    """Let follow what was announced for the end of a duty's time."""
    if duty.kind is DutyKind.ANSWER and duty.on_timeout is OnTimeout.ACCEPT:
        accept_by_silence(case, duty)
        return
    events = time_out(case.state, case.context, duty)
    case.record(events)
    request_remedy(case, events)
