"""Goods that a merchant may not keep, and remedies that an appeal takes back, as the rules have them."""

import pytest
from tests.property.cases.machine import REFUSE, Played, claim
from tests.unit.cases.test_fair_rules import done, heard, refund

from bixie.cases import after_decision_rules, rules
from bixie.cases.actions import next_actions
from bixie.cases.words import Action, DutyKind, Service, Side, Status


def failed_inspection():
    """Return a case whose goods came back and did not pass; both sides were heard again."""
    case = Played(claim(Service.RETURN_REFUND))
    done(case, case.accept, Side.MERCHANT)
    done(case, rules.send_return, case.state, case.context)
    done(case, rules.receive_return, case.state, case.context, "fail")
    heard(case)
    return case


def sent_back(case, side=Side.MERCHANT):
    done(case, after_decision_rules.send_back, case.state, case.context, side)


def owed(case):
    return {one.kind for one in case.state.duties.values() if one.is_open}


def test_a_refusal_after_a_failed_inspection_sends_the_goods_back():
    case = failed_inspection()
    done(case, case.decide, REFUSE, "person_1")
    assert owed(case) == {DutyKind.APPEAL, DutyKind.SEND_BACK}
    case.move(days=14)  # a week of holidays lies between
    case.sweep()
    assert case.state.status is Status.RETURNING
    sent_back(case)
    assert (case.state.closed_why, case.state.sent_back) == ("refused", "sent")
    sent_back(case, Side.BUYER)
    assert case.state.sent_back == "arrived"


def test_goods_that_are_overdue_bring_in_the_platform_which_can_settle():
    case = failed_inspection()
    done(case, case.decide, REFUSE, "person_1")
    assert case.do(after_decision_rules.settle, case.state) == "cases.nothing_to_settle"
    for _ in range(14):
        case.move(days=1)
        case.sweep()
    assert owed(case) == {DutyKind.SEND_BACK, DutyKind.FOLLOW_UP}
    done(case, after_decision_rules.settle, case.state)
    assert (case.state.closed_why, owed(case)) == ("settled", set())


def test_overdue_goods_do_not_close_away_a_remedy_that_is_to_be_carried_out():
    case = failed_inspection()
    done(case, case.decide, refund(1999), "person_1")
    for _ in range(30):
        case.move(days=1)
        case.sweep()
    assert owed(case) == {DutyKind.SEND_BACK, DutyKind.FOLLOW_UP, DutyKind.CARRY_OUT}
    assert case.do(after_decision_rules.settle, case.state) == "cases.nothing_to_settle"
    done(case, after_decision_rules.remedy_ordered, case.state, "remedy_1")
    done(case, after_decision_rules.remedied, case.state, "remedy_1")
    done(case, after_decision_rules.settle, case.state)
    assert case.state.closed_why == "settled"


def test_a_buyer_who_withdraws_after_the_inspection_gets_the_goods():
    case = failed_inspection()
    done(case, case.withdraw, Side.BUYER)
    assert (case.state.status, owed(case)) == (Status.RETURNING, {DutyKind.SEND_BACK})
    sent_back(case, Side.BUYER)
    assert (case.state.closed_why, case.state.sent_back) == ("withdrawn", "arrived")


def test_an_appeal_stops_the_time_of_sending_back_and_may_end_it():
    case = failed_inspection()
    done(case, case.decide, REFUSE, "person_1")
    done(case, case.appeal, Side.BUYER)
    assert not case.state.duty(DutyKind.SEND_BACK).runs
    heard(case)
    done(case, case.decide, case.state.asks_for, "person_2")
    assert owed(case) == {DutyKind.CARRY_OUT}  # the goods are there already


@pytest.mark.parametrize("sent", [True, False])
def test_a_refund_without_return_leaves_the_goods_to_the_buyer(sent):
    case = failed_inspection()
    done(case, case.decide, refund(3_000), "person_1")
    assert owed(case) == {DutyKind.SEND_BACK, DutyKind.CARRY_OUT}
    if sent:
        sent_back(case)
    done(case, after_decision_rules.remedy_ordered, case.state, "remedy_1")
    done(case, after_decision_rules.remedied, case.state, "remedy_1")
    assert (case.state.status is Status.CLOSED) == sent
    if not sent:
        sent_back(case)
        assert case.state.closed_why == "remedied"


def test_a_case_whose_last_duty_was_done_while_an_appeal_ran_is_closed_when_the_decision_stands():
    case = failed_inspection()
    done(case, case.decide, refund(3_000), "person_1")
    done(case, after_decision_rules.remedy_ordered, case.state, "remedy_1")
    done(case, after_decision_rules.remedied, case.state, "remedy_1")
    done(case, case.appeal, Side.MERCHANT)
    sent_back(case)
    heard(case)
    done(case, case.decide, None, "person_2")
    assert (case.state.status, case.state.closed_why) == (Status.CLOSED, "remedied")


def overturned(outcome, *, back=False):
    """Return a case in which an appeal changes what was granted: paid already, or while goods come back."""
    case = Played(claim(Service.RETURN_REFUND if back else Service.REFUND_ONLY))
    done(case, case.reject, Side.MERCHANT)
    done(case, case.escalate, Side.BUYER)
    heard(case)
    done(case, case.decide, case.state.asks_for, "person_1")
    if back:
        done(case, rules.send_return, case.state, case.context)
    else:
        done(case, after_decision_rules.remedy_ordered, case.state, "remedy_1")
        done(case, after_decision_rules.remedied, case.state, "remedy_1")
    done(case, case.appeal, Side.MERCHANT)
    heard(case)
    done(case, case.decide, outcome, "person_2")
    return case


