"""Duties remind and end by themselves: once, whatever dies, whoever else sweeps, wherever the clock goes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from tests.integration.cases.walking import Shop, order

from bixie.access.principal import Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.assembly.jobs import periodic_tasks
from bixie.cases import repository, service
from bixie.cases.duties.errors import SweepError
from bixie.cases.events import Item
from bixie.cases.filing import GivenClaim, file_claim
from bixie.cases.jobs import sweep_duties
from bixie.cases.opening import state_of
from bixie.cases.words import DutyKind, Service, Side, Status
from bixie.identity.rules import TenantKind
from bixie.identity.service import add_person, add_tenant, founder
from bixie.jobs.models import Job
from bixie.kit.money import Money
from bixie.ledger.models import LedgerEvent
from bixie.ledger.service import NewEvent, append
from bixie.ledger.verification import verify
from bixie.notices.models import Delivery, Notice
from bixie.notices.reminders import remind_of_duties
from bixie.orders.repository import with_number
from bixie.orders.service import import_orders


@pytest.fixture
def shop(store):
    return Shop(store)


def filed(shop, number="A1", party=None, **changes):
    """File a claim about an order, which is made if it is not there; return the case's id."""
    party = shop.merchant if party is None else party
    given = {"service": Service.REFUND_ONLY, "reason": "damaged", "received": True} | changes
    claim = GivenClaim(
        items=(Item(position=0, count=1),), amount=Money(minor=10_000, currency="CNY"), **given
    )
    with writing(shop.store, shop.program) as session:
        import_orders(session, [order(number)], shop.clock, party=party)
        (row,) = with_number(session, number)
        return file_claim(session, row, shop.buyer, claim, shop.clock).row.id


def sweep(shop, remind=remind_of_duties, **more):
    sweep_duties(shop.store, remind, shop.clock, **more)


def state(shop, case_id):
    with reading(shop.store, shop.program) as session:
        return state_of(session, repository.by_id(session, case_id))


def happened(shop):
    """Count the events of the sweeper and what came of them."""
    wanted = select(LedgerEvent.type, func.count()).group_by(LedgerEvent.type)
    with reading(shop.store, shop.program) as session:
        found = Counter({row[0]: row[1] for row in session.execute(wanted)})
    names = ("case.duty_reminded", "case.duty_timed_out", "case.escalated", "case.decided", "notice.told")
    return {name.rpartition(".")[2]: found[name] for name in names if found[name]}


def told(shop, model=Notice):
    with reading(shop.store, shop.program) as session:
        return session.scalars(select(model)).all()


def assert_verified(shop):
    with reading_every_tenant(shop.store) as session:
        verify(session)


def test_a_merchant_is_reminded_twice_and_then_the_platform_steps_in(shop):
    case_id = filed(shop)
    for hours, expected in [
        (23, {}),
        (1, {"duty_reminded": 1, "notice.told": 1}),
        (11, {"duty_reminded": 1}),
        (1, {"duty_reminded": 2}),
        (11, {"duty_reminded": 2}),
    ]:
        shop.clock.move(hours=hours)
        for _ in range(2):
            sweep(shop)
        assert happened(shop).get("duty_reminded") == expected.get("duty_reminded")
    shop.clock.move(hours=1)
    for _ in range(2):
        sweep(shop)
    assert happened(shop) == {"duty_reminded": 2, "duty_timed_out": 1, "escalated": 1, "told": 2}
    found = state(shop, case_id)
    assert found.status is Status.IN_REVIEW
    assert found.duty(DutyKind.HEARING, Side.BUYER) is not None
    notice = told(shop)[0]
    assert notice.party == shop.merchant
    assert notice.subject == "售后申请 A1：期限 2026年11月4日（周三）17:00（北京时间）"
    assert "商家逾期未处理，平台将介入。" in notice.body
    assert_verified(shop)


