"""Both sides have their appeal, whichever comes first."""

import pytest
from tests.property.cases.machine import REFUSE, Played, claim
from tests.unit.cases.test_fair_rules import done, heard, refund

from bixie.cases.actions import next_actions
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.words import Action, DutyKind, OutcomeKind, Service, Side, Status


def partly_granted():
    """Return a case in which either side has lost in part."""
    case = Played(claim())
    done(case, case.reject, Side.MERCHANT)
    done(case, case.escalate, Side.BUYER)
    heard(case)
    done(case, case.decide, refund(5_000), "person_1")
    return case


def can_appeal(case, side):
    return Action.APPEAL in next_actions(case.state, side, case.context)


def test_the_first_appeal_takes_nothing_from_the_other_side_and_both_are_decided_together():
    case = partly_granted()
    until = case.state.decision.appeal_until
    done(case, case.appeal, Side.BUYER)
    assert case.state.duty(DutyKind.HEARING, Side.MERCHANT).due_at == until
    case.now = until
    assert case.do(case.appeal, Side.BUYER) == "cases.appeal_too_late"
    done(case, case.appeal, Side.MERCHANT)
    assert case.state.duty(DutyKind.HEARING, Side.MERCHANT) is None
    assert case.state.duty(DutyKind.HEARING, Side.BUYER).due_at > until  # heard about the other's appeal
    heard(case)
    done(case, case.decide, refund(7_000), "person_2")
    assert [(one.by, one.overturned) for one in case.state.appeals] == [("buyer", True), ("merchant", True)]
    assert not can_appeal(case, Side.BUYER)


def test_an_appeal_is_not_decided_while_the_other_side_may_still_appeal_and_has_not_said_it_is_done():
    case = partly_granted()
    done(case, case.appeal, Side.BUYER)
    case.move(days=4)  # the usual hearing is over
    assert case.do(case.decide, REFUSE, "person_2") == "cases.still_heard"
    heard(case)
    assert can_appeal(case, Side.MERCHANT)
    done(case, case.decide, None, "person_2")
    assert case.state.status is Status.DECIDED
    assert can_appeal(case, Side.MERCHANT)  # in its time, also against what has stood once
    done(case, case.appeal, Side.MERCHANT)
    heard(case)
    done(case, case.decide, None, "person_3")
    assert [one.overturned for one in case.state.appeals] == [False, False]


def test_a_side_that_won_has_no_appeal_and_the_usual_time_to_answer():
    case = Played(claim())
    done(case, case.reject, Side.MERCHANT)
    done(case, case.escalate, Side.BUYER)
    heard(case)
    done(case, case.decide, REFUSE, "person_1")
    done(case, case.appeal, Side.BUYER)
    assert case.state.duty(DutyKind.HEARING, Side.MERCHANT).due_at < case.state.decision.appeal_until
    assert case.do(case.appeal, Side.MERCHANT) == "cases.appeal_of_winner"


@pytest.mark.parametrize(("counts", "buyer_lost"), [((1,), True), ((2,), False), ((1, 1), False)])
def test_a_buyer_who_gets_fewer_pieces_than_it_asked_for_may_appeal(counts, buyer_lost):
    case = Played(claim(Service.REPLENISH))
    done(case, case.reject, Side.MERCHANT)
    done(case, case.escalate, Side.BUYER)
    heard(case)
    items = tuple(Item(position=0, count=one) for one in counts)
    done(case, case.decide, Outcome(kind=OutcomeKind.REPLENISH, items=items), "person_1")
    assert (can_appeal(case, Side.BUYER), can_appeal(case, Side.MERCHANT)) == (buyer_lost, True)
