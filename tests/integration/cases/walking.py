"""A platform with a merchant, a buyer and an order, and their calls: what tests of cases begin with."""

from datetime import UTC, datetime, timedelta

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import add_key, add_party, add_tenant, founder
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


def order(number="A1", **changes):
    """Return an order of two lines."""
    items = [
        {"sku": "cup", "name": "杯", "category": "家居", "quantity": 2, "price": "100.00"},
        {"sku": "tea", "name": "茶", "category": "食品", "quantity": 1, "price": "30"},
    ]
    return OrderIn.model_validate(
        {"number": number, "ordered_at": "2026-10-20T10:00:00+08:00", "items": items, **changes}
    )


class Shop:
    """A platform's tenant with one merchant and one buyer, in a store."""

    def __init__(self, store, clock=None):
        self.store, self.clock = store, clock or Clock()
        with writing(store, founder(self.clock)) as session:
            tenant, _ = add_tenant(session, "平台", TenantKind.PLATFORM, self.clock)
        self.tenant = tenant.tenant
        self.program = Principal(self.tenant, "program_test", Role.PROGRAM)
        with writing(store, self.program) as session:
            self.merchant = add_party(session, PartyKind.MERCHANT, name="商家", clock=self.clock).id
            self.buyer = add_party(session, PartyKind.BUYER, name="买家", clock=self.clock).id
            import_orders(session, [order()], self.clock, party=self.merchant)

    def key(self, role=Role.API_KEY, party=None):
        with writing(self.store, self.program) as session:
            return add_key(session, role, label="test", party=party, clock=self.clock).text

    def claim(self, **changes):
        """Return the body of a claim."""
        body = {
            "order": "A1",
            "buyer": self.buyer,
            "items": [{"position": 0, "count": 1}],
            "received": True,
            "service": "refund_only",
            "reason": "damaged",
            "amount": {"minor": 10000, "currency": "CNY"},
            "text": "杯口有一道裂纹",
        }
        return body | changes
