"""A case that anybody does anything to at any time: what the property tests of the rules drive."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

from bixie.cases import after_decision_rules, decision_rules, rules
from bixie.cases.decision_rules import Ruling
from bixie.cases.duty_rules import Context, next_reminder
from bixie.cases.errors import CaseError
from bixie.cases.event_parts import Item, Outcome, PackReference
from bixie.cases.events import Filed, event_of
from bixie.cases.folding import apply, fold
from bixie.cases.requests import only
from bixie.cases.state import Dated
from bixie.cases.words import (
    Action,
    Basis,
    DutyKind,
    NegotiationForm,
    OnTimeout,
    OutcomeKind,
    Service,
    Side,
    Status,
)
from bixie.kit.due_time import Calendar
from bixie.kit.timestamps import format_timestamp, parse_timestamp
from bixie.policies import builtin_packs

START = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
"""Before a week of holidays."""
PACK = next(pack for pack in builtin_packs() if pack.id == "cn-default")
CHINA = Calendar.china()
SHA256 = "ab" * 32
REFUSE = Outcome(kind=OutcomeKind.REFUSE)


def claim(service=Service.REFUND_ONLY, amount=10_000, *, wants_person=False):
    return Filed(
        by=Side.BUYER,
        order_id="order_1",
        service=service,
        reason="damaged",
        received=True,
        amount_minor=amount,
        currency="CNY",
        items=(Item(position=0, count=2),),
        wants_person=wants_person,
        pack=PackReference(id=PACK.id, version=PACK.version, sha256=PACK.sha256),
    )


class Played:
    """A case with its events, and whatever time it is."""

    def __init__(self, filed, *, silence_accepts=False):
        self.now, self.events, self.state, self._ids = START, [], None, count(1)
        self._append([rules.file(filed, self.context, silence_accepts=silence_accepts)])

    @property
    def context(self):
        return Context(self.now, PACK.terms, CHINA, lambda kind: f"{kind}_{next(self._ids)}")

    def move(self, **by):
        self.now += timedelta(**by)

    def do(self, command, *given, **named):
        """Do what a command of the rules returns; return the code of what refused it, or None."""
        try:
            events = command(*given, **named)
        except CaseError as error:
            return error.code
        self._append(events)
        return None

    def accepts(self, command, *given, **named):
        """Return whether the rules accept a command, without doing it."""
        try:
            command(*given, **named)
        except CaseError:
            return False
        return True

    def _append(self, events):
        for event in events:
            written = json.loads(json.dumps(event.data()))
            dated = Dated(
                len(self.events) + 1,
                parse_timestamp(format_timestamp(self.now)),
                event_of(event.type, written),
            )
            self.events.append(dated)
            self.state = apply(self.state, dated)

    def folded(self):
        return fold(self.events)

    def ruling(self, outcome, person="person_1"):
        return Ruling(f"decision_{next(self._ids)}", outcome, ("reason",), (), SHA256, person)

    # What the service does with each action, by what the API lets a side ask.

    def accept(self, by):
        outcome = decision_rules.agreed_outcome(self.state, by)
        if outcome is None:
            return rules.withdraw(self.state, self.context)
        return decision_rules.accept(self.state, self.context, by, self.ruling(outcome, None))

    def reject(self, by, reason="no_defect_found"):
        return rules.say_no(self.state, self.context, by, reason)

    def negotiate(self, by, form, outcome=None, asks_of=Side.BUYER):
        return rules.negotiate(
            self.state, self.context, by, form, asks=("whole",), asks_of=asks_of, outcome=outcome
        )

    def supplement(self, by, *, complete):
        return rules.supplement(self.state, self.context, by, complete=complete)

    def withdraw(self, by):
        only(by, Side.BUYER)
        return rules.withdraw(self.state, self.context)

    def escalate(self, by):
        return rules.escalate(self.state, self.context, by)

    def appeal(self, by):
        return decision_rules.appeal(self.state, self.context, by, "new_evidence")

    def decide(self, outcome, person):
        """Decide the case, or the appeal: there None lets the decision stand."""
        if self.state.status is Status.APPEALED:
            ruling = None if outcome is None else self.ruling(outcome, person)
            return decision_rules.decide_appeal(
                self.state, self.context, person, reasons=("reason",), ruling=ruling, file_sha256=SHA256
            )
        ruling = self.ruling(outcome or REFUSE, person)
        return decision_rules.decide(self.state, self.context, ruling, SHA256)

    def serve(self):
        """Both sides have had the file."""
        received = {Side.BUYER: SHA256, Side.MERCHANT: SHA256}
        self.state = replace(self.state, received=received)

    def could(self, side, action):
        """Return whether the rules accept an action of a side, with arguments that fit the case."""
        match action:
            case Action.ACCEPT:
                return self.accepts(self.accept, side)
            case Action.REJECT:
                return self.accepts(self.reject, side)
            case Action.NEGOTIATE if side is Side.PLATFORM:
                return self.accepts(self.negotiate, side, NegotiationForm.ASK_EVIDENCE)
            case Action.NEGOTIATE:
                return self.accepts(self.negotiate, side, NegotiationForm.PROPOSE, self.state.asks_for)
            case Action.SUPPLEMENT:
                ways = {self.accepts(self.supplement, side, complete=one) for one in (True, False)}
                assert len(ways) == 1, ways
                return ways.pop()
            case Action.WITHDRAW:
                return self.accepts(self.withdraw, side)
            case Action.ESCALATE:
                return self.accepts(self.escalate, side)
            case Action.APPEAL:
                return self.accepts(self.appeal, side)
            case Action.NOT_RECEIVED:
                return side is Side.BUYER and self.accepts(
                    after_decision_rules.not_received, self.state, self.context
                )
            case Action.DECIDE:
                return side is Side.PLATFORM and self._could_decide()

    def _could_decide(self):
        before = self.state
        self.serve()
        try:
            return self.accepts(self.decide, None, "person_new")
        finally:
            self.state = before

    def possible(self):
        """Return what somebody can do now that fits the case, as functions that return events."""
        state, context = self.state, self.context
        whole = state.asks_for
        part = whole.model_copy(update={"amount_minor": max(1, state.amount_minor // 2)})
        some = whole if whole.amount_minor is None else part
        ways = {
            Action.ACCEPT: [self.accept],
            Action.REJECT: [self.reject],
            Action.NEGOTIATE: [
                partial(self.negotiate, form=NegotiationForm.PROPOSE, outcome=some),
                partial(self.negotiate, form=NegotiationForm.ASK_EVIDENCE),
                partial(self.negotiate, form=NegotiationForm.AGREED_WITHDRAW),
            ],
            Action.SUPPLEMENT: [partial(self.supplement, complete=one) for one in (True, False)],
            Action.ESCALATE: [self.escalate],
            Action.APPEAL: [self.appeal],
        }
        found = [partial(way, side) for side in Side for action in ways for way in ways[action]]
        found += [partial(rules.send_return, state, context)]
        found += [partial(rules.receive_return, state, context, one) for one in ("pass", "fail")]
        found += [partial(after_decision_rules.send_back, state, context, side) for side in Side]
        found += [partial(after_decision_rules.not_received, state, context)]
        found += [partial(after_decision_rules.settle, state)]
        found += [partial(after_decision_rules.taken_back, state, "decision_1")]
        remedy = state.remedy or f"remedy_{len(self.events)}"
        found += [partial(after_decision_rules.remedy_ordered, state, remedy)]
        found += [partial(one, state, remedy) for one in (after_decision_rules.remedied,)]
        found += [
            partial(self.decide, one, f"person_{len(self.events)}") for one in (whole, some, REFUSE, None)
        ]
        return [one for one in found if self.accepts(one) and one()]

    def other_calls(self, side):
        """Return what a side can call beside the actions: goods come back, remedies are carried out."""
        state = self.state
        found = {
            "send_return": side is Side.BUYER and self.accepts(rules.send_return, state, self.context),
            "inspect": side is Side.MERCHANT
            and self.accepts(rules.receive_return, state, self.context, "pass"),
            "send_back": self.accepts(after_decision_rules.send_back, state, self.context, side),
            "settle": side is Side.PLATFORM and self.accepts(after_decision_rules.settle, state),
            "take_back": side is Side.PLATFORM and bool(after_decision_rules.taken_back(state, "decision_1")),
            "remedy": side is Side.PLATFORM
            and (
                self.accepts(after_decision_rules.remedy_ordered, state, state.remedy or "remedy_new")
                or bool(after_decision_rules.remedied(state, state.remedy or ""))
            ),
        }
        return [name for name, possible in found.items() if possible]

    # What happens by itself.

    def sweep(self):
        """Let time run out for everything that is due, and send reminders, as the sweeper does."""
        for listed in self.state.running:
            duty = self.state.duties[listed.id]
            if not duty.runs:
                continue
            if duty.due_at <= self.now and duty.on_timeout is not OnTimeout.REMIND:
                assert self.do(self.time_out, duty) is None
            elif (hours := next_reminder(duty, self.now)) is not None:
                self._append([after_decision_rules.remind(self.state, self.context, duty, hours)])

    def time_out(self, duty):
        if duty.kind is DutyKind.ANSWER and duty.on_timeout is OnTimeout.ACCEPT:
            ruling = self.ruling(self.state.asks_for, None)
            return decision_rules.accept_by_silence(self.state, self.context, duty, ruling)
        return rules.time_out(self.state, self.context, duty)

    def paid_by_silence(self):
        return [one for one in self.state.decisions if one.basis is Basis.SILENCE]
