"""The sides of a case are told what has changed, once, and programs by webhook, on both databases."""

import pytest
from sqlalchemy import event, select
from tests.integration.cases.evidence import keep
from tests.integration.cases.test_sweeper import filed, sweep

from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.cases import service
from bixie.cases.challenge import Challenge, challenge
from bixie.cases.effects import after_evidence
from bixie.cases.evidence import GivenExhibit, add_exhibits
from bixie.cases.opening import open_case
from bixie.cases.remedying import carried_out, ordered
from bixie.cases.telling import TOLD
from bixie.cases.thread import post
from bixie.cases.words import Audience, Side
from bixie.ledger.verification import verify
from bixie.notices.case_news import tell_of_cases
from bixie.notices.models import Delivery, Notice
from bixie.notices.service import add_target
from bixie.store.blobs import DiskBlobs


@pytest.fixture
def telling(shop):
    shop.store.about[TOLD] = tell_of_cases
    return shop


def notices(shop, party):
    with reading(shop.store, shop.program) as session:
        rows = session.scalars(select(Notice).where(Notice.party == party).order_by(Notice.sequence))
        return [(one.template, one.subject, one.body) for one in rows]


def webhooks(shop):
    with reading(shop.store, shop.program) as session:
        rows = session.scalars(select(Delivery).where(Delivery.channel == "webhook"))
        return [one.content for one in rows]


def test_each_side_is_told_what_it_owes_by_when_and_what_follows(telling, location):
    shop = telling
    case_id = filed(shop)
    photo = keep(shop, DiskBlobs(location.folder / "blobs"))
    ((template, subject, body),) = notices(shop, shop.merchant)
    assert template == "case_turn"
    until = "2026年11月4日（周三）17:00（北京时间）"
    assert subject == f"售后申请 A1：买家提交售后申请，请在 {until} 前处理"
    assert "商家逾期未处理，平台将介入。" in body

    with writing(shop.store, shop.program) as session:
        case = open_case(session, case_id, shop.clock)
        add_exhibits(case, Side.BUYER, [GivenExhibit(photo, "damage")])
        after_evidence(case)
    with writing(shop.store, shop.program) as session:
        asked = Challenge(photo, ("another_angle", "code_on_paper"))
        word = challenge(session, case_id, Side.MERCHANT, asked, clock=shop.clock).state.code_word
    ((_, _, body),) = notices(shop, shop.buyer)
    assert "请补充一张不同角度的照片；请把口令写在纸上，与商品一起拍一张" in body
    assert word in body
    with writing(shop.store, shop.program) as session:
        service.supplement(session, case_id, Side.BUYER, complete=True, clock=shop.clock)
    assert len(notices(shop, shop.merchant)) == 2  # its time runs on
    with reading_every_tenant(shop.store) as session:
        verify(session)


def test_what_the_sweeper_does_is_told_once_with_the_file_that_is_served(telling):
    shop = telling
    filed(shop)
    shop.clock.move(hours=48)
    for _ in range(2):
        sweep(shop)
    ((template, subject, _),) = notices(shop, shop.buyer)
    assert template == "case_turn"
    assert "平台介入" in subject
    assert len(notices(shop, shop.merchant)) == 2
    with reading_every_tenant(shop.store) as session:
        verify(session)


def test_a_decision_says_what_comes_next(telling):
    shop = telling
    case_id = filed(shop)
    with writing(shop.store, shop.program) as session:
        service.accept(session, case_id, Side.MERCHANT, clock=shop.clock)
    ((template, subject, body),) = notices(shop, shop.buyer)
    assert (template, subject) == ("case_decided", "售后申请 A1 的处理结果：退款 100 元")
    assert "您无需操作。" in body


@pytest.mark.parametrize("paid", [False, True])
def test_both_sides_are_told_that_a_partial_decision_stands_after_an_appeal(
    telling, desk, reviewer, second_reviewer, paid
):
    id_ = desk.heard()
    part = {"kind": "refund", "amount": {"minor": 5000, "currency": "CNY"}}
    for client, ruling in ((reviewer, part), (second_reviewer, None)):
        if ruling is None:
            if paid:  # which closes the case
                with writing(telling.store, telling.program) as session:
                    ordered(session, id_, "remedy_1", telling.clock)
                    carried_out(session, id_, "remedy_1", telling.clock)
            desk.appealed(id_)
        desk.post(client, f"{id_}/review/claim", {})
        desk.post(client, f"{id_}/decide", {"outcome": ruling, "reasons": ["damage_shown"]})
    for party in (telling.buyer, telling.merchant):
        told = [subject for template, subject, _ in notices(telling, party) if template == "case_news"]
        assert ["申诉已处理，维持原决定" in one for one in told] == [False] * (len(told) - 1) + [True]


def test_programs_learn_what_their_party_may_read(telling):
    shop = telling
    with writing(shop.store, shop.program) as session:
        add_target(session, "https://shop.example.com/hook", party=shop.merchant, clock=shop.clock)
    case_id = filed(shop)
    with writing(shop.store, shop.program) as session:
        case = open_case(session, case_id, shop.clock)
        post(case, Side.BUYER, "只给平台看", audience=Audience.BUYER)
        post(case, Side.BUYER, "您好")
    sent = webhooks(shop)
    assert sorted(one["type"] for one in sent) == ["case.filed", "case.message_posted"]
    facts = next(one["data"] for one in sent if one["type"] == "case.filed")
    assert (facts["case"], facts["status"], facts["waiting_for"]) == (
        case_id,
        "awaiting_merchant",
        "merchant",
    )
    assert facts["event"]["amount_minor"] == 10_000
    assert "杯" not in str(sent)
    assert "您好" not in str(sent)


def test_what_is_not_kept_is_not_told(telling):
    shop = telling
    case_id = filed(shop)

    def accept_and_stop():
        with writing(shop.store, shop.program) as session:
            service.accept(session, case_id, Side.MERCHANT, clock=shop.clock)
            raise KeyError

    with pytest.raises(KeyError):
        accept_and_stop()
    assert notices(shop, shop.buyer) == []


def statements_of_sweep(shop):
    """Sweep; return how many statements that took."""
    given = []

    def note(*call):
        given.append(call[2])

    event.listen(shop.store.engine, "before_cursor_execute", note)
    sweep(shop)
    event.remove(shop.store.engine, "before_cursor_execute", note)
    return len(given)


def test_many_cases_are_swept_and_told_of_with_as_many_statements_as_few(telling):
    shop, counts = telling, []
    with writing(shop.store, shop.program) as session:
        add_target(session, "https://hooks.example.com/cases", ["case.escalated"], clock=shop.clock)
    for numbers in (range(3), range(3, 15)):
        found = [filed(shop, f"M{number}") for number in numbers]
        for _ in ("remind", "end"):
            shop.clock.move(hours=24)
            counts.append(statements_of_sweep(shop))
        for case_id in found:  # nothing more is due in it
            with writing(shop.store, shop.program) as session:
                service.withdraw(session, case_id, clock=shop.clock)
    reminding, ending, reminding_many, ending_many = counts
    assert (reminding_many, ending_many) == (reminding, ending)
    assert len(webhooks(shop)) == 15
    assert len([one for one in notices(shop, shop.buyer) if "平台介入" in one[1]]) == 15
    with reading_every_tenant(shop.store) as session:
        verify(session)
