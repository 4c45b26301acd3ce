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


class Desk:
    """Files claims and brings them before the platform."""

    def __init__(self, shop, platform, merchant):
        self.shop, self.platform, self.merchant, self.orders = shop, platform, merchant, 0
        with writing(shop.store, shop.program) as session:
            large = order("B1", items=[{"sku": "tv", "name": "电视", "category": "家电", "price": "8000"}])
            import_orders(session, [large], shop.clock, party=shop.merchant)

    def heard(self, *, served=True, **claim):
        """Return the id of a case in which both sides have said everything."""
        id_ = self.escalated(**claim)
        for client, side in ((self.platform, "?side=buyer"), (self.merchant, "")):
            self.post(client, f"{id_}/supplement{side}", {"complete": True})
        if served:
            self.served(id_)
        return id_

    def escalated(self, **claim):
        self.orders += 1
        number = f"C{self.orders}"
        with writing(self.shop.store, self.shop.program) as session:
            import_orders(session, [order(number)], self.shop.clock, party=self.shop.merchant)
        id_ = self.post(self.platform, "", self.shop.claim(**{"order": number} | claim))["id"]
        self.post(self.merchant, f"{id_}/reject", {"reason": "no_defect_found", "text": "照片里没有裂纹"})
        self.post(self.platform, f"{id_}/escalate?side=buyer", {})
        return id_

    def served(self, id_):
        for client, side in ((self.platform, "?side=buyer"), (self.merchant, "")):
            self.post(client, f"{id_}/file{side}", {})

    def appealed(self, id_):
        self.post(self.platform, f"{id_}/appeal?side=buyer", {"reason": "facts_wrong"})
        self.post(self.merchant, f"{id_}/supplement", {"complete": True})
        self.served(id_)

    def post(self, client, path, body):
        answer = client.post(f"/api/v1/cases/{path}".rstrip("/"), json=body)
        assert answer.status in (200, 201), answer.body
        return answer.json()
