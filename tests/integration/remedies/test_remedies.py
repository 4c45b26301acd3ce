"""A decision becomes one order under one key, whatever happens on the way."""

import threading

import pytest

from bixie.cases.service import Said, settle
from bixie.cases.words import DutyKind, OutcomeKind, Service, Status
from bixie.ledger.repository import events_about
from bixie.ledger.rules import event_from_body
from bixie.remedies import repository, service
from bixie.remedies.errors import GatewayError, NoSuchRemedyError, RemedyError
from bixie.remedies.gateway import GatewayAnswer
from bixie.remedies.models import State
from bixie.remedies.rules import RETRIES, Failure
from bixie.remedies.schemas import RemedyOut


class Killed(BaseException):
    """Ends an attempt as SIGKILL does: nothing after it is done."""


def events(shop, remedy):
    with shop.writing() as session:
        return [event_from_body(row.body) for row in events_about(session, remedy.id)]


def test_a_decision_becomes_one_order_and_the_case_closes_once_it_is_carried_out(shop, gateway):
    case, decision = shop.decided()
    assert shop.work() == 1
    remedy = shop.remedy(case)
    assert (remedy.decision_id, remedy.kind, remedy.state) == (decision, "refund", "sent")
    (order,) = gateway.sent
    assert (order.id, order.idempotency_key) == (remedy.id, remedy.idempotency_key)
    assert (order.amount.minor, order.order.number, order.items[0].sku) == (
        1999,
        "6912345678901234567",
        "CUP-1",
    )
    assert shop.told == [remedy.id]
    assert shop.state(case).status is Status.REMEDYING
    with shop.writing() as session:
        for _ in range(2):
            service.confirm(session, remedy.id, "4200001234", shop.clock)
    assert shop.remedy(case).state == "confirmed"
    assert shop.state(case).status is Status.CLOSED
    assert [one.type for one in events(shop, remedy)] == ["remedy.ordered", "remedy.sent", "remedy.confirmed"]


def test_a_gateway_that_carries_out_at_once_closes_the_case(shop, gateway):
    case, _ = shop.decided()
    gateway.answers = [GatewayAnswer("R1", settled=True)]
    shop.work()
    remedy = shop.remedy(case)
    assert (remedy.state, remedy.reference) == ("confirmed", "R1")
    assert shop.state(case).status is Status.CLOSED


def test_what_the_outside_calls_it_is_not_in_the_ledger_openly(shop, gateway):
    case, _ = shop.decided()
    gateway.answers = [GatewayAnswer("4200001234", settled=True)]
    shop.work()
    recorded = events(shop, shop.remedy(case))
    assert any("reference" in one.personal for one in recorded)
    assert all("4200001234" not in str(one.data) for one in recorded)


def test_killed_before_or_after_sending_the_same_order_goes_out_under_the_same_key(shop, gateway):
    case, _ = shop.decided()
    job = shop.claim()
    gateway.answers = [Killed(), Killed()]
    for _ in range(2):
        with pytest.raises(Killed):
            shop.attempt(job)
    assert shop.remedy(case).state == "waiting"
    shop.attempt(job)
    shop.attempt(job)  # a worker that was taken for dead goes on
    assert len({one.encoded() for one in gateway.sent}) == 1
    assert len(gateway.sent) == 3
    assert shop.remedy(case).state == "sent"
    assert shop.told == [gateway.sent[0].id]