def test_after_an_outage_one_reminder_is_sent_and_what_is_over_ends_at_once(shop):
    filed(shop)
    shop.clock.move(hours=40)
    sweep(shop)
    assert happened(shop) == {"duty_reminded": 1, "told": 1}
    shop.clock.move(days=30)
    sweep(shop)
    assert happened(shop)["duty_timed_out"] == 1


def test_an_answer_in_time_leaves_nothing_to_do(shop):
    case_id = filed(shop)
    with writing(shop.store, shop.program) as session:
        service.reject(session, case_id, Side.MERCHANT, reason="no_defect", clock=shop.clock)
    shop.clock.move(hours=49)
    sweep(shop)
    assert happened(shop) == {}


def test_silence_that_counts_as_acceptance_decides_once_and_asks_for_the_goods(shop):
    case_id = filed(shop, service=Service.RETURN_REFUND)
    shop.clock.move(hours=48)
    for _ in range(2):
        sweep(shop)
    assert happened(shop) == {"duty_timed_out": 1, "decided": 1}
    assert state(shop, case_id).status is Status.RETURNING
    assert_verified(shop)


def test_both_sides_of_a_hearing_are_reminded_and_end_together(shop):
    filed(shop)
    shop.clock.move(hours=48)
    sweep(shop)
    shop.clock.move(hours=49)
    sweep(shop)
    # Buyer and merchant; what the platform owes is in its own queue.
    assert happened(shop)["duty_reminded"] >= 2
    assert {one.party for one in told(shop)} == {shop.merchant, shop.buyer}
    shop.clock.move(hours=23)
    sweep(shop)
    assert happened(shop)["duty_timed_out"] == 3


def test_a_platform_is_reminded_daily_for_a_month_and_never_times_out(shop):
    case_id = filed(shop)
    shop.clock.move(hours=48)
    sweep(shop)
    for _ in range(60):
        shop.clock.move(days=1)
        sweep(shop)
    found = state(shop, case_id)
    review = next(one for one in found.duties.values() if one.kind is DutyKind.REVIEW)
    assert review.is_open
    assert len(set(review.reminded)) == len(review.reminded) >= 30
    assert found.status is Status.IN_REVIEW
    with reading_every_tenant(shop.store) as session:
        assert repository.due(session, shop.clock() + timedelta(days=365), None, 10) == []


def test_the_own_clerks_of_a_merchant_are_told(store):
    shop = Shop(store)
    with writing(store, founder(shop.clock)) as session:
        tenant = add_tenant(session, "小店", TenantKind.MERCHANT, shop.clock)[0].tenant
    shop.program = type(shop.program)(tenant, "program_test", Role.PROGRAM)
    shop.buyer = ""
    with writing(store, shop.program) as session:
        admin = add_person(session, "boss@example.com", Role.ADMIN, name="掌柜", clock=shop.clock).id
    filed(shop, "A1", party="")
    shop.clock.move(hours=25)
    sweep(shop)
    assert [one.person for one in told(shop)] == [admin]
    with writing(store, shop.program) as session:
        clerk = add_person(session, "clerk@example.com", Role.CLERK, name="小李", clock=shop.clock).id
    shop.clock.move(hours=12)
    sweep(shop)
    assert [one.person for one in told(shop)] == [admin, clerk]


def test_two_sweepers_at_once_do_everything_once(shop):
    for number in range(30):
        filed(shop, f"A{number}")
    shop.clock.move(hours=25)
    with ThreadPoolExecutor(2) as threads:
        for one in [threads.submit(sweep, shop) for _ in range(2)]:
            one.result()
    assert happened(shop) == {"duty_reminded": 30, "told": 30}
    shop.clock.move(days=2)
    with ThreadPoolExecutor(2) as threads:
        for one in [threads.submit(sweep, shop) for _ in range(2)]:
            one.result()
    assert happened(shop)["duty_timed_out"] == happened(shop)["escalated"] == 30
    assert_verified(shop)


