"""What counts as overturned: another outcome on appeal, and nothing else."""

from itertools import pairwise

import pytest

from bixie.cases.error_board.service import fates_of
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.events import Appealed, Decided
from bixie.cases.words import Basis, OutcomeKind, Side

REFUSE = Outcome(kind=OutcomeKind.REFUSE)


def refund(minor):
    items = (Item(position=0, count=1),)
    return Outcome(kind=OutcomeKind.REFUND, amount_minor=minor, currency="CNY", items=items)


def decided(id_, outcome, basis=Basis.RULING, replaces=None):
    return Decided(
        by=Side.PLATFORM,
        decision=id_,
        basis=basis,
        outcome=outcome,
        record_sha256="0" * 64,
        replaces=replaces,
    )


def appealed(id_, by):
    return Appealed(by=by, decision=id_, reason="facts_wrong")


def fate(first, second, *by):
    appeals = [appealed("a", one) for one in by]
    fates = fates_of([decided("a", first), *appeals, decided("b", second, replaces="a")])
    assert [fates[key].is_final for key in "ab"] == [False, True]
    assert fates["a"].is_appealed
    return fates["a"]


@pytest.mark.parametrize("by", [(Side.BUYER,), (Side.MERCHANT,), (Side.BUYER, Side.MERCHANT)])
def test_a_decision_is_overturned_for_the_side_that_gets_more_whoever_appealed(by):
    returned = Outcome(kind=OutcomeKind.RETURN_REFUND, amount_minor=5000, currency="CNY")
    rising = [REFUSE, returned, refund(5000), refund(9000)]
    for less, more in pairwise(rising):
        assert fate(less, more, *by).overturned_for is Side.BUYER
        assert fate(more, less, *by[::-1]).overturned_for is Side.MERCHANT


def test_outcomes_that_do_not_compare_count_for_the_one_side_that_appealed():
    exchange = Outcome(kind=OutcomeKind.EXCHANGE, items=(Item(position=0, count=1),))
    returned = Outcome(kind=OutcomeKind.RETURN_REFUND, amount_minor=9000, currency="CNY")
    for other in (exchange, returned):
        for side in (Side.BUYER, Side.MERCHANT):
            assert fate(refund(5000), other, side).overturned_for is side
        both = fate(refund(5000), other, Side.BUYER, Side.MERCHANT)
        assert (both.is_overturned, both.overturned_for) == (True, None)


def test_the_same_outcome_for_other_reasons_does_not():
    assert not fate(REFUSE, REFUSE, Side.BUYER).is_overturned
    assert not fate(refund(5000), refund(5000), Side.MERCHANT).is_overturned


def test_an_appeal_that_is_open_or_was_refused_does_not():
    one = fates_of([decided("a", REFUSE), appealed("a", Side.BUYER)])["a"]
    assert (one.is_refusal, one.is_appealed, one.is_overturned) == (True, True, False)


def test_a_decision_after_a_failed_inspection_does_not():
    fates = fates_of([decided("a", refund(5000)), decided("b", REFUSE)])
    assert [(one.is_final, one.is_overturned) for one in fates.values()] == [(False, False)] * 2


def test_an_agreement_is_final():
    assert fates_of([decided("a", refund(5000), Basis.AGREEMENT)])["a"].is_final
