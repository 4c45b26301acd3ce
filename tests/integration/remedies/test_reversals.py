"""An overturned decision is taken back by an order of the opposite direction, where something was ordered."""

import pytest
from tests.integration.remedies.shop import refund

from bixie.cases.words import DutyKind, OutcomeKind, Status
from bixie.remedies import service
from bixie.remedies.errors import GatewayError
from bixie.remedies.gateway import GatewayAnswer
from bixie.remedies.rules import Failure

NO_ANSWER = GatewayError("remedies.no_answer", reason="")
REFUSED = GatewayError("remedies.refused", final=True, status=404)


def states(shop, case):
    return [one.state for one in shop.remedies(case)]


@pytest.mark.parametrize(("settled", "known"), [(True, "confirmed"), (False, "sent")])
def test_a_refund_is_taken_back_by_an_order_that_names_it(shop, gateway, settled, known):
    case, decision = shop.ruled()
    gateway.answers = [GatewayAnswer(settled=settled)]
    shop.work()
    shop.overturn(case)
    assert shop.work() == 1
    first, back = gateway.sent
    assert (back.kind, back.decision, back.amount) == ("refund_reversal", decision, first.amount)
    assert (back.reverses.id, back.reverses.idempotency_key) == (first.id, first.idempotency_key)
    assert back.reverses.known == known
    assert back.idempotency_key != first.idempotency_key
    assert states(shop, case) == ["reversing", "sent"]
    assert shop.told == [first.id, back.id]
    assert shop.state(case).status is Status.REMEDYING
    with shop.writing() as session:
        service.confirm(session, back.id, None, shop.clock)
    assert states(shop, case) == ["reversed", "confirmed"]
    assert shop.state(case).closed_why == "refused"


def test_goods_that_cannot_be_stopped_are_for_a_person_who_may_still_succeed(shop, gateway):
    case, _ = shop.ruled(OutcomeKind.REPLENISH)
    shop.work()
    shop.overturn(case)
    shop.work()
    back = gateway.sent[1]
    assert back.kind == "replenish_reversal"
    with shop.writing() as session:
        service.fail(session, back.id, Failure.SHIPPED, shop.clock)
    assert states(shop, case) == ["irreversible", "failed"]
    assert shop.state(case).reversal_failed
    with shop.writing() as session:
        service.confirm(session, back.id, None, shop.clock)
    assert states(shop, case) == ["reversed", "confirmed"]


def test_a_decision_that_is_overturned_before_a_worker_came_is_never_ordered(shop, gateway):
    case, _ = shop.ruled()
    shop.overturn(case)
    shop.work()
    assert (gateway.sent, shop.remedies(case)) == ([], [])


def test_an_order_that_may_have_arrived_is_taken_back_and_not_sent_again(shop, gateway):
    case, _ = shop.ruled()
    gateway.answers = [NO_ANSWER]
    shop.work()
    shop.overturn(case)
    shop.clock.pass_(hours=1)
    shop.work()
    shop.clock.pass_(days=1)
    shop.work()
    first, back = gateway.sent
    assert (first.kind, back.kind, back.reverses.known) == ("refund", "refund_reversal", "unanswered")
    assert states(shop, case) == ["reversing", "sent"]


def test_what_was_refused_is_reversed_without_an_order(shop, gateway):
    case, _ = shop.ruled()
    gateway.answers = [REFUSED]
    shop.work()
    shop.overturn(case)
    shop.work()
    assert len(gateway.sent) == 1
    assert states(shop, case) == ["reversed"]


def test_a_repair_that_nobody_began_is_reversed_without_an_order_and_a_done_one_is_for_a_person(
    shop, gateway
):
    for done, state in ((False, "reversed"), (True, "irreversible")):
        case, _ = shop.ruled(OutcomeKind.REPAIR)
        shop.work()
        if done:
            with shop.writing() as session:
                service.confirm(session, shop.remedy(case).id, None, shop.clock)
        shop.overturn(case)
        shop.work()
        assert states(shop, case) == [state]
    assert gateway.sent == []


def test_a_reversal_waits_while_a_worker_sends_the_first_order(shop, gateway):
    case, _ = shop.ruled()
    sending = shop.claim()
    recorded = gateway.send

    def send(order, moment):
        gateway.send = recorded
        shop.overturn(case)  # meanwhile
        shop.attempt(shop.claim())
        assert gateway.sent == []
        assert shop.claim() is None  # not at once
        return recorded(order, moment)

    gateway.send = send
    shop.attempt(sending)
    shop.clock.pass_(minutes=1)
    assert shop.work() == 1
    assert [one.kind for one in gateway.sent] == ["refund", "refund_reversal"]
    assert gateway.sent[1].reverses.known == "sent"


def test_killed_while_it_is_taken_back_the_same_order_goes_out_again(shop, gateway):
    class Killed(BaseException):
        pass

    case, _ = shop.ruled()
    shop.work()
    shop.overturn(case)
    job = shop.claim()
    gateway.answers = [Killed()]
    with pytest.raises(Killed):
        shop.attempt(job)
    shop.attempt(job)
    _, killed, again = gateway.sent
    assert killed.encoded() == again.encoded()
    assert states(shop, case) == ["reversing", "sent"]


def test_a_late_word_about_what_is_taken_back_does_not_touch_the_case(shop, gateway):
    case, _ = shop.ruled()
    shop.work()
    shop.overturn(case)
    before = shop.state(case)
    with shop.writing() as session:  # the shop did not know yet
        service.confirm(session, gateway.sent[0].id, None, shop.clock)
    assert shop.state(case) == before
    assert shop.state(case).duty(DutyKind.REVERSE) is not None
    shop.work()
    assert gateway.sent[1].reverses.known == "confirmed"
    assert states(shop, case) == ["reversing", "sent"]


def test_two_decisions_of_a_case_are_two_orders_and_the_first_ones_end_closes_nothing(shop, gateway):
    case, _ = shop.ruled()
    shop.work()
    shop.overturn(case, refund(500))
    with shop.writing() as session:
        service.confirm(session, gateway.sent[0].id, None, shop.clock)
    assert shop.state(case).status is not Status.CLOSED
    shop.work()
    assert [one.kind for one in gateway.sent] == ["refund", "refund_reversal"]  # the other one waits
    with shop.writing() as session:
        service.confirm(session, gateway.sent[1].id, None, shop.clock)
    shop.work()
    assert [(one.kind, one.amount.minor) for one in gateway.sent] == [
        *(("refund", 1999), ("refund_reversal", 1999), ("refund", 500)),
    ]
    assert len({one.idempotency_key for one in gateway.sent}) == 3


def test_a_reversal_that_is_given_up_is_told_to_the_case_and_nothing_else_is_ordered(shop, gateway):
    case, _ = shop.ruled()
    shop.work()
    shop.overturn(case, refund(500))
    gateway.answers = [REFUSED]
    shop.work()
    state = shop.state(case)
    assert (state.reversal_failed, state.is_reversing) == (True, True)
    assert [one.kind for one in gateway.sent] == ["refund", "refund_reversal"]
