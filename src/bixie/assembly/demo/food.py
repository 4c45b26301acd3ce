"""Orders and cases of the demo's first shop: fruit and vegetables."""

from bixie.assembly.demo.story import (
    Accept,
    Appeal,
    Ask,
    CarryOut,
    CaseStory,
    Decide,
    Escalate,
    File,
    Goods,
    Offer,
    OrderStory,
    Photo,
    ReadFile,
    Reject,
    Say,
    Supplement,
    Timed,
    ago,
)

__all__ = ["CASES", "ORDERS"]

_FOOD = "food"


def _order(number: int, goods: Goods, days: float, packing: str | None = None) -> OrderStory:
    """Return an order that was delivered so many days before the demo was made."""
    return OrderStory(f"DEMO-{number}", "food", goods, ago(days + 4), ago(days), packing)


_ORANGES = Goods("oranges", _FOOD, 3990, "listing-oranges.jpg")
_MELON = Goods("melon", _FOOD, 4580, "listing-melon.jpg")
_MUSHROOMS = Goods("mushrooms", _FOOD, 1680, "listing-mushrooms.jpg")
_AVOCADOS = Goods("avocados", _FOOD, 4200, "listing-avocados.jpg")
_GRAPEFRUIT = Goods("grapefruit", _FOOD, 3280, "listing-grapefruit.jpg")
_APPLES = Goods("apples", _FOOD, 5980, "listing-apples.jpg")
_PEARS = Goods("pears", _FOOD, 3600, "listing-pears.jpg")
_PASSION_FRUIT = Goods("passion_fruit", _FOOD, 2990, "listing-passion-fruit.jpg")

_HONEST = "inconclusive"
"""The usual verdict on an honest photo: nothing either way."""