def test_two_workers_with_the_same_job_make_one_remedy_and_note_it_once(shop, gateway):
    case, _ = shop.decided()
    job, both = shop.claim(), threading.Barrier(2)
    recorded = gateway.send

    def send(order, moment):
        both.wait(30)
        return recorded(order, moment)

    gateway.send = send
    threads = [threading.Thread(target=shop.attempt, args=(job,)) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len({one.encoded() for one in gateway.sent}) == 1
    remedy = shop.remedy(case)
    assert remedy.state == "sent"
    assert [one.type for one in events(shop, remedy)] == ["remedy.ordered", "remedy.sent"]


def test_a_refused_order_is_not_sent_again_and_the_platform_owes_the_next_step(shop, gateway):
    case, _ = shop.decided()
    gateway.answers = [GatewayError("remedies.refused", final=True, status=404)]
    assert shop.work() == 1
    remedy = shop.remedy(case)
    assert (remedy.state, remedy.failure) == ("failed", Failure.REFUSED)
    state = shop.state(case)
    assert state.remedy_state == "failed"
    assert state.duty(DutyKind.CARRY_OUT) is not None
    assert "请店铺或平台" in RemedyOut.of(remedy).says.zh


def test_an_order_that_is_never_answered_fails_after_days_and_can_be_done_by_hand(shop, gateway):
    case, _ = shop.decided()
    gateway.answers = [GatewayError("remedies.no_answer", reason="")] * RETRIES.max_attempts
    while shop.work():
        shop.clock.pass_(hours=12)
    assert len(gateway.sent) == RETRIES.max_attempts
    assert len({one.encoded() for one in gateway.sent}) == 1
    remedy = shop.remedy(case)
    assert (remedy.state, remedy.failure) == ("failed", Failure.UNANSWERED)
    with shop.writing() as session:
        service.confirm(session, remedy.id, None, shop.clock)
    assert (shop.remedy(case).state, shop.remedy(case).failure) == ("confirmed", None)
    assert shop.state(case).status is Status.CLOSED


def test_a_failed_order_is_found_behind_others_whose_cases_owe_nothing_any_more(shop, gateway):
    refused = GatewayError("remedies.refused", final=True, status=404)
    settled, _ = shop.ruled()
    shop.work()
    with shop.writing() as session:
        service.confirm(session, shop.remedy(settled).id, None, shop.clock)
    shop.overturn(settled)
    gateway.answers = [refused]
    shop.work()  # what was paid cannot be taken back
    with shop.writing() as session:
        settle(session, settled, Said("paid back at the till"), shop.clock)
    owed, _ = shop.decided()
    gateway.answers = [refused]
    shop.work()
    with shop.writing() as session:
        failed = repository.page(session, None, None, states=[State.FAILED])
        assert [one.case_id for one in failed] == [settled, owed]
        assert repository.failed_and_owed(session, 1) == [owed]


def test_a_given_up_order_goes_out_again_under_its_key_when_its_job_is_retried(shop, gateway):
    case, _ = shop.decided()
    gateway.answers = [GatewayError("remedies.refused", final=True, status=404)]
    job = shop.claim()
    shop.attempt(job)
    shop.retry(job.id)
    shop.work()
    assert len({one.encoded() for one in gateway.sent}) == 1
    assert (shop.remedy(case).state, shop.remedy(case).failure) == ("sent", None)


def test_what_the_shop_says_while_an_order_waits_for_its_next_attempt_counts(shop, gateway):
    said = {"confirmed": lambda s, id_: service.confirm(s, id_, None, shop.clock)}
    said["failed"] = lambda s, id_: service.fail(s, id_, Failure.OUT_OF_STOCK, shop.clock)
    for state, say in said.items():
        case, _ = shop.decided()
        gateway.answers, gateway.sent = [GatewayError("remedies.no_answer", reason="")], []
        shop.work()
        with shop.writing() as session:
            say(session, shop.remedy(case).id)
        shop.clock.pass_(hours=1)
        assert shop.work() == 1
        assert len(gateway.sent) == 1
        assert shop.remedy(case).state == state


def test_a_shop_that_confirms_faster_than_the_answer_arrives_is_believed(shop, gateway):
    case, _ = shop.decided()
    recorded = gateway.send

    def send(order, moment):
        with shop.writing() as session:
            service.confirm(session, order.id, "R1", shop.clock)
        return recorded(order, moment)

    gateway.send = send
    shop.work()
    remedy = shop.remedy(case)
    assert (remedy.state, remedy.reference) == ("confirmed", "R1")
    assert [one.type for one in events(shop, remedy)] == ["remedy.ordered", "remedy.confirmed"]


def test_a_remedy_that_was_carried_out_cannot_fail(shop, gateway):
    case, _ = shop.decided()
    gateway.answers = [GatewayAnswer(settled=True)]
    shop.work()
    with pytest.raises(RemedyError, match="confirmed"), shop.writing() as session:
        service.fail(session, shop.remedy(case).id, Failure.OTHER, shop.clock)
    assert shop.remedy(case).state == "confirmed"


def test_a_repair_is_sent_nowhere_and_says_so_until_a_person_confirms_it(shop, gateway):
    case, _ = shop.decided(Service.REPAIR)
    assert shop.work() == 1
    remedy = shop.remedy(case)
    assert (remedy.kind, remedy.state, gateway.sent) == ("repair", "waiting", [])
    assert RemedyOut.of(remedy).says.zh.startswith("维修派单尚未接入")
    assert shop.state(case).status is Status.REMEDYING
    with shop.writing() as session:
        service.confirm(session, remedy.id, None, shop.clock)
    assert shop.state(case).status is Status.CLOSED


def test_goods_that_are_to_come_back_first_are_ordered_for_once_they_were_inspected(shop, gateway):
    case, _ = shop.decided(Service.RETURN_REFUND)
    assert shop.work() == 0
    shop.returned(case)
    assert shop.work() == 1
    assert [one.kind for one in gateway.sent] == ["return_refund"]


def test_an_appeal_that_fails_pays_nothing_before_the_goods_came_back(shop, gateway):
    case, _ = shop.ruled(OutcomeKind.RETURN_REFUND)
    shop.overturn(case, None)
    shop.work()
    assert gateway.sent == []
    shop.returned(case)
    shop.work()
    assert [one.kind for one in gateway.sent] == ["return_refund"]


def test_a_refund_that_an_appeal_held_up_is_ordered_once_it_stands(shop, gateway):
    case, _ = shop.ruled()
    shop.appeal(case)
    shop.work()
    assert gateway.sent == []
    shop.decide_appeal(case, None)
    shop.work()
    assert [one.kind for one in gateway.sent] == ["refund"]


@pytest.mark.parametrize("id_", ["remedy_00000000000000000000000000", "x", ""])
def test_a_remedy_that_is_not_there(shop, id_):
    for say in (service.confirm, lambda s, one: service.fail(s, one, Failure.OTHER)):
        with pytest.raises(NoSuchRemedyError), shop.writing() as session:
            say(session, id_)
