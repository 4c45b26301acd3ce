"""What keeps a case fair to both sides, whatever one of them tries."""

from tests.property.cases.machine import REFUSE, SHA256, Played, claim

from bixie.cases import after_decision_rules, decision_rules, rules
from bixie.cases.actions import next_actions
from bixie.cases.event_parts import Outcome
from bixie.cases.events import FileReceived, MessagePosted
from bixie.cases.words import Action, NegotiationForm, OutcomeKind, Side

SIDES = (Side.BUYER, Side.MERCHANT)


def refund(amount):
    return Outcome(kind=OutcomeKind.REFUND, amount_minor=amount, currency="CNY")


def done(case, command, *given, **named):
    assert case.do(command, *given, **named) is None


def in_review():
    case = Played(claim())
    done(case, case.reject, Side.MERCHANT)
    done(case, case.escalate, Side.BUYER)
    return case


def heard(case):
    """End the hearing; both sides have the file."""
    for side in SIDES:
        case.do(case.supplement, side, complete=True)
        done(case, lambda side=side: [FileReceived(by=side, file_sha256=SHA256)])


def test_bargaining_after_a_refusal_never_outlasts_the_way_to_the_platform():
    case = Played(claim())
    done(case, case.reject, Side.MERCHANT)
    done(case, case.negotiate, Side.BUYER, NegotiationForm.PROPOSE, refund(9_000))
    for amount in range(1, 6):
        done(case, case.negotiate, Side.MERCHANT, NegotiationForm.PROPOSE, refund(amount))
        case.move(hours=70)
        done(case, rules.refuse_offer, case.state, case.context, Side.BUYER)
    assert Action.ESCALATE in next_actions(case.state, Side.BUYER, case.context)
    done(case, case.escalate, Side.BUYER)


def test_nothing_is_paid_unasked_once_the_merchant_has_written_or_shown_something():
    for says in (
        lambda case: [MessagePosted(by=Side.MERCHANT, message="message_1")],
        lambda case: rules.add_exhibit(case.state, case.context, Side.MERCHANT, "exhibit_1", "whole"),
    ):
        case = Played(claim())
        done(case, lambda: [MessagePosted(by=Side.BUYER, message="message_0")])
        assert decision_rules.may_pay_by_policy(case.state)
        done(case, says, case)
        assert not decision_rules.may_pay_by_policy(case.state)


def test_an_appeal_is_not_overturned_by_the_same_outcome():
    case = in_review()
    heard(case)
    done(case, case.decide, case.state.asks_for, "person_1")
    done(case, after_decision_rules.remedy_ordered, case.state, "remedy_1")
    done(case, case.appeal, Side.MERCHANT)
    heard(case)
    assert case.do(case.decide, case.state.asks_for, "person_2") == "cases.outcome_unchanged"
    done(case, case.decide, REFUSE, "person_2")
