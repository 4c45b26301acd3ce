"""What a side can do next in a case. Pure; `bixie.cases.rules` says what each does."""

from bixie.cases.after_decision_rules import may_say_not_received
from bixie.cases.checks import has_supplemented_enough, is_over
from bixie.cases.decision_rules import may_appeal
from bixie.cases.duty_rules import Context
from bixie.cases.hearing_rules import may_speak, still_heard
from bixie.cases.rules import may_escalate
from bixie.cases.state import CaseState
from bixie.cases.words import Action, DutyKind, Side, Stage, Status

__all__ = ["next_actions"]


def next_actions(state: CaseState, side: Side, context: Context) -> list[Action]:
    """Return the actions that a side can take now, the likeliest first."""
    if side is Side.PLATFORM:
        return _of_platform(state, context)
    found = _of_buyer(state, context) if side is Side.BUYER else _of_merchant(state, context)
    if not may_speak(state, side, context.now) or _is_done(state, side):
        found = [one for one in found if one is not Action.SUPPLEMENT]
    if may_appeal(state, side, context):
        found.append(Action.APPEAL)
    if side is Side.BUYER and may_say_not_received(state):
        found.append(Action.NOT_RECEIVED)
    return found


def _is_done(state: CaseState, side: Side) -> bool:
    """Return whether a side has said all that it can: it owes nothing, and has added often enough."""
    owes = any(state.duty(kind, side) for kind in (DutyKind.SUPPLEMENT, DutyKind.HEARING))
    return not owes and has_supplemented_enough(state, side)


def _of_platform(state: CaseState, context: Context) -> list[Action]:
    if state.status in (Status.IN_REVIEW, Status.APPEALED):
        heard = still_heard(state, context.now) is None
        return [Action.DECIDE, Action.NEGOTIATE] if heard else [Action.NEGOTIATE]
    return [Action.ESCALATE] if may_escalate(state, context) else []


def _of_buyer(state: CaseState, context: Context) -> list[Action]:
    status = state.status
    if status is Status.APPEALED:
        return [Action.SUPPLEMENT]
    if status not in (Status.AWAITING_MERCHANT, Status.AWAITING_BUYER, Status.IN_REVIEW):
        return []
    found = []
    offered = state.duty(DutyKind.RESPOND, Side.BUYER) is not None
    if offered:
        found += [Action.ACCEPT, Action.REJECT]
    if may_escalate(state, context):
        found.append(Action.ESCALATE)
    found.append(Action.SUPPLEMENT)
    if status is not Status.AWAITING_MERCHANT:
        found.append(Action.NEGOTIATE)
    found.append(Action.WITHDRAW)
    return found


def _of_merchant(state: CaseState, context: Context) -> list[Action]:
    status = state.status
    if status is Status.AWAITING_MERCHANT:
        if is_over(state.duty(DutyKind.ANSWER), context.now):
            return [Action.ACCEPT, Action.SUPPLEMENT]
        return [Action.ACCEPT, Action.NEGOTIATE, Action.REJECT, Action.SUPPLEMENT]
    if status in (Status.AWAITING_BUYER, Status.IN_REVIEW):
        found = [Action.SUPPLEMENT, Action.NEGOTIATE, Action.ACCEPT]
        if state.stage is Stage.PLATFORM and state.duty(DutyKind.RESPOND, Side.MERCHANT) is not None:
            found.append(Action.REJECT)
        return found
    return [Action.SUPPLEMENT] if status is Status.APPEALED else []
