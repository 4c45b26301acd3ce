"""What an examination is told."""

from datetime import UTC, datetime, timedelta

import pytest

from bixie.examinations.rules import claim_time, order_document, provenance
from bixie.examiners.order import check_order
from bixie.ledger.rules import GENESIS, Event
from bixie.orders.models import Item, Order, Parcel

AT = datetime(2026, 11, 25, 8, 30, 0, 123000, UTC)
CLAIMED = {"id": "7", "claimed_at": "2026-11-25T08:30:00.123Z"}


def order(*delivered, ordered_at=AT - timedelta(days=9)):
    made = Order(id="order_1", tenant="t", number="7", ordered_at=ordered_at, imported_at=AT)
    made.items = [Item(tenant="t", position=0, sku="A1", name="杯子", category=None, quantity=2, price=1990)]
    made.deliveries = [Parcel(tenant="t", position=n, delivered_at=at) for n, at in enumerate(delivered)]
    return made


def event(sequence, time="2026-11-25T08:30:00.123Z"):
    return Event("t", sequence, GENESIS, "exhibit.received", "exhibit_1", "person_1", time)


def test_without_the_order_there_is_its_number_and_the_time_of_the_claim():
    assert order_document("7", None, AT) == CLAIMED


def test_an_order_is_told_as_its_document_and_nothing_more():
    document = order_document("7", order(AT - timedelta(days=2)), AT)
    assert document == CLAIMED | {
        "ordered_at": "2026-11-16T08:30:00.123Z",
        "delivered_at": "2026-11-23T08:30:00.123Z",
        "items": [{"sku": "A1", "name": "杯子"}],
    }
    assert check_order(document).warnings == ()


@pytest.mark.parametrize(
    ("delivered", "told"),
    [
        ((), None),
        ((None,), None),
        ((AT, None), None),
        ((AT, AT - timedelta(days=2)), "2026-11-23T08:30:00.123Z"),
    ],
)
def test_of_several_parcels_the_first_counts_and_none_while_one_is_unknown(delivered, told):
    assert order_document("7", order(*delivered, ordered_at=None), AT).get("delivered_at") == told


def test_the_chain_says_what_came_first_not_the_clock():
    assert provenance(event(3), event(4), "listing").before_claim is True
    later = provenance(event(5), event(4), "packing")
    assert later.before_claim is False
    assert (later.by, later.role, later.event) == ("person_1", "packing", 5)
    assert later.clock_agrees is True


@pytest.mark.parametrize("year", [2020, 2027])
def test_no_clock_moves_a_picture_before_a_claim_or_after_it(year):
    at = f"{year}-11-25T08:30:00.123Z"
    earlier, later = provenance(event(3, at), event(4), ""), provenance(event(5, at), event(4), "")
    assert (earlier.before_claim, later.before_claim) == (True, False)
    assert (earlier.clock_agrees, later.clock_agrees) == (year == 2020, year == 2027)


def test_a_claim_was_not_received_before_what_the_ledger_has_before_it():
    assert claim_time(event(4), []) == AT
    assert claim_time(event(4), ["2026-11-25T08:29:59.123Z"]) == AT
    back = event(4, "2020-01-01T00:00:00.000Z")
    assert claim_time(back, ["2026-11-24T08:30:00.123Z", "2026-11-25T08:30:00.123Z"]) == AT
