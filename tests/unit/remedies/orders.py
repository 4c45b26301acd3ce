"""Orders to the outside, made up for tests."""

from bixie.kit.ids import new_id
from bixie.kit.money import Money
from bixie.remedies.gateway import Kind, OrderedFor, OrderedItem, RemedyOrder, idempotency_key

TENANT, DECISION = "tenant_1", "decision_1"


def made_order(**other):
    """Return an order for a refund; `other` fields replace its own."""
    kind = other.get("kind", Kind.REFUND)
    fields = {
        "id": new_id("remedy"),
        "idempotency_key": idempotency_key(TENANT, DECISION, kind),
        "tenant": TENANT,
        "party": "party_1",
        "case": "case_1",
        "decision": DECISION,
        "kind": kind,
        "order": OrderedFor(id="order_1", number="6912345678901234567"),
        "amount": Money(minor=1999, currency="CNY"),
        "items": (OrderedItem(position=0, count=1, sku="CUP-1"),),
        "reverses": None,
        "ordered_at": "2026-11-30T08:30:00.123Z",
    }
    return RemedyOrder(**fields | other)