def test_a_worker_sweeps_by_its_own_clock(shop, location):
    filed(shop)  # long before today
    (task,) = (one for one in periodic_tasks(shop.store, location) if one.name == "cases.duties")
    task.do()
    assert happened(shop) == {"duty_timed_out": 1, "escalated": 1}


class Died(BaseException):
    """The process ends here."""


class DiesAt:
    """Ends the sweep at the n-th statement that it sends to the database."""

    def __init__(self, store, number):
        self._store, self._left = store, number

    def __enter__(self):
        event.listen(self._store.engine, "before_cursor_execute", self._count)

    def __exit__(self, *_):
        event.remove(self._store.engine, "before_cursor_execute", self._count)

    def _count(self, *_):
        self._left -= 1
        if self._left == 0:
            raise Died


def test_a_sweep_that_dies_at_any_statement_loses_and_doubles_nothing(shop):
    cases = [filed(shop, "A1"), filed(shop, "A2", service=Service.EXCHANGE)]
    for hours in (25, 24):
        shop.clock.move(hours=hours)
        number, died = 0, True
        while died:
            number += 1
            before = happened(shop)
            died = False
            try:
                with DiesAt(shop.store, number):
                    sweep(shop)
            except Died:
                died = True
            # One transaction did all of it: it is done whole, or not at all.
            assert happened(shop) == before or not died
        assert number > 20
    assert happened(shop) == {
        "duty_reminded": 2,
        "told": 2,
        "duty_timed_out": 2,
        "escalated": 1,
        "decided": 1,
    }
    assert [state(shop, one).status for one in cases] == [Status.IN_REVIEW, Status.RETURNING]
    with shop.store.reading(Session) as session:
        assert session.scalar(select(func.count()).select_from(Job)) == len(told(shop, Delivery))
    assert_verified(shop)


def test_a_clock_that_jumps_does_everything_once(shop):
    case_id = filed(shop)
    for hours in (25, -20, 10, 45, -60, 70, -3, 5):
        shop.clock.move(hours=hours)
        sweep(shop)
    assert {kind: happened(shop)[kind] for kind in ("duty_timed_out", "escalated")} == {
        "duty_timed_out": 1,
        "escalated": 1,
    }
    answer = next(one for one in state(shop, case_id).duties.values() if one.kind is DutyKind.ANSWER)
    assert len(set(answer.reminded)) == len(answer.reminded)


def test_a_case_that_is_broken_stops_no_other(shop, caplog):
    cases = [filed(shop, f"A{number}") for number in range(5)]
    with writing(shop.store, shop.program) as session:
        # An event that Bixie never writes: the case cannot be folded any more.
        data = {"by": "platform", "duty": "x", "due_at": "2026-11-05T09:00:00.000Z", "why": "x"}
        append(session, [NewEvent("case.duty_extended", cases[1], data)], shop.clock)
    shop.clock.move(hours=25)
    for _ in range(2):
        with pytest.raises(SweepError) as caught:
            sweep(shop, page=2)  # pages go on behind the broken one
    assert (caught.value.values["count"], caught.value.values["case"]) == (1, cases[1])
    assert happened(shop) == {"duty_reminded": 4, "told": 4}
    assert cases[1] in caplog.text


def test_who_cannot_be_told_is_not_noted_as_reminded(shop):
    cases = [filed(shop, f"A{number}") for number in range(3)]
    shop.clock.move(hours=25)

    def refusing(session, reminded, clock):
        if any(one.case.id == cases[0] for one in reminded):
            raise ValueError("no words for it")
        remind_of_duties(session, reminded, clock)

    with pytest.raises(SweepError):
        sweep(shop, refusing)
    assert happened(shop) == {"duty_reminded": 2, "told": 2}
    sweep(shop)
    assert happened(shop) == {"duty_reminded": 3, "told": 3}
