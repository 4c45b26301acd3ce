"""What an outcome may come to."""

import pytest
from tests.property.cases.machine import Played, claim

from bixie.cases.checks import check_amount
from bixie.cases.errors import RefusedCaseError
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.words import OutcomeKind, Service


def test_a_line_that_is_named_twice_counts_twice():
    state = Played(claim(Service.EXCHANGE)).state
    one = Item(position=0, count=1)
    check_amount(state, Outcome(kind=OutcomeKind.EXCHANGE, items=(one, one)))
    with pytest.raises(RefusedCaseError) as refused:
        check_amount(state, Outcome(kind=OutcomeKind.EXCHANGE, items=(one, one, one)))
    assert refused.value.code == "cases.items_beyond_claim"


@pytest.mark.parametrize("kind", [OutcomeKind.EXCHANGE, OutcomeKind.REPLENISH])
def test_what_is_sent_is_named(kind):
    state = Played(claim(Service.EXCHANGE)).state
    with pytest.raises(RefusedCaseError) as refused:
        check_amount(state, Outcome(kind=kind))
    assert refused.value.code == "cases.items_missing"
