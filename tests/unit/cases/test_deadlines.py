"""What was announced for the end of a duty stands, however late it is carried out."""

from tests.property.cases.machine import Played, claim

from bixie.cases import rules
from bixie.cases.actions import next_actions
from bixie.cases.words import Action, DutyKind, NegotiationForm, Service, Side


def refusals(case):
    """Return what each late answer of the merchant is refused with."""
    return {
        case.do(case.reject, Side.MERCHANT),
        case.do(case.negotiate, Side.MERCHANT, NegotiationForm.AGREED_WITHDRAW),
        case.do(rules.more_time, case.state, case.context, Side.MERCHANT, "waiting_for_brand"),
    }


def test_a_merchant_that_is_late_can_only_agree():
    case = Played(claim(Service.RETURN_REFUND), silence_accepts=True)
    case.move(hours=48)
    assert refusals(case) == {"cases.time_is_over"}
    assert next_actions(case.state, Side.MERCHANT, case.context) == [Action.ACCEPT, Action.SUPPLEMENT]
    assert case.do(case.accept, Side.MERCHANT) is None


def test_goods_that_count_as_received_in_order_do_so():
    case = Played(claim(Service.RETURN_REFUND))
    assert case.do(case.accept, Side.MERCHANT) is None
    assert case.do(rules.send_return, case.state, case.context) is None
    case.move(days=30)
    late = case.do(rules.receive_return, case.state, case.context, "fail")
    assert late == "cases.time_is_over"
    assert case.do(rules.receive_return, case.state, case.context, "pass") is None


def test_a_file_handed_in_answers_what_was_asked_for():
    case = Played(claim())
    assert case.do(case.negotiate, Side.MERCHANT, NegotiationForm.ASK_EVIDENCE) is None
    assert case.do(rules.add_exhibit, case.state, case.context, Side.BUYER, "exhibit_1", "angle") is None
    (asked,) = [one for one in case.state.running if one.kind is DutyKind.SUPPLEMENT]
    assert case.state.challenge == "answered"  # more can follow: the duty runs on
    case.now = asked.due_at
    assert case.do(rules.time_out, case.state, case.context, asked) is None
    assert case.state.challenge == "answered"