def test_a_return_under_way_that_an_appeal_overturns_comes_back():
    case = overturned(REFUSE, back=True)
    assert (case.state.status, owed(case)) == (Status.RETURNING, {DutyKind.SEND_BACK})
    sent_back(case)
    assert case.state.closed_why == "refused"


def test_what_replaces_a_remedy_is_ordered_once_that_is_taken_back():
    case = overturned(refund(4_000))
    assert case.do(after_decision_rules.remedy_ordered, case.state, "remedy_2") == "cases.no_remedy"
    done(case, after_decision_rules.reversal_failed, case.state, "decision_1", "account_closed")
    assert owed(case) == {DutyKind.REVERSE, DutyKind.CARRY_OUT}
    assert case.do(after_decision_rules.remedy_ordered, case.state, "remedy_2") == "cases.no_remedy"
    done(case, after_decision_rules.taken_back, case.state, "decision_1")
    done(case, after_decision_rules.remedy_ordered, case.state, "remedy_2")


def test_a_case_is_open_until_what_was_paid_is_taken_back_or_settled():
    for way in (
        lambda case: after_decision_rules.taken_back(case.state, "decision_1"),
        lambda case: after_decision_rules.settle(case.state),
    ):
        case = overturned(REFUSE)
        assert (case.state.status, owed(case)) == (Status.REMEDYING, {DutyKind.REVERSE})
        done(case, after_decision_rules.reversal_failed, case.state, "decision_1", "account_closed")
        done(case, way, case)
        assert case.state.status is Status.CLOSED


def not_received(case):
    return case.do(after_decision_rules.not_received, case.state, case.context)


def may_say(case):
    return Action.NOT_RECEIVED in next_actions(case.state, Side.BUYER, case.context)


def sent_in_a_closed_case():
    """Return a case that was closed by the merchant's word that the goods were sent back."""
    case = failed_inspection()
    done(case, case.withdraw, Side.BUYER)
    assert not may_say(case)
    sent_back(case)
    assert (case.state.status, may_say(case)) == (Status.CLOSED, True)
    return case


def test_goods_that_do_not_come_bring_in_the_platform_once():
    case = sent_in_a_closed_case()
    assert not_received(case) is None
    assert (case.state.status, owed(case)) == (Status.RETURNING, {DutyKind.FOLLOW_UP})
    assert (not_received(case), may_say(case)) == ("cases.not_now", False)
    done(case, after_decision_rules.settle, case.state)
    assert (case.state.closed_why, owed(case)) == ("settled", set())
    assert (not_received(case), may_say(case)) == ("cases.not_now", False)


def test_goods_that_come_after_all_end_what_the_platform_owes():
    case = sent_in_a_closed_case()
    assert not_received(case) is None
    sent_back(case, Side.BUYER)
    assert (case.state.closed_why, case.state.sent_back, owed(case)) == ("withdrawn", "arrived", set())
    assert not may_say(case)


def test_pieces_that_do_not_come_bring_in_the_platform():
    case = Played(claim(Service.REPLENISH))
    done(case, case.accept, Side.MERCHANT)
    done(case, after_decision_rules.remedy_ordered, case.state, "remedy_1")
    assert not may_say(case)
    done(case, after_decision_rules.remedied, case.state, "remedy_1")
    assert (case.state.status, may_say(case)) == (Status.CLOSED, True)
    assert not_received(case) is None
    assert (case.state.status, owed(case)) == (Status.REMEDYING, {DutyKind.FOLLOW_UP})
    assert not may_say(case)


def test_a_refund_is_no_parcel():
    case = Played(claim())
    done(case, case.accept, Side.MERCHANT)
    done(case, after_decision_rules.remedy_ordered, case.state, "remedy_1")
    done(case, after_decision_rules.remedied, case.state, "remedy_1")
    assert (not_received(case), may_say(case)) == ("cases.not_now", False)


def test_a_remedy_that_is_carried_out_does_not_close_away_goods_that_do_not_come():
    case = failed_inspection()
    done(case, case.decide, refund(1999), "person_1")
    sent_back(case)
    assert not_received(case) is None
    done(case, after_decision_rules.remedy_ordered, case.state, "remedy_1")
    done(case, after_decision_rules.remedied, case.state, "remedy_1")
    assert (case.state.status is Status.CLOSED, owed(case)) == (False, {DutyKind.FOLLOW_UP})
    sent_back(case, Side.BUYER)
    assert case.state.closed_why == "remedied"


@pytest.mark.parametrize("upheld", [True, False])
def test_an_appeal_leaves_the_platform_to_see_to_goods_that_do_not_come(upheld):
    case = failed_inspection()
    done(case, case.decide, refund(3_000), "person_1")
    sent_back(case)
    assert not_received(case) is None
    done(case, case.appeal, Side.MERCHANT)
    assert not_received(case) == "cases.not_now"
    heard(case)
    done(case, case.decide, None if upheld else refund(1_000), "person_2")
    assert owed(case) == {DutyKind.FOLLOW_UP, DutyKind.CARRY_OUT}
    assert all(one.runs for one in case.state.duties.values() if one.is_open)
