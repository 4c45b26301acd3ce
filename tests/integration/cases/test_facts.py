"""The facts that a pack is asked about, on both databases."""

import pytest
from tests.integration.cases.walking import order

from bixie.access.tenancy import writing
from bixie.cases.decisions import Wanted, facts_of
from bixie.cases.event_parts import Outcome
from bixie.cases.opening import found, open_case
from bixie.cases.service import withdraw
from bixie.cases.words import Basis, OutcomeKind
from bixie.orders.service import import_orders


def test_claims_are_counted_by_the_item_not_by_the_order(shop, platform):
    with writing(shop.store, shop.program) as session:
        import_orders(session, [order("A2")], shop.clock, party=shop.merchant)
    cup = [{"position": 0, "count": 1}]
    tea = {"items": [{"position": 1, "count": 1}], "amount": {"minor": 100, "currency": "CNY"}}
    made = [
        platform.post("/api/v1/cases", json=shop.claim(**changes)).json()["id"]
        for changes in ({"items": cup}, tea, {"items": cup}, {"order": "A2"})
    ]
    refund = Wanted(Basis.POLICY, Outcome(kind=OutcomeKind.REFUND, amount_minor=1, currency="CNY"))
    with writing(shop.store, shop.program) as session:
        counted = [facts_of(open_case(session, one, shop.clock), refund).claims_on_item for one in made]
    assert counted == [2, 1, 2, 1]


def test_a_case_is_opened_as_it_is_once_nobody_else_can_change_it(shop, platform):
    if shop.store.engine.dialect.name == "sqlite":
        pytest.skip("whoever writes has locked out all others before it reads")
    case = platform.post("/api/v1/cases", json=shop.claim()).json()["id"]
    with writing(shop.store, shop.program) as session:
        seen = found(session, case)
        assert seen.status == "awaiting_merchant"
        with writing(shop.store, shop.program) as other:
            withdraw(other, case, clock=shop.clock)
        assert open_case(session, case, shop.clock).row.status == "closed"