CASES = (
    CaseStory(
        "mushrooms",
        _order(1003, _MUSHROOMS, 9.5),
        "c",
        (
            Timed(ago(9), File("refund_only", "spoiled", "claim", (Photo("claim-mushroom.jpg"),))),
            Timed(
                ago(8, 4), Reject("no_defect_found", "shop_rejects", Photo("listing-mushrooms.jpg", "whole"))
            ),
            Timed(ago(8), Escalate("buyer_escalates")),
            Timed(ago(7, 20), Supplement("buyer")),
            Timed(ago(7, 6), Supplement("merchant", "shop_states")),
            Timed(ago(7), ReadFile("buyer")),
            Timed(ago(6, 22), ReadFile("merchant")),
            Timed(ago(6), Decide("reviewer_1", 100, "merchant_evidence_missing", "ruling")),
            Timed(ago(5, 18), CarryOut()),
        ),
        "closed",
        {"claim-mushroom.jpg": _HONEST},
    ),
    CaseStory(
        "pears",
        _order(1007, _PEARS, 9),
        "d",
        (
            Timed(
                ago(8, 12),
                File("refund_only", "damaged", "claim", (Photo("claim-pears.jpg"),), label="crushed"),
            ),
            Timed(ago(8), Reject("no_defect_found", "shop_rejects", Photo("listing-pears.jpg", "whole"))),
            Timed(ago(7, 18), Escalate("buyer_escalates")),
            Timed(ago(7, 16), Supplement("buyer")),
            Timed(ago(7, 2), Supplement("merchant", "shop_states")),
            Timed(ago(6, 20), ReadFile("buyer")),
            Timed(ago(6, 18), ReadFile("merchant")),
            Timed(ago(5, 12), Decide("reviewer_1", 0, "evidence_insufficient", "ruling")),
            Timed(ago(5), Appeal("new_evidence", "appeal", (Photo("claim-pears-more.jpg", "angle"),))),
            Timed(ago(4, 6), Say("merchant", "shop_answers")),
            Timed(ago(4, 4), ReadFile("buyer")),
            Timed(ago(4, 2), ReadFile("merchant")),
            Timed(ago(1, 22), Decide("reviewer_2", 100, "damage_shown", "ruling_again")),
            Timed(ago(1, 13), CarryOut()),
        ),
        "closed",
        {"claim-pears.jpg": _HONEST, "claim-pears-more.jpg": _HONEST},
    ),
    CaseStory(
        "oranges",
        _order(1001, _ORANGES, 7.5),
        "a",
        (
            Timed(
                ago(7),
                File("refund_only", "spoiled", "claim", (Photo("claim-oranges-mould.jpg"),), label="mouldy"),
            ),
            Timed(ago(6, 20), Ask(("another_angle", "original_file", "code_on_paper"), "shop_asks")),
            Timed(ago(6), Supplement("buyer", "buyer_cannot")),
            Timed(
                ago(5, 10), Reject("no_defect_found", "shop_rejects", Photo("listing-oranges.jpg", "whole"))
            ),
            Timed(ago(5), Escalate("buyer_escalates")),
            Timed(ago(4, 20), Supplement("buyer")),
            Timed(ago(4), Supplement("merchant", "shop_states")),
            Timed(ago(3, 20), ReadFile("buyer")),
            Timed(ago(3, 18), ReadFile("merchant")),
            Timed(ago(1, 6), Decide("reviewer_1", 0, "picture_of_other_origin", "ruling")),
        ),
        "decided",
        {"claim-oranges-mould.jpg": "refuted"},
    ),
    CaseStory(
        "grapefruit",
        _order(1005, _GRAPEFRUIT, 6.5),
        "e",
        (
            Timed(ago(6, 2), File("refund_only", "spoiled", "claim", (Photo("claim-grapefruit.jpg"),))),
            Timed(ago(5, 20), Offer("merchant", 10, "shop_offers")),
            Timed(ago(5, 6), Offer("buyer", 50, "buyer_counters")),
            Timed(ago(4, 22), Accept("merchant", "shop_accepts")),
            Timed(ago(4, 14), CarryOut()),
        ),
        "closed",
        {"claim-grapefruit.jpg": _HONEST},
    ),
    CaseStory(
        "avocados",
        _order(1004, _AVOCADOS, 5.5),
        "d",
        (
            Timed(ago(5, 1), File("refund_only", "damaged", "claim", (Photo("claim-avocado.jpg"),))),
            Timed(ago(4, 19), Offer("merchant", 30, "shop_offers")),
            Timed(ago(4, 12), Accept("buyer", "buyer_accepts")),
            Timed(ago(4, 3), CarryOut()),
        ),
        "closed",
        {"claim-avocado.jpg": _HONEST},
    ),
    CaseStory(
        "enhanced",
        _order(1009, _APPLES, 4),
        "f",
        (
            Timed(ago(3, 12), File("refund_only", "damaged", "claim", (Photo("claim-apple-enhanced.jpg"),))),
            Timed(ago(3, 6), Ask(("original_file",), "shop_asks")),
            Timed(ago(2, 20), Supplement("buyer", "buyer_adds", (Photo("claim-apple-original.jpg"),))),
            Timed(ago(2, 10), Accept("merchant", "shop_accepts")),
            Timed(ago(2, 5), CarryOut()),
        ),
        "closed",
        {"claim-apple-enhanced.jpg": "suspect", "claim-apple-original.jpg": _HONEST},
    ),
    CaseStory(
        "short",
        _order(1011, _ORANGES, 3.8),
        "b",
        (
            Timed(
                ago(3, 10),
                File("replenish", "missing_items", "claim", (Photo("claim-oranges.jpg", "whole"),)),
            ),
            Timed(ago(2), Say("buyer", "buyer_asks")),
        ),
        "in_review",
        {"claim-oranges.jpg": _HONEST},
    ),
    CaseStory(
        "apples",
        _order(1006, _APPLES, 2.5),
        "a",
        (
            Timed(
                ago(2, 7),
                File("replenish", "wrong_item_sent", "claim", (Photo("claim-green-apple.jpg", "whole"),)),
            ),
            Timed(ago(1, 14), Accept("merchant", "shop_accepts")),
        ),
        "remedying",
        {"claim-green-apple.jpg": _HONEST},
    ),
    CaseStory(
        "melon",
        _order(1002, _MELON, 1.5, "packing-melon.jpg"),
        "b",
        (
            Timed(ago(1), File("refund_only", "spoiled", "claim", (Photo("claim-melon-bruise.jpg"),))),
            Timed(ago(0, 18), Ask(("code_on_paper", "another_angle"), "shop_asks")),
        ),
        "awaiting_buyer",
        {"claim-melon-bruise.jpg": "refuted"},
    ),
    CaseStory(
        "again",
        _order(1010, _GRAPEFRUIT, 1.4),
        "f",
        (
            Timed(ago(0, 22), File("refund_only", "spoiled", "claim", (Photo("claim-grapefruit.jpg"),))),
            Timed(ago(0, 9), Ask(("another_angle",), "shop_asks")),
        ),
        "awaiting_buyer",
        {"claim-grapefruit.jpg": _HONEST},
    ),
    CaseStory(
        "passion",
        _order(1008, _PASSION_FRUIT, 0.5),
        "c",
        (
            Timed(
                ago(0, 5),
                File(
                    "refund_only",
                    "missing_items",
                    "claim",
                    (Photo("claim-passion-fruit.jpg", "whole"),),
                    percent=10,
                ),
            ),
        ),
        "awaiting_merchant",
        {"claim-passion-fruit.jpg": _HONEST},
    ),
)
"""Of sample shop one."""

ORDERS = (_order(1012, _ORANGES, 1.2),)
"""Delivered, and nothing is claimed yet: a visitor files the claim."""
