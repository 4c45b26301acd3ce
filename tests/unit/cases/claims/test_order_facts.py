"""What an order on record says to the checks of a claim; what is not known stays unknown."""

from datetime import UTC, datetime, timedelta

from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.order_facts import order_facts
from bixie.orders.models import Item, Order, Parcel

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def facts(prices, delivered=()):
    order = Order(id="order_1", number="1", party="", ordered_at=NOON, imported_at=NOON)
    order.items = [
        Item(position=place, category="茶具", quantity=2, price=price) for place, price in enumerate(prices)
    ]
    order.deliveries = [Parcel(position=place, delivered_at=at) for place, at in enumerate(delivered)]
    return order_facts(order, claim_options())


def test_the_total_is_known_where_every_price_is():
    assert facts([1_000, 500]).paid == 3_000
    assert facts([1_000, None]).paid is None
    assert facts([]).paid is None
    item = facts([1_000, None]).items[1]
    assert (item.count, item.price, item.category) == (2, None, "fragile")


def test_goods_are_delivered_with_the_last_parcel():
    assert facts([1], [NOON, NOON + timedelta(days=1)]).delivered_at == NOON + timedelta(days=1)
    assert facts([1], [NOON, None]).delivered_at is None
    assert facts([1]).delivered_at is None
