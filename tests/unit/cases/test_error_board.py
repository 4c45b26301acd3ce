"""What counts as overturned: another outcome on appeal, and nothing else."""

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


def overturned(first, second, by):
    fates = fates_of([decided("a", first), appealed("a", by), decided("b", second, replaces="a")])
    assert [fates[key].is_final for key in "ab"] == [False, True]
    assert fates["a"].appealed_by is by
    return fates["a"].is_overturned


def test_another_outcome_on_appeal_overturns_a_decision():
    assert overturned(REFUSE, refund(5000), Side.BUYER)
    assert overturned(refund(5000), REFUSE, Side.MERCHANT)
    assert overturned(refund(5000), refund(9000), Side.BUYER)


def test_the_same_outcome_for_other_reasons_does_not():
    assert not overturned(REFUSE, REFUSE, Side.BUYER)
    assert not overturned(refund(5000), refund(5000), Side.MERCHANT)


def test_an_appeal_that_is_open_or_was_refused_does_not():
    fate = fates_of([decided("a", REFUSE), appealed("a", Side.BUYER)])["a"]
    assert (fate.is_refusal, fate.appealed_by, fate.is_overturned) == (True, Side.BUYER, False)


def test_a_decision_after_a_failed_inspection_does_not():
    fates = fates_of([decided("a", refund(5000)), decided("b", REFUSE)])
    assert [(one.is_final, one.is_overturned) for one in fates.values()] == [(False, False)] * 2


def test_an_agreement_is_final():
    assert fates_of([decided("a", refund(5000), Basis.AGREEMENT)])["a"].is_final
