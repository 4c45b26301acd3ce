"""Anything by anybody at any time: a case keeps its promises, and somebody can always go on."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.property.cases.machine import REFUSE, SHA256, Played, claim

from bixie.cases import after_decision_rules, decision_rules, rules
from bixie.cases.actions import next_actions
from bixie.cases.after_decision_rules import RETURNED_FIRST
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.events import FileReceived
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

SIDES = st.sampled_from(Side)
PERSONS = st.sampled_from(["person_1", "person_2", "person_3"])
AMOUNTS = st.sampled_from([0, 1, 2_500, 9_999, 10_000, 10_001])
KINDS = st.sampled_from(OutcomeKind)
CURRENCIES = st.sampled_from(["CNY", "CNY", "CNY", "USD"])


@st.composite
def outcomes(draw):
    """Outcomes of all kinds, some of which do not fit the claim."""
    kind = draw(KINDS)
    amount = draw(st.none() | AMOUNTS)
    items = draw(st.sampled_from([(), (Item(position=0, count=1),), (Item(position=1, count=1),)]))
    return Outcome(
        kind=kind, amount_minor=amount, currency=None if amount is None else draw(CURRENCIES), items=items
    )


class FittingCase(RuleBasedStateMachine):
    """A case in which somebody does what fits it, or time passes; and what holds whatever happens."""

    case: Played

    @initialize(service=st.sampled_from(Service), silence_accepts=st.booleans(), wants_person=st.booleans())
    def file(self, service, silence_accepts, wants_person):
        self.case = Played(claim(service, wants_person=wants_person), silence_accepts=silence_accepts)
        self.silence_accepts = silence_accepts
        self.amount = self.case.state.amount_minor
        self.persons = {}

    def tried(self, command, *given, **named):
        """Do a command. Return whether it was accepted; what is refused leaves the case as it was."""
        before = self.case.state
        closed = before.status is Status.CLOSED
        refused = self.case.do(command, *given, **named)
        if refused is not None:
            assert self.case.state == before
        elif closed:
            still = self.case.state.status is Status.CLOSED
            reopens = ("case.appealed", "case.not_received")
            assert still or self.case.events[-1].event.type in reopens
        return refused is None

    @rule(hours=st.sampled_from([0, 1, 11, 24, 47, 48, 72, 24 * 7, 24 * 40]), minutes=st.integers(0, 59))
    def time_passes(self, hours, minutes):
        self.case.move(hours=hours, minutes=minutes)

    @precondition(lambda self: self.case.state.deadline is not None)
    @rule(late=st.sampled_from([-1, 0, 1]), sweep=st.booleans())
    def time_passes_to_a_deadline(self, late, sweep):
        due = self.case.state.deadline.due_at
        if due > self.case.now:
            self.case.now = due
            self.case.move(minutes=late)
        if sweep:
            self.sweep()

    @rule()
    def sweep(self):
        self.case.sweep()

    @rule(choice=st.integers(0, 99))
    def go_on(self, choice):
        if self.case.state.status in (Status.IN_REVIEW, Status.APPEALED) and choice % 2:
            self._all_are_heard()
        possible = self.case.possible()
        if possible:
            assert self.tried(possible[choice % len(possible)])

    @rule(side=st.sampled_from([Side.BUYER, Side.MERCHANT]))
    def open_file(self, side):
        self.case.do(lambda: [FileReceived(by=side, file_sha256=SHA256)])

    def _all_are_heard(self):
        for side in (Side.BUYER, Side.MERCHANT):
            self.case.do(self.case.supplement, side, complete=True)
            self.open_file(side)

    @invariant()
    def what_holds_whatever_happened(self):
        self.folding_again_gives_the_same()
        self.somebody_owes_and_can_do_the_next_step()
        self.the_list_of_actions_is_true()
        self.the_time_of_a_side_stands_while_the_other_must_act()
        self.amounts_only_go_down()
        self.silence_pays_only_as_announced()
        self.nobody_is_refused_without_a_person()
        self.a_side_appeals_a_decision_once()
        self.a_merchant_has_goods_or_owes_them()
        self.an_offer_waits_for_whoever_can_answer_it()

    def folding_again_gives_the_same(self):
        assert self.case.folded() == self.case.state

    def somebody_owes_and_can_do_the_next_step(self):
        state = self.case.state
        if state.status is Status.CLOSED:
            assert not [one for one in state.duties.values() if one.is_open]
            return
        assert state.running, state.status
        assert state.deadline.owner in Side
        possible = [next_actions(state, side, self.case.context) for side in Side]
        ends_by_itself = (
            state.deadline.due_at <= self.case.now and state.deadline.on_timeout is not OnTimeout.REMIND
        )
        others = any(self.case.other_calls(side) for side in Side)
        assert any(possible) or others or ends_by_itself, state.status

    def the_list_of_actions_is_true(self):
        for side in Side:
            listed = next_actions(self.case.state, side, self.case.context)
            possible = [one for one in Action if self.case.could(side, one)]
            assert sorted(listed) == sorted(possible), (side, self.case.state.status)
            assert len(set(listed)) == len(listed)

    def the_time_of_a_side_stands_while_the_other_must_act(self):
        state = self.case.state
        if state.status in (Status.AWAITING_BUYER, Status.AWAITING_MERCHANT):
            owed = {one.owner for one in state.running}
            assert len(owed) == 1, "one side at a time"
            assert (Side.BUYER in owed) == (state.status is Status.AWAITING_BUYER)

    def amounts_only_go_down(self):
        assert 0 < self.case.state.amount_minor <= self.amount
        self.amount = self.case.state.amount_minor
        for offer in self.case.state.offers.values():
            if offer.answer is None and offer.outcome.amount_minor is not None:
                assert offer.outcome.amount_minor <= self.amount

    def silence_pays_only_as_announced(self):
        if self.case.paid_by_silence():
            assert self.silence_accepts

    def nobody_is_refused_without_a_person(self):
        for one in self.case.state.decisions:
            assert one.person is not None or one.outcome.kind is not OutcomeKind.REFUSE

    def a_side_appeals_a_decision_once(self):
        appealed = [(one.decision, one.by) for one in self.case.state.appeals]
        assert len(set(appealed)) == len(appealed)

    def a_merchant_has_goods_or_owes_them(self):
        state = self.case.state
        if not state.merchant_has_goods or state.status in (Status.IN_REVIEW, Status.APPEALED):
            return
        keeps = state.decision is not None and state.decision.outcome.kind in RETURNED_FIRST
        owes = state.duty(DutyKind.SEND_BACK) is not None
        assert keeps != owes or state.closed_why == "settled", (state.status, state.closed_why)

    def an_offer_waits_for_whoever_can_answer_it(self):
        state = self.case.state
        offers = [one for one in state.offers.values() if one.answer is None]
        assert len(offers) <= 1
        for owner in (Side.BUYER, Side.MERCHANT):
            assert sum(one.is_open and one.kind is DutyKind.RESPOND for one in owed_by(state, owner)) <= 1


class AnyCase(FittingCase):
    """A case to which anybody also does anything; what is refused may not change it."""

    @rule(side=SIDES)
    def accept(self, side):
        self.tried(self.case.accept, side)

    @rule(side=SIDES, reason=st.sampled_from(["", "no_defect_found"]))
    def reject(self, side, reason):
        self.tried(self.case.reject, side, reason)

    @rule(side=SIDES, form=st.sampled_from(NegotiationForm), outcome=outcomes(), asks_of=SIDES)
    def negotiate(self, side, form, outcome, asks_of):
        self.tried(self.case.negotiate, side, form, outcome, asks_of)

    @rule(side=SIDES, amount=st.sampled_from([2_500, 10_000]))
    def offer_a_refund(self, side, amount):
        outcome = Outcome(kind=OutcomeKind.REFUND, amount_minor=amount, currency="CNY")
        self.tried(self.case.negotiate, side, NegotiationForm.PROPOSE, outcome)

    @rule(side=SIDES, complete=st.booleans())
    def supplement(self, side, complete):
        self.tried(self.case.supplement, side, complete=complete)

    @rule(side=SIDES)
    def withdraw(self, side):
        assume(self.case.state.decisions or len(self.case.events) > 6)  # otherwise most cases end here
        self.tried(self.case.withdraw, side)

    @rule(side=SIDES)
    def escalate(self, side):
        self.tried(self.case.escalate, side)

    @rule(side=SIDES)
    def appeal(self, side):
        before = self.case.state
        if self.tried(self.case.appeal, side):
            assert before.decision.appeal_until >= self.case.now
            assert before.decision.basis is not Basis.AGREEMENT

    @rule(amount=AMOUNTS)
    def lower(self, amount):
        self.tried(rules.lower, self.case.state, self.case.context, amount)

    @rule(side=SIDES)
    def more_time(self, side):
        self.tried(rules.more_time, self.case.state, self.case.context, side, "ill")

    @rule()
    def ask_for_a_person(self):
        self.tried(rules.ask_for_person, self.case.state)

    @rule(side=SIDES)
    def add_exhibit(self, side):
        exhibit = f"exhibit_{len(self.case.events)}"
        self.tried(rules.add_exhibit, self.case.state, self.case.context, side, exhibit, "damage")

    @rule()
    def extend_for_examination(self):
        self.tried(rules.extend_for_examination, self.case.state, self.case.context)

    @rule()
    def send_return(self):
        self.tried(rules.send_return, self.case.state, self.case.context)

    @rule(inspection=st.sampled_from(["pass", "partial", "fail"]))
    def receive_return(self, inspection):
        self.tried(rules.receive_return, self.case.state, self.case.context, inspection)

    @rule(outcome=st.none() | outcomes(), person=st.none() | PERSONS)
    def decide(self, outcome, person):
        self._decided(outcome, person)

    @precondition(lambda self: self.case.state.status in (Status.IN_REVIEW, Status.APPEALED))
    @rule(person=PERSONS, outcome=st.sampled_from([None, REFUSE, "all", "half"]))
    def decide_once_all_are_heard(self, person, outcome):
        self._all_are_heard()
        whole = self.case.state.asks_for
        if outcome == "all":
            outcome = whole
        elif outcome == "half":
            half = max(1, (whole.amount_minor or 2) // 2)
            outcome = replaced(whole, half) if whole.amount_minor else whole
        self._decided(outcome, person)

    def _decided(self, outcome, person):
        before = self.case.state
        if self.tried(self.case.decide, outcome, person):
            still = [
                one.id
                for one in before.running
                if one.kind in (DutyKind.HEARING, DutyKind.SUPPLEMENT) and one.due_at > self.case.now
            ]
            assert not still, "decided while a side could still speak"
            had = [before.received.get(side) for side in (Side.BUYER, Side.MERCHANT)]
            assert had == [SHA256, SHA256]
            if before.appeal is not None:
                assert person not in {one.person for one in before.decisions}

    @rule(amount=st.sampled_from([1, 10_000]))
    def pay_by_policy(self, amount):
        state = self.case.state
        outcome = replaced(state.asks_for, min(amount, state.amount_minor))
        person = state.wants_person
        if self.tried(
            decision_rules.pay_by_policy, state, self.case.context, self.case.ruling(outcome, None)
        ):
            assert not person

    @rule(wrong=st.booleans())
    def order_remedy(self, wrong):
        before = self.case.state
        if self.tried(after_decision_rules.remedy_ordered, before, "remedy_x" if wrong else self._remedy()):
            back = before.decision.outcome.kind not in (OutcomeKind.RETURN_REFUND, OutcomeKind.EXCHANGE)
            assert back or before.returned in ("pass", "partial", "fail"), "ordered before goods came back"
            assert not before.is_reversing, "ordered before the former remedy was taken back"

    @rule(wrong=st.booleans())
    def carry_out(self, wrong):
        self.tried(after_decision_rules.remedied, self.case.state, "remedy_x" if wrong else self._remedy())

    @rule(side=SIDES)
    def send_goods_back(self, side):
        self.tried(after_decision_rules.send_back, self.case.state, self.case.context, side)

    @rule()
    def settle(self):
        self.tried(after_decision_rules.settle, self.case.state)

    @rule(fails=st.booleans())
    def take_back(self, fails):
        given = (self.case.state, "decision_1")
        if fails:
            self.tried(after_decision_rules.reversal_failed, *given, "refused")
        else:
            self.tried(after_decision_rules.taken_back, *given)

    @rule()
    def fail_remedy(self):
        self.tried(after_decision_rules.remedy_failed, self.case.state, self._remedy(), "refused_by_bank")

    def _remedy(self):
        decision = self.case.state.decision
        return self.case.state.remedy or f"remedy_of_{None if decision is None else decision.id}"

    @rule(data=st.data())
    def a_wrong_duty_times_out(self, data):
        duties = list(self.case.state.duties.values())
        duty = data.draw(st.sampled_from(duties))
        over = duty.runs and duty.due_at <= self.case.now and duty.on_timeout is not OnTimeout.REMIND
        assert self.tried(self.case.time_out, duty) == over


def owed_by(state, owner):
    return [one for one in state.duties.values() if one.owner is owner]


def replaced(outcome, amount):
    if outcome.amount_minor is None:
        return outcome
    return outcome.model_copy(update={"amount_minor": amount})


WAITS = st.sampled_from([0, 0, 0, 1, 24, 73])
STEPS = st.lists(st.tuples(st.integers(0, 99), WAITS), min_size=15, max_size=35)


@settings(max_examples=40, deadline=None)
@given(service=st.sampled_from(Service), silence_accepts=st.booleans(), steps=STEPS)
def test_whatever_fits_leads_on_and_keeps_the_promises(service, silence_accepts, steps):
    case = FittingCase()
    case.file(service, silence_accepts, False)
    for choice, hours in steps:
        case.case.move(hours=hours)
        if hours:
            case.sweep()
        case.what_holds_whatever_happened()
        case.go_on(choice)
        case.what_holds_whatever_happened()


TestAnyCase = AnyCase.TestCase
TestAnyCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
