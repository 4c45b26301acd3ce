"""Orders and cases of the demo's second shop: clothes and shoes."""

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
    Inspect,
    OrderStory,
    Photo,
    ReadFile,
    Reject,
    SendBack,
    Supplement,
    Timed,
    Withdraw,
    ago,
)

__all__ = ["CASES"]


def _order(number: int, goods: Goods, days: float, packing: str | None = None) -> OrderStory:
    """Return an order that was delivered so many days before the demo was made."""
    return OrderStory(f"DEMO-{number}", "clothes", goods, ago(days + 4), ago(days), packing)


_TSHIRT = Goods("tshirt", "clothes", 7900, "listing-tshirt.jpg")
_CARDIGAN = Goods("cardigan", "clothes", 16900, "listing-cardigan.jpg")
_JUMPER = Goods("jumper", "clothes", 12900, "listing-jumper.jpg")
_SNEAKERS = Goods("sneakers", "shoes", 15900, "listing-sneakers.jpg")
_BOOTS = Goods("boots", "shoes", 29900)
"""Without a listing photo: what the buyer sends is compared with nothing."""

CASES = (
    CaseStory(
        "sneakers",
        _order(2005, _SNEAKERS, 13),
        "b",
        (
            Timed(ago(12), File("return_refund", "seven_day_return", "claim")),
            Timed(ago(11, 20), Accept("merchant", "shop_accepts")),
            Timed(ago(10), SendBack()),
            Timed(ago(9), Inspect()),
            Timed(ago(8, 20), CarryOut()),
        ),
        "closed",
    ),
    CaseStory(
        "cardigan",
        _order(2002, _CARDIGAN, 7.4, "packing-cardigan.jpg"),
        "d",
        (
            Timed(
                ago(6, 22),
                File(
                    "refund_only",
                    "damaged",
                    "claim",
                    (Photo("claim-cardigan-hole.jpg"),),
                    percent=50,
                    label="torn",
                ),
            ),
            Timed(ago(6, 14), Ask(("original_file", "another_angle"), "shop_asks")),
            Timed(ago(5, 22), Supplement("buyer", "buyer_cannot")),
            Timed(
                ago(5, 14), Reject("no_defect_found", "shop_rejects", Photo("packing-cardigan.jpg", "whole"))
            ),
            Timed(ago(5, 8), Escalate("buyer_escalates")),
            Timed(ago(5, 6), Supplement("buyer")),
            Timed(ago(4, 12), Supplement("merchant", "shop_states")),
            Timed(ago(4, 10), ReadFile("buyer")),
            Timed(ago(4, 8), ReadFile("merchant")),
            Timed(ago(2), Decide("reviewer_2", 0, "picture_of_other_origin", "ruling")),
            Timed(ago(0, 20), Appeal("new_evidence", "appeal")),
        ),
        "appealed",
        {"claim-cardigan-hole.jpg": "refuted"},
    ),
    CaseStory(
        "jumper",
        _order(2003, _JUMPER, 6.5),
        "a",
        (
            Timed(
                ago(6),
                File(
                    "return_refund", "damaged", "claim", (Photo("claim-jumper-stain.jpg"),), label="stained"
                ),
            ),
            Timed(ago(5, 16), Ask(("original_file", "another_angle"), "shop_asks")),
            Timed(ago(4, 8), Withdraw("buyer_withdraws")),
        ),
        "closed",
        {"claim-jumper-stain.jpg": "refuted"},
    ),
    CaseStory(
        "tshirt",
        _order(2001, _TSHIRT, 3),
        "c",
        (
            Timed(
                ago(2, 8),
                File(
                    "return_refund", "damaged", "claim", (Photo("claim-tshirt-stain.jpg"),), label="stained"
                ),
            ),
            Timed(
                ago(1, 16), Reject("no_defect_found", "shop_rejects", Photo("listing-tshirt.jpg", "whole"))
            ),
            Timed(ago(1, 2), Escalate("buyer_escalates")),
            Timed(ago(0, 16), Supplement("merchant", "shop_states")),
        ),
        "in_review",
        {"claim-tshirt-stain.jpg": "refuted"},
    ),
    CaseStory(
        "trainers",
        _order(2004, _SNEAKERS, 3.7, "packing-sneakers.jpg"),
        "e",
        (
            Timed(
                ago(3, 9),
                File("exchange", "wrong_item_sent", "claim", (Photo("claim-trainers.jpg", "whole"),)),
            ),
            Timed(ago(2, 12), Accept("merchant", "shop_accepts")),
        ),
        "returning",
        {"claim-trainers.jpg": "inconclusive"},
    ),
    CaseStory(
        "boots",
        _order(2006, _BOOTS, 4),
        "f",
        (
            Timed(ago(2, 6), File("repair", "seam_open", "claim", (Photo("claim-boots.jpg", "whole"),))),
            Timed(ago(1, 4), Accept("merchant", "shop_accepts")),
        ),
        "remedying",
        {"claim-boots.jpg": "inconclusive"},
    ),
)
"""Of sample shop two."""
